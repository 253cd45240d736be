import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { data } from 'dcmjs';

/**
 * Writes an edited copy of the first `count` DICOM files of a folder: how a study of another kind is made from the demo CT.
 * @param edit attributes (by keyword) to set in the file at `index`
 * @returns `target`
 */
export function copyEdited(
  source: string,
  target: string,
  count: number,
  edit: (index: number) => Record<string, unknown>
): string {
  mkdirSync(target, { recursive: true });
  const files = readdirSync(source).filter(file => file.endsWith('.dcm'));
  for (const [index, file] of files.sort().slice(0, count).entries()) {
    const bytes = readFileSync(join(source, file));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const part10 = data.DicomMessage.readFile(buffer);
    const changes = data.DicomMetaDictionary.denaturalizeDataset(edit(index));
    Object.assign(part10.dict, changes);
    if (changes['00080018']) part10.meta['00020003'] = changes['00080018'];
    if (changes['00080016']) part10.meta['00020002'] = changes['00080016'];
    writeFileSync(join(target, file), new Uint8Array(part10.write()));
  }
  return target;
}

/** The demo CT's slices passed off as an MR study of the same patient. */
export function writeMrStudy(demoStudy: string, target: string, count = 3): string {
  return copyEdited(join(demoStudy, 'ct'), target, count, index => ({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    SOPInstanceUID: `2.25.4${index}`,
    SeriesInstanceUID: '2.25.41',
    StudyInstanceUID: '2.25.42',
    FrameOfReferenceUID: '2.25.43',
    Modality: 'MR',
    StudyDescription: 'MR of the spine',
    SeriesDescription: 'T1 sagittal',
  }));
}
