/** `npm run analyse` inside this process, with one loaded model for all runs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StudyReport } from '@spine/core';
import { analyse } from '@spine/headless/analysis';
import { USAGE } from '@spine/headless/analyseOptions';
import { exitCodeOf } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { ROOT } from '../../support/shared';

let model: ReturnType<typeof loadModelFromFolder> | undefined;

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly out: string;
  /** Undefined when nothing was written. */
  readonly report?: StudyReport;
}

/** Runs with the smallest model and one slice a vertebra, unless `options` say otherwise. */
export async function analyseHere(out: string, ...options: string[]): Promise<Run> {
  const [stdout, stderr] = [[] as string[], [] as string[]];
  const into = (lines: string[]) => (text: unknown) => lines.push(String(text)) > 0;
  const argv = ['--model', join(ROOT, 'models/tiny'), '--slices', 'central', '--out', out, ...options];
  const status = await exitCodeOf(
    'analyse',
    USAGE,
    (args, terminal) => analyse(args, terminal, (...loading) => (model ??= loadModelFromFolder(...loading))),
    argv,
    { stdout: { write: into(stdout) }, stderr: { write: into(stderr), isTTY: false } }
  );
  const path = join(out, 'report.json');
  const report = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as StudyReport) : undefined;
  return { status, stdout: stdout.join(''), stderr: stderr.join(''), out, report };
}
