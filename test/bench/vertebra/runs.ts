/** Runs of our samplers on the slices of a vertebra. Those of `fast` are kept, each slice by itself: screening may choose others tomorrow. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import {
  attributeSlice,
  attributeSlices,
  markUnsupported,
  withSliceRules,
  type MethodOptions,
  type SliceAttribution,
} from '@spine/core';
import { methodOf } from '@spine/runtime/method';
import { followedSlices, type SettledSlice, settledSlices } from '../../../evaluation/src/settled';
import type { SliceMasks } from '../../../evaluation/src/vertebraAgreement';
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

/** The nodes, whether walks are repeated and what is not scored are part of the name: runs with other ones never meet. */
const keyOf = ({ sampler, skipBelowThresholdBy, trustAboveThresholdBy, rescoreWithin }: MethodOptions) =>
  [
    sampler.id,
    `${sampler.editEvaluations}+${sampler.roundTripEvaluations(1)}+${sampler.roundTripEvaluations(2)}`,
    ('nodes' in sampler.spec && sampler.spec.nodes.repeated?.above) || 'walked-once',
    skipBelowThresholdBy ?? 'all',
    trustAboveThresholdBy ?? 'all',
    rescoreWithin ?? 'once',
  ].join('-');

/** What the product makes of a vertebra. */
export interface Shipped {
  /** Searched, those that lesions are followed into among them, and the noise predictions in them. */
  readonly slices: number;
  readonly noise: number;
  /** What counts in the slices that screening has searched, all rules of the model applied but that lesions are followed. */
  readonly shown: readonly SliceMasks[];
}

export interface VertebraRuns {
  /** Whether a sampler takes a vertebra's slices at once. */
  isWhole(sampler: string): boolean;
  /** One run a slice. */
  run(sampler: string, slices: readonly StudySlice[]): Promise<SliceRun[]>;
  /** What the product does with all of the model's settings. */
  shipped(sampler: string, whole: WholeVertebra): Promise<Shipped>;
  /** What the product would show with the reference schedule in place of its own, if that has finished the vertebra. */
  shippedReference(whole: WholeVertebra): readonly SliceMasks[] | undefined;
  /** The run of `fast`, if it was made already. */
  stored(slice: StudySlice): SliceRun | undefined;
  /** The run of the reference schedule, if `npm run study:vertebra:reference` has made it. */
  reference(slice: StudySlice): SliceRun | undefined;
}

function settled(slice: StudySlice, found: SliceAttribution | undefined, method: MethodOptions): SettledSlice {
  const attribution = found && markUnsupported(found, slice.kindLogits, method);
  return { slice, probability: slice.probability, attribution, predictions: {} };
}

/** What counts in the slices that screening has searched: a lesion is not followed, as the reference was not run beside it. */
const shownIn = (screened: readonly SettledSlice[], method: MethodOptions): SliceMasks[] =>
  settledSlices(screened, method).flatMap(({ slice: { index }, attribution }) =>
    attribution ? [{ index, lyticMask: attribution.lyticMask, blasticMask: attribution.blasticMask }] : []
  );

export function vertebraRuns({ network, manifest }: StudyModel, cache: string, set: VertebraSet): VertebraRuns {
  const folder = join(referenceFolder(cache, manifest), setName(set));
  const { classifier } = manifest;
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

    async shipped(sampler, whole) {
      const method = methodOf(manifest, sampler);
      const screened: SettledSlice[] = [];
      for (const slice of whole.slices) {
        const { patch, bodyMask } = slice;
        const found = slice.searched && (await attributeSlice(network, classifier, patch, bodyMask, method));
        screened.push(settled(slice, found || undefined, method));
      }
      const all = await followedSlices({ network, classifier }, screened, method);
      const searched = all.flatMap(({ attribution }) => attribution ?? []);
      const noise = searched.reduce((sum, { evaluations }) => sum + evaluations.noise, 0);
      return { slices: searched.length, noise, shown: shownIn(screened, method) };
    },

    shippedReference(whole) {
      const method = methodOf(manifest, 'fast');
      const runs = whole.slices.map(slice => (slice.searched ? storedReference(folder, slice)?.attribution : null));
      if (runs.includes(undefined)) return undefined;
      const screened = whole.slices.map((slice, n) => {
        const run = runs[n];
        const ruled = run && { ...run, ...withSliceRules(run.candidates, run, method) };
        return settled(slice, ruled ?? undefined, method);
      });
      return shownIn(screened, method);
    },

    reference(slice) {
      const run = storedReference(folder, slice);
      return run && kept(run.attribution, run.processorSeconds);
    },
  };
}
