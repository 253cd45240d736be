/** Runs of the reference schedule, each paid for once: what every other sampler is compared with. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { attributeSlice, malignancyProbability } from '@spine/core';
import type { DiffusionAutoencoder, MethodOptions, SliceAttribution } from '@spine/core';
import type { ModelManifest } from '@spine/runtime/manifest';
import { methodOf } from '@spine/runtime/method';
import { randomStream } from '../../phantoms/src/math/random';
import { type BenchmarkSlice, readSlices } from '../../evaluation/src/crops';
import type { VertebraCase } from '../../evaluation/src/manifest';

/** Slices below this P(malignant) are not searched by default; with the reference they would not be either. */
export const SUSPICIOUS = 0.5;

/** The reference's result on one slice. */
export interface ReferenceRun {
  readonly attribution: SliceAttribution;
  /** Processor time of the process, seconds: other programs on the machine do not lengthen it. */
  readonly processorSeconds: number;
}

/** A folder of the model's weights, its classifier, the healthy edit's target and the schedule: other settings never meet its files. */
export function referenceFolder(cache: string, { files, classifier, method }: ModelManifest): string {
  const latent = createHash('sha256').update(JSON.stringify(classifier)).digest('hex');
  const weights = files.noisePredictor.sha256.slice(0, 12) + files.encoder.sha256.slice(0, 4) + latent.slice(0, 4);
  return join(
    cache,
    'reference',
    `${weights}-${method.targetProbability}-${method.minPixels}-${method.inversionSteps}+${method.renderSteps}`
  );
}

/** What a run takes of a slice. */
export type RunSlice = Pick<BenchmarkSlice, 'index' | 'patch' | 'bodyMask'> & {
  readonly vertebra: { readonly id: string };
};

export const sliceFile = (folder: string, { vertebra, index }: Pick<RunSlice, 'vertebra' | 'index'>) =>
  join(folder, `${vertebra.id}-${index}.v8`);

/**
 * The method of a model with a sampler, as far as the reference has it too: what a model adds after the scores (refined outlines,
 * regions in one slice) would otherwise be counted as an error of the sampler.
 */
export function comparableMethod(manifest: ModelManifest, sampler: string): MethodOptions {
  return {
    ...methodOf(manifest, sampler),
    refineOutlines: undefined,
    leastSlices: undefined,
    leastSlicesProbability: undefined,
    leastKindLogit: undefined,
    outlineAcrossSlices: undefined,
    followLesions: undefined,
    leastDifference: undefined,
  };
}

/** The stored run of a slice, if there is one. */
export function storedReference(folder: string, slice: RunSlice): ReferenceRun | undefined {
  const file = sliceFile(folder, slice);
  return existsSync(file) ? (deserialize(readFileSync(file)) as ReferenceRun) : undefined;
}

/** The stored run of a slice, made now if there is none: some 40 seconds of a processor with the default model. */
export async function referenceRun(
  folder: string,
  network: DiffusionAutoencoder,
  manifest: ModelManifest,
  slice: RunSlice
): Promise<ReferenceRun> {
  const stored = storedReference(folder, slice);
  if (stored) return stored;
  const start = process.cpuUsage();
  const attribution = await attributeSlice(network, manifest.classifier, slice.patch, slice.bodyMask, {
    ...methodOf(manifest, 'reference'),
  });
  const { user, system } = process.cpuUsage(start);
  const run: ReferenceRun = { attribution, processorSeconds: (user + system) / 1e6 };
  mkdirSync(folder, { recursive: true });
  const file = sliceFile(folder, slice);
  writeFileSync(`${file}.part`, serialize(run));
  renameSync(`${file}.part`, file);
  return run;
}

/** P(malignant) of a slice by the encoder alone. */
export async function probabilityOf(
  network: DiffusionAutoencoder,
  { classifier }: ModelManifest,
  { patch }: BenchmarkSlice
): Promise<number> {
  return malignancyProbability(classifier, await network.encode(patch, 1));
}

/** The same order on every machine, related to nothing: the first n of it are a fair sample of all. */
export function shuffled<T>(items: readonly T[], seed = 'bench'): T[] {
  const random = randomStream(seed);
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

export interface ReferenceSet {
  readonly slices: readonly BenchmarkSlice[];
  readonly runs: readonly ReferenceRun[];
  /** Slices of the benchmark looked at, those below {@link SUSPICIOUS} among them. */
  readonly looked: number;
}

/** Suspicious slices of a list of vertebrae with their reference: the first `wanted`, or all up to the first not stored. */
export async function referenceSet(
  folder: string,
  network: DiffusionAutoencoder,
  manifest: ModelManifest,
  vertebrae: readonly VertebraCase[],
  wanted: number | 'stored'
): Promise<ReferenceSet> {
  const set = { slices: [] as BenchmarkSlice[], runs: [] as ReferenceRun[], looked: 0 };
  for (const vertebra of shuffled(vertebrae)) {
    for (const slice of await readSlices(vertebra, 1)) {
      const suspicious = (await probabilityOf(network, manifest, slice)) >= SUSPICIOUS;
      const stored = suspicious ? storedReference(folder, slice) : undefined;
      if (suspicious && (wanted === 'stored' ? !stored : set.runs.length >= wanted)) return set;
      set.looked++;
      if (!suspicious) continue;
      set.runs.push(stored ?? (await referenceRun(folder, network, manifest, slice)));
      set.slices.push(slice);
      process.stderr.write(`\rreference: ${set.runs.length} slices `);
    }
  }
  return set;
}
