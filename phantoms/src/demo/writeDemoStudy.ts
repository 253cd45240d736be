import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeDataset } from '@spine/dicom';
import { writeNifti } from '../files/niftiWrite';
import { ctDatasets } from './ctDatasets';
import { lesionSegDataset } from './lesionSegDataset';
import { vertebraeSegDataset } from './segDataset';
import { demoPlan, type DemoTimePoint } from './timePoints';
import { demoTruth, type DemoTruth } from './truth';
import { type DemoVolume, generateDemoVolume } from './volume';

/**
 * Writes the demo study: `<dir>/study/ct/*.dcm` and `<dir>/study/vertebrae-seg.dcm`, the same bytes every time; beside the study
 * `truth.json`, `truth.nii.gz` (1 lytic, 2 blastic, on the CT's grid) and `lesions/vertebral-lesions.dcm` (the truth as a saved result).
 * Creates the folders.
 * @param demo what {@link generateDemoVolume} gave, where the caller has it already
 */
export function writeDemoStudy(dir: string, demo = generateDemoVolume('baseline')): DemoTruth {
  return writeTimePoint(dir, 'baseline', demo);
}

/** Writes the same patient's follow-up study six months later, laid out as {@link writeDemoStudy} does: give it a folder of its own. */
export function writeDemoFollowUp(dir: string): DemoTruth {
  return writeTimePoint(dir, 'follow-up', generateDemoVolume('follow-up'));
}

function writeTimePoint(dir: string, timePoint: DemoTimePoint, demo: DemoVolume): DemoTruth {
  const plan = demoPlan(timePoint);
  const ctFolder = join(dir, 'study', 'ct');
  mkdirSync(ctFolder, { recursive: true });
  const slices = ctDatasets(demo, plan);
  slices.forEach((slice, k) => {
    writeFileSync(join(ctFolder, `${String(k + 1).padStart(4, '0')}.dcm`), new Uint8Array(encodeDataset(slice)));
  });
  const seg = vertebraeSegDataset(demo, plan, slices);
  writeFileSync(join(dir, 'study', 'vertebrae-seg.dcm'), new Uint8Array(encodeDataset(seg)));
  mkdirSync(join(dir, 'lesions'), { recursive: true });
  const lesions = lesionSegDataset(demo, plan, slices);
  writeFileSync(join(dir, 'lesions', 'vertebral-lesions.dcm'), new Uint8Array(encodeDataset(lesions)));
  const truth = demoTruth(demo, plan);
  writeFileSync(join(dir, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
  const { labels, dims, indexToLps: m } = demo.truth;
  const ras = [
    [-m[0], -m[1], -m[2], -m[3]],
    [-m[4], -m[5], -m[6], -m[7]],
    [m[8], m[9], m[10], m[11]],
    [0, 0, 0, 1],
  ];
  writeNifti(join(dir, 'truth.nii.gz'), Uint8Array.from(labels), dims, ras);
  return truth;
}
