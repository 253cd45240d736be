/** What a study costs on the processor, by model: evaluations are counted and timed on one searched slice of a phantom. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse } from '@spine/headless/analysis';
import { EXIT } from '@spine/headless/cli';
import { ctStudyWithMasks } from '../src/testing/studies';

const ROOT = join(__dirname, '../..');

/** A CT of chest and abdomen. Assumed, not measured. */
export const TYPICAL = { vertebrae: 17, slicesEach: 20, searchedShare: 0.1 };

export interface ModelRow {
  readonly model: string;
  readonly evaluationsPerSlice: number;
  /** Processor time. */
  readonly secondsPerEvaluation: number;
  /** Of a slice that is only looked at by the encoder. */
  readonly secondsPerScreenedSlice: number;
  /** Processor hours for 1,000 typical studies. */
  readonly coreHoursPer1000: number;
}

export async function benchModels(models: readonly string[]): Promise<ModelRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cohort-bench-models-'));
  try {
    ctStudyWithMasks(folder, 1);
    const rows: ModelRow[] = [];
    for (const model of models) {
      // Nothing is below 0, nothing above 1: all slices are searched, or none.
      const [searched, screened] = [await run(folder, model, '0'), await run(folder, model, '1.1')];
      const perSlice = (searched.seconds - screened.seconds) / searched.evaluations;
      const slices = TYPICAL.vertebrae * TYPICAL.slicesEach;
      const secondsPerScreenedSlice = screened.seconds / screened.slices;
      const study = slices * secondsPerScreenedSlice + slices * TYPICAL.searchedShare * searched.evaluations * perSlice;
      rows.push({
        model,
        evaluationsPerSlice: searched.evaluations,
        secondsPerEvaluation: perSlice,
        secondsPerScreenedSlice,
        coreHoursPer1000: (1000 * study) / 3600,
      });
      const row = rows.at(-1)!;
      console.log(
        `model ${model}: ${row.evaluationsPerSlice} evaluations in a searched slice, ${(1000 * perSlice).toFixed(1)} ms of a core each, ` +
          `${(1000 * secondsPerScreenedSlice).toFixed(0)} ms for a screened slice; 1,000 studies of ${slices} slices with ` +
          `${100 * TYPICAL.searchedShare} % searched: ${row.coreHoursPer1000.toFixed(1)} core hours ` +
          `(${(row.coreHoursPer1000 / rows[0].coreHoursPer1000).toFixed(1)} times the first model)`
      );
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The middle slice of L3; all three vertebrae's when nothing is searched. */
async function run(folder: string, model: string, screenBelow: string) {
  let said = '';
  const stream = { write: (text: string | Uint8Array) => ((said += String(text)), true), isTTY: false };
  const nothing = screenBelow === '1.1';
  const once = (out: string) =>
    analyse(
      [
        ...['--ct', join(folder, 'study-1/ct'), '--vertebrae', join(folder, 'study-1/seg/0001.dcm')],
        ...['--model', join(ROOT, 'models', model), '--out', join(folder, out), '--threads', '1'],
        ...(nothing ? ['--slices', 'all'] : ['--only', 'L3', '--slices', 'central']),
        ...['--screen-below', screenBelow, '--export', 'seg'],
      ],
      { stdout: stream, stderr: stream }
    );
  const start = process.cpuUsage();
  const code = await once(`${model}-${screenBelow}`);
  const { user, system } = process.cpuUsage(start);
  if (code !== EXIT.ok) throw new Error(said);
  const [, slices = '1'] = /(\d+)\/\d+ slices screened(?![\s\S]*slices screened)/.exec(said) ?? [];
  const [, evaluations = '1'] = /(\d+)\/\d+ evaluations(?![\s\S]*evaluations)/.exec(said) ?? [];
  return { seconds: (user + system) / 1e6, slices: Number(slices), evaluations: Number(evaluations) };
}
