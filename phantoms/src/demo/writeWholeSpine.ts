import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeDataset } from '@spine/dicom';
import { ctDatasets } from './ctDatasets';
import { namedUid } from './identity';
import { demoPlan } from './timePoints';
import { generateWholeSpine, type WholeSpine } from './wholeSpine';

/** Writes the 600 slices of {@link generateWholeSpine} into a folder as a study of another phantom. @returns what is in it */
export function writeWholeSpine(folder: string): WholeSpine['bodies'] {
  mkdirSync(folder, { recursive: true });
  const { volume, bodies } = generateWholeSpine();
  const own = {
    PatientName: 'Phantom^Whole spine',
    PatientID: 'PHANTOM-SPINE-2',
    StudyDescription: 'Whole spine phantom',
    SeriesDescription: 'Whole spine phantom CT 1 mm',
    StudyInstanceUID: namedUid('whole-spine/study'),
    SeriesInstanceUID: namedUid('whole-spine/ct-series'),
    FrameOfReferenceUID: namedUid('whole-spine/frame-of-reference'),
    SliceThickness: '1',
    SpacingBetweenSlices: '1',
  };
  ctDatasets({ volume }, demoPlan('baseline')).forEach((slice, k) => {
    const dataset = { ...slice, ...own, SOPInstanceUID: namedUid(`whole-spine/ct/${k}`) };
    writeFileSync(join(folder, `${String(k + 1).padStart(4, '0')}.dcm`), new Uint8Array(encodeDataset(dataset)));
  });
  return bodies;
}
