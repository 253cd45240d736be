import { attributeSlice } from '@spine/core';
import type { DiffusionAutoencoder, LatentClassifierWeights, MethodOptions, SliceAttribution } from '@spine/core';
import type { BenchmarkSlice } from '../../evaluation/src/crops';
import { compareSlice } from '../../evaluation/src/matching';

export interface SamplerRun {
  readonly slices: readonly SliceAttribution[];
  /** Of the processor, one per slice. */
  readonly seconds: readonly number[];
}

/** How well a sampler's results agree with the reference sampler's on the same slices. */
export interface SamplerComparison {
  readonly label: string;
  /** Noise predictions of the reference per noise prediction of this sampler, over all slices. */
  readonly evaluationRatio: number;
  /** Mean over slices of that ratio in each slice. */
  readonly meanSliceRatio: number;
  /** The same as evaluationRatio, in processor time. */
  readonly timeRatio: number;
  /** Mean Dice of the final masks (both kinds together); two empty masks agree fully. */
  readonly maskDice: number;
  /**
   * Share of slices whose kept regions are the same: each of either side has a partner of its kind (intersection over union
   * of at least 0.25), none is left over.
   */
  readonly sameKept: number;
  /** Mean absolute difference of the scores of candidates that overlap by more than half; first estimates among them. */
  readonly scoreDifference: number;
  /** Mean Dice against the truth over slices with lesions, reference and this sampler. */
  readonly truthDice: readonly [reference: number, sampler: number];
  /** F1 of detection against the truth, likewise; lesions in slices that are not searched are missed by both and not counted. */
  readonly truthF1: readonly [reference: number, sampler: number];
}

export async function runMethod(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  slices: readonly BenchmarkSlice[],
  method: MethodOptions
): Promise<SamplerRun> {
  const run = { slices: [] as SliceAttribution[], seconds: [] as number[] };
  for (const [i, { patch, bodyMask }] of slices.entries()) {
    const start = process.cpuUsage();
    run.slices.push(await attributeSlice(network, classifier, patch, bodyMask, method));
    const { user, system } = process.cpuUsage(start);
    run.seconds.push((user + system) / 1e6);
    process.stderr.write(`\r${method.sampler.id}: slice ${i + 1} of ${slices.length} `);
  }
  process.stderr.write('\n');
  return run;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => (values.length > 0 ? sum(values) / values.length : NaN);

function dice(a: SliceAttribution, b: SliceAttribution): number {
  let [common, total] = [0, 0];
  for (const kind of ['lyticMask', 'blasticMask'] as const) {
    a[kind].forEach((inside, i) => {
      common += inside && b[kind][i] ? 1 : 0;
      total += inside + b[kind][i];
    });
  }
  return total > 0 ? (2 * common) / total : 1;
}

function sameKept(a: SliceAttribution, b: SliceAttribution): boolean {
  return (['lyticMask', 'blasticMask'] as const).every(kind => {
    const { missed, falseRegions } = compareSlice(a[kind], b[kind]);
    return missed === 0 && falseRegions === 0;
  });
}

function scoreDifference(a: SliceAttribution, b: SliceAttribution): number[] {
  return a.candidates.flatMap(candidate => {
    const partner = b.candidates.find(other => {
      const common = candidate.mask.reduce((count, inside, i) => count + (inside && other.mask[i] ? 1 : 0), 0);
      return other.kind === candidate.kind && 2 * common > Math.max(candidate.pixelCount, other.pixelCount);
    });
    return partner ? [Math.abs(candidate.attributionScore - partner.attributionScore)] : [];
  });
}

/** Both kinds together: mean Dice over slices with lesions of a kind, and F1 of detection (`compareSlice` says what is found). */
function againstTruth(slices: readonly BenchmarkSlice[], run: SamplerRun): { dice: number; f1: number } {
  const counts = slices.flatMap(({ truth }, i) =>
    (['lytic', 'blastic'] as const).map(kind => compareSlice(run.slices[i][`${kind}Mask`], truth[kind]))
  );
  const found = sum(counts.map(c => c.found));
  return {
    dice: mean(
      counts.filter(c => c.lesions.length > 0).map(c => (2 * c.commonPixels) / (c.truePixels + c.predictedPixels))
    ),
    f1: (2 * found) / (2 * found + sum(counts.map(c => c.missed + c.falseRegions))),
  };
}

export function compareRuns(
  label: string,
  slices: readonly BenchmarkSlice[],
  reference: SamplerRun,
  run: SamplerRun
): SamplerComparison {
  const evaluations = (r: SamplerRun) => r.slices.map(slice => slice.evaluations.noise);
  const [theirs, ours] = [evaluations(reference), evaluations(run)];
  const truth = [reference, run].map(r => againstTruth(slices, r));
  return {
    label,
    evaluationRatio: sum(theirs) / sum(ours),
    meanSliceRatio: mean(theirs.map((count, i) => count / ours[i])),
    timeRatio: sum(reference.seconds) / sum(run.seconds),
    maskDice: mean(reference.slices.map((slice, i) => dice(slice, run.slices[i]))),
    sameKept: mean(reference.slices.map((slice, i) => (sameKept(slice, run.slices[i]) ? 1 : 0))),
    scoreDifference: mean(reference.slices.flatMap((slice, i) => scoreDifference(slice, run.slices[i]))),
    truthDice: [truth[0].dice, truth[1].dice],
    truthF1: [truth[0].f1, truth[1].f1],
  };
}

/** Share of a run's candidates that were not scored. */
export function skippedShare({ slices }: SamplerRun): number {
  const candidates = slices.flatMap(slice => slice.candidates);
  return candidates.filter(({ skipped }) => skipped).length / candidates.length;
}
