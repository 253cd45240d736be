import { join } from 'node:path';
import type { PhantomOptions } from './options';
import { planSynthetic, shareOut } from './plan';
import type { Sample } from './sample';
import { makeSyntheticSample } from './synthetic';
import { appendManifest, createDataset, startManifest, writeSample } from './write';

/** One vertebra to be made; cheap to plan, so that every process plans all and makes its own. */
export interface Task {
  readonly make: () => Sample;
}

/** Everything the options ask for, in the order of the manifest. */
export function planTasks(options: PhantomOptions): Task[] {
  const tasks: Task[] = [];
  for (const { split, count } of shareOut(options.count, options.split)) {
    for (const patient of planSynthetic(options.seed, split, count))
      patient.levels.forEach((_, at) => tasks.push({ make: () => makeSyntheticSample(patient, at) }));
  }
  return tasks;
}

/** Name of the manifest part that one process writes. */
export function partName(part: number): string {
  return `manifest.part-${part}.csv`;
}

/** Makes the tasks of one process (every `jobs`-th) and writes its part of the manifest, a line number before each line. */
export function generatePart(options: PhantomOptions, part: number, onDone: (done: number, of: number) => void): void {
  createDataset(options.out);
  const path = join(options.out, partName(part));
  startManifest(path);
  const own = planTasks(options)
    .map((task, line) => ({ task, line }))
    .filter(({ line }) => line % options.jobs === part);
  own.forEach(({ task, line }, n) => {
    appendManifest(path, `${line},${writeSample(options.out, task.make())}`);
    onDone(n + 1, own.length);
  });
}
