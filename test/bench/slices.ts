import { join } from 'node:path';
import { readManifest } from '../../models/evaluation/src/manifest';
import { benchmarkManifest, realFolder } from '../../models/evaluation/src/benchmark';
import { readSlices } from '../../models/evaluation/src/crops';
import type { BenchmarkSlice } from '../../models/evaluation/src/crops';
import { ROOT } from '../support/shared';

/** Central slices of malignant vertebrae of the benchmark's synthetic test split, spread over it: the same on every machine. */
export async function benchSlices(count: number): Promise<BenchmarkSlice[]> {
  const cases = readManifest(benchmarkManifest(join(ROOT, '.cache'), realFolder(undefined))).filter(
    ({ malignant, source }) => malignant && source === 'synthetic'
  );
  const slices: BenchmarkSlice[] = [];
  for (let i = 0; i < Math.min(count, cases.length); i++) {
    slices.push(...(await readSlices(cases[Math.floor((i * cases.length) / count)], 1)));
  }
  return slices;
}
