/**
 * Time and memory of saving the largest study as SEG, body SEG, RT Structure Set and report, and of reading the SEG back.
 * Run: npx tsx test/bench/saveSeg.ts [folder]. Prints one line of JSON; leaves the files in the folder when one is named, and the
 * labels they must hold as bytes: those of REGION, outside of which there are none.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bodySeg,
  decodeFile,
  encodeDataset,
  lesionSeg,
  measurementReport,
  type NaturalizedInstance,
  readLesionSeg,
  rtStruct,
} from '@spine/dicom';
import { CONTEXT } from '../contract/support/geometries';
import { cropped, largestStudy } from './largestStudy';

const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
const { series, lesionLabels, lesions, bodyLabels, bodies } = largestStudy();
const grid = { dims: series.dims, indexToLps: series.indexToLps };
const labelmap = { ...grid, labels: lesionLabels };
const input = { ...CONTEXT, series, labelmap, lesions, segments: lesions };
const hu = new Int16Array(lesionLabels.length);
for (let n = 0; n < hu.length; n++) hu[n] = 100 * lesionLabels[n] + (n % 97);
const volume = { ...grid, hu };

/** Runs an action; its processor seconds. Not of the clock: a busy machine must not fail the figures. */
function seconds<T>(action: () => T): [T, number] {
  const start = process.cpuUsage();
  const result = action();
  const { user, system } = process.cpuUsage(start);
  return [result, Number(((user + system) / 1e6).toFixed(2))];
}
interface Saved {
  readonly dataset: NaturalizedInstance;
  readonly file: ArrayBuffer;
  readonly seconds: number;
}
function save(make: () => NaturalizedInstance): Saved {
  const [{ dataset, file }, took] = seconds(() => {
    const dataset = make();
    return { dataset, file: encodeDataset(dataset) };
  });
  return { dataset, file, seconds: took };
}

const before = process.memoryUsage().rss;
const seg = save(() => lesionSeg(input));
const contours = save(() => rtStruct(input));
const report = save(() => measurementReport({ ...input, volume, seg: seg.dataset }));
const bodySegmentation = save(() => bodySeg({ ...input, bodies: { ...grid, labels: bodyLabels }, vertebrae: bodies }));
// The peak of the whole process, so no less than what saving all four files took at any moment.
const extraMegabytes = megabytes(process.resourceUsage().maxRSS * 1024 - before);

const [back, readSeconds] = seconds(() => readLesionSeg(decodeFile(seg.file), series));
const same = Buffer.compare(Buffer.from(back.labelmap.labels.buffer), Buffer.from(lesionLabels.buffer)) === 0;
const saved = { seg, contours, report, bodies: bodySegmentation };
const figures = Object.entries(saved).map(
  ([name, { seconds, file }]) => [name, { seconds, megabytes: megabytes(file.byteLength) }] as const
);
const folder = process.argv[2];
if (folder) {
  const write = (name: string, bytes: ArrayBuffer | Uint8Array) =>
    writeFileSync(join(folder, name), new Uint8Array(bytes));
  for (const [name, { file }] of Object.entries(saved)) write(`${name}.dcm`, file);
  write('seg.raw', cropped(lesionLabels));
  write('bodies.raw', cropped(bodyLabels));
}
const frames = Number(seg.dataset.NumberOfFrames);
process.stdout.write(
  `${JSON.stringify({ frames, ...Object.fromEntries(figures), extraMegabytes, readSeconds, same })}\n`
);
