/** Runs of our samplers on the slices of a vertebra. Those of `fast` are kept, each slice by itself: screening may choose others tomorrow. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import {
  attributeSlice,
  attributeSlices,
  markUnsupported,
  type MethodOptions,
  type SliceAttribution,
} from '@spine/core';
import { methodOf } from '@spine/runtime/method';
import { followedSlices, type SettledSlice } from '../../../evaluation/src/settled';
import { comparableMethod, referenceFolder, sliceFile, storedReference } from '../referenceRuns';
import { setName, type StudyModel, type StudySlice, type VertebraSet, type WholeVertebra } from './cases';

/** What is kept of a slice. */
export interface SliceRun extends Pick<SliceAttribution, 'lyticMask' | 'blasticMask' | 'candidates'> {
  readonly noise: number;
  readonly processorSeconds: number;
}

const kept = (found: SliceAttribution, processorSeconds: number): SliceRun => {
  const { lyticMask, blasticMask, candidates, evaluations } = found;
  return { lyticMask, blasticMask, candidates, noise: evaluations.noise, processorSeconds };
};

/** The nodes are part of the name: runs with other ones never meet. */
const keyOf = ({ sampler, skipBelowThresholdBy, rescoreWithin }: MethodOptions) =>
  [
    sampler.id,
    `${sampler.editEvaluations}+${sampler.roundTripEvaluations(1)}+${sampler.roundTripEvaluations(2)}`,
    skipBelowThresholdBy ?? 'all',
    rescoreWithin ?? 'once',
  ].join('-');

export interface VertebraRuns {
  /** Whether a sampler takes a vertebra's slices at once. */
  isWhole(sampler: string): boolean;
  /** One run a slice. */
  run(sampler: string, slices: readonly StudySlice[]): Promise<SliceRun[]>;
  /** What the product does with all of the model's settings: slices searched, those that lesions are followed into among them. */
  shipped(sampler: string, whole: WholeVertebra): Promise<{ readonly slices: number; readonly noise: number }>;
  /** The run of `fast`, if it was made already. */
  stored(slice: StudySlice): SliceRun | undefined;
  /** The run of the reference schedule, if `npm run study:vertebra:reference` has made it. */
  reference(slice: StudySlice): SliceRun | undefined;
}

export function vertebraRuns({ network, manifest }: StudyModel, cache: string, set: VertebraSet): VertebraRuns {
  const folder = join(referenceFolder(cache, manifest), setName(set));
  const fast = join(folder, keyOf(comparableMethod(manifest, 'fast')));

  function stored(slice: StudySlice): SliceRun | undefined {
    const file = sliceFile(fast, slice);
    return existsSync(file) ? (deserialize(readFileSync(file)) as SliceRun) : undefined;
  }

  async function attribute(slices: readonly StudySlice[], method: MethodOptions): Promise<SliceRun[]> {
    const start = process.cpuUsage();
    const found = await attributeSlices(network, manifest.classifier, slices, method);
    const { user, system } = process.cpuUsage(start);
    return found.map(one => kept(one, (user + system) / 1e6 / slices.length));
  }

  return {
    stored,
    isWhole: sampler => methodOf(manifest, sampler).inferScores !== undefined,

    async run(sampler, slices) {
      const method = comparableMethod(manifest, sampler);
      if (method.inferScores) return slices.length > 0 ? attribute(slices, method) : [];
      const runs: SliceRun[] = [];
      for (const slice of slices) {
        const known = sampler === 'fast' ? stored(slice) : undefined;
        const [run] = known ? [known] : await attribute([slice], method);
        if (sampler === 'fast' && !known) {
          const file = sliceFile(fast, slice);
          mkdirSync(fast, { recursive: true });
          writeFileSync(`${file}.part`, serialize(run));
          renameSync(`${file}.part`, file);
        }
        runs.push(run);
      }
      return runs;
    },

    async shipped(sampler, { slices }) {
      const method = methodOf(manifest, sampler);
      const { classifier } = manifest;
      const screened: SettledSlice[] = [];
      for (const slice of slices) {
        const attribution = slice.searched
          ? await attributeSlice(network, classifier, slice.patch, slice.bodyMask, method)
          : undefined;
        const marked = attribution && markUnsupported(attribution, slice.kindLogits, method);
        screened.push({ slice, probability: slice.probability, attribution: marked, predictions: {} });
      }
      const searched = (await followedSlices({ network, classifier }, screened, method)).flatMap(
        ({ attribution }) => attribution ?? []
      );
      return {
        slices: searched.length,
        noise: searched.reduce((sum, { evaluations }) => sum + evaluations.noise, 0),
      };
    },

    reference(slice) {
      const run = storedReference(folder, slice);
      return run && kept(run.attribution, run.processorSeconds);
    },
  };
}
