/**
 * Time and memory of saving: a 512 x 512 x 600 CT with 40 lesions, each about 30 mm long, as SEG, RT Structure Set and report.
 * Run: npx tsx test/bench/saveSeg.ts. Prints one line of JSON.
 */
import { ctSeries, decodeFile, encodeDataset, lesionSeg, readLesionSeg, rtStruct } from '@spine/dicom';
import { CONTEXT, lesion } from '../contract/support/geometries';
import { syntheticCt } from '../contract/support/syntheticCt';

const [COLUMNS, ROWS, SLICES, SEGMENTS] = [512, 512, 600, 40];
const RADIUS_MM = 15;
const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);

/** Headers only: the pixels of the CT are no part of saving. */
function headers() {
  return syntheticCt({ columns: 1, rows: 1, slices: SLICES }).map((instance, k) => ({
    ...instance,
    Rows: ROWS,
    Columns: COLUMNS,
    PixelSpacing: [0.8, 0.8],
    ImagePositionPatient: [-200, -200, k - 600],
    PixelData: undefined,
  }));
}

/** Balls of 15 mm along the spine, two to a vertebra. */
function balls(labels: Uint8Array): void {
  const pixels = RADIUS_MM / 0.8;
  for (let segment = 0; segment < SEGMENTS; segment++) {
    const [ci, cj, ck] = [segment % 2 === 0 ? 230 : 290, 300, 20 + 28 * (segment >> 1)];
    for (let k = ck - RADIUS_MM; k <= ck + RADIUS_MM; k++) {
      if (k < 0 || k >= SLICES) continue;
      for (let j = cj - 20; j <= cj + 20; j++) {
        for (let i = ci - 20; i <= ci + 20; i++) {
          const inside = ((i - ci) / pixels) ** 2 + ((j - cj) / pixels) ** 2 + ((k - ck) / RADIUS_MM) ** 2 <= 1;
          if (inside) labels[i + COLUMNS * (j + ROWS * k)] = segment + 1;
        }
      }
    }
  }
}

const series = ctSeries(headers());
const labels = new Uint8Array(COLUMNS * ROWS * SLICES);
balls(labels);
const labelmap = { labels, dims: series.dims, indexToLps: series.indexToLps };
const segments = Array.from({ length: SEGMENTS }, (_, n) => lesion(n + 1));
const before = process.memoryUsage().rss;
let peak = before;
/** Runs an action; its processor seconds. */
const seconds = <T>(action: () => T): [T, number] => {
  // Of the processor, not of the clock: a busy machine must not fail the figures.
  const start = process.cpuUsage();
  const result = action();
  peak = Math.max(peak, process.memoryUsage().rss);
  const { user, system } = process.cpuUsage(start);
  return [result, Number(((user + system) / 1e6).toFixed(2))];
};
const [seg, buildSeconds] = seconds(() => lesionSeg({ ...CONTEXT, series, labelmap, segments }));
const [file, encodeSeconds] = seconds(() => encodeDataset(seg));
const peakMegabytes = megabytes(peak - before);
const [back, readSeconds] = seconds(() => readLesionSeg(decodeFile(file), series));
const [, contourSeconds] = seconds(() => encodeDataset(rtStruct({ ...CONTEXT, series, labelmap, lesions: segments })));
const frames = Number(seg.NumberOfFrames);
const same = back.labelmap.labels.every((label, n) => label === labels[n]);
const saveSeconds = Number((buildSeconds + encodeSeconds).toFixed(2));
process.stdout.write(
  `${JSON.stringify({ frames, fileMegabytes: megabytes(file.byteLength), saveSeconds, peakMegabytes, readSeconds, contourSeconds, same })}\n`
);
