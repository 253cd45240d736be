import { join } from 'node:path';
import type { PhantomOptions } from './options';
import { planSynthetic, shareOut } from './plan';
import type { Recipe, Sample } from './sample';
import { randomStream } from '../math/random';
import { makeInsertedSamples } from '../real/insert';
import { readRealCollection, readRealSources } from '../real/sources';
import { makeSyntheticSamples } from './synthetic';
import { appendManifest, createDataset, startManifest, writeSample } from './write';

/** One vertebra to be made, with its twin where it gets one; cheap to plan, so that every process plans all and makes its own. */
export interface Task {
  readonly make: () => readonly Sample[];
}

/** Everything the options ask for, in the order of the manifest: synthetic vertebrae, then copies of real ones. */
export async function planTasks(options: PhantomOptions): Promise<Task[]> {
  const recipe: Recipe = { leastMiddlePixels: options.middle, twins: options.twins };
  const tasks: Task[] = [];
  for (const { split, count } of shareOut(options.count, options.split)) {
    for (const patient of planSynthetic(options.seed, split, count))
      patient.levels.forEach((_, at) => tasks.push({ make: () => makeSyntheticSamples(patient, at, recipe) }));
  }
  if (options.real === undefined || options.realCount === 0) return tasks;
  for (const { split, count } of shareOut(options.realCount, options.split)) {
    const sources = await (options.twins ? readRealCollection : readRealSources)(options.real, split);
    const vertebrae = sources.flatMap(source => source.vertebrae.map(vertebra => ({ source, vertebra })));
    for (let n = 0; n < count; n++) {
      const { source, vertebra } = vertebrae[n % vertebrae.length];
      const copy = Math.floor(n / vertebrae.length);
      const random = randomStream(`inserted/${options.seed}/${split}/${source.id}/${vertebra.level}/${copy}`);
      // The first copy stays healthy, so that every real body is seen at least once without a lesion; twins see to that themselves.
      const malignant = options.twins ? random.chance(0.8) : copy > 0 && random.chance(0.55);
      tasks.push({ make: () => makeInsertedSamples(random, source, vertebra, malignant, copy, recipe) });
    }
  }
  return tasks;
}

/** Name of the manifest part that one process writes. */
export function partName(part: number): string {
  return `manifest.part-${part}.csv`;
}

/** Makes the tasks of one process (every `jobs`-th) and writes its part of the manifest, a line number before each line. */
export async function generatePart(
  options: PhantomOptions,
  part: number,
  onDone: (done: number, of: number) => void
): Promise<void> {
  createDataset(options.out);
  const path = join(options.out, partName(part));
  startManifest(path);
  const own = (await planTasks(options))
    .map((task, line) => ({ task, line }))
    .filter(({ line }) => line % options.jobs === part);
  own.forEach(({ task, line }, n) => {
    for (const sample of task.make()) appendManifest(path, `${line},${writeSample(options.out, sample)}`);
    onDone(n + 1, own.length);
  });
}
