/**
 * Many analyses in one process of their own, as JSON: analyseMany.ts <jobs.json> <results.json>. Plain Node runs them in a fifth of the
 * time that jest's sandbox takes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseHere, type Run } from './analyseHere';
import { segVoxels } from './segVoxels';

export interface Job {
  readonly out: string;
  readonly options: readonly string[];
}

export type JobResult = Omit<Run, 'report'> & {
  /** Whether the folder for results is there. */
  readonly wrote: boolean;
  /** P(malignant) and centre by level. */
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly centres?: Readonly<Record<string, readonly number[]>>;
  /** See {@link segVoxels}; of bodies.dcm. */
  readonly bodies?: Readonly<Record<string, readonly string[]>>;
};

async function main(): Promise<void> {
  const [jobs, results] = process.argv.slice(2);
  const done: JobResult[] = [];
  for (const { out, options } of JSON.parse(readFileSync(jobs, 'utf8')) as Job[]) {
    const { report, ...run } = await analyseHere(out, ...options);
    const of = <T>(value: (one: NonNullable<typeof report>['vertebrae'][number]) => T) =>
      report && Object.fromEntries(report.vertebrae.map(one => [one.label, value(one)]));
    const seg = join(out, 'bodies.dcm');
    done.push({
      ...run,
      wrote: existsSync(out),
      probabilities: of(one => one.malignancyProbability),
      centres: of(one => one.centreLps),
      bodies: existsSync(seg) ? segVoxels(seg) : undefined,
    });
  }
  writeFileSync(results, JSON.stringify(done));
}

void main();
