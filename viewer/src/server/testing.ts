/** Small real DICOM files for the server's tests. */
import { data } from 'dcmjs';

export interface TestInstance {
  study?: string;
  series?: string;
  sop: string;
  transferSyntax?: string;
  /** Further attributes by keyword. */
  attributes?: Record<string, unknown>;
}

/** A 2 x 2 CT slice of 16 bits as a PS3.10 file; `attributes` replace or add to what it has. */
export function dicomFile({ study = '1.2', series = '1.2.1', sop, transferSyntax, attributes }: TestInstance): Buffer {
  const { DicomDict, DicomMetaDictionary } = data;
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      MediaStorageSOPInstanceUID: sop,
      TransferSyntaxUID: transferSyntax ?? '1.2.840.10008.1.2.1',
      ImplementationClassUID: '1.2.3.4',
    })
  );
  file.dict = DicomMetaDictionary.denaturalizeDataset({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: sop,
    StudyInstanceUID: study,
    SeriesInstanceUID: series,
    StudyDate: '20260115',
    PatientName: 'Phantom^Spine',
    PatientID: 'P1',
    Modality: 'CT',
    InstanceNumber: '1',
    SamplesPerPixel: 1,
    Rows: 2,
    Columns: 2,
    BitsAllocated: 16,
    PixelData: new Uint8Array([1, 0, 2, 0, 3, 0, 4, 0]).buffer,
    _vrMap: { PixelData: transferSyntax ? 'OB' : 'OW' },
    ...attributes,
  });
  return Buffer.from(file.write());
}
