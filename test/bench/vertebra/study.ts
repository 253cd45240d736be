/** Whole vertebrae with a sampler of ours on the slices that screening leaves, against the reference schedule on every slice. */
import {
  agreementOf,
  type Agreement,
  compareVertebra,
  type VertebraAgreement,
} from '../../../evaluation/src/vertebraAgreement';
import { leftOutOf, searchedOf, type StudySlice, type WholeVertebra } from './cases';
import type { SliceRun, VertebraRuns } from './runs';

/** Slices of the vertebra that the evaluations of the Standard preset are told for, and its lesions. */
const TOLD_FOR = { slices: 60, lesions: 2 };

/** What `fast` would show in slices that screening leaves out, where scores are relative to the slice's own, small P(malignant). */
export interface LeftOut {
  readonly slices: number;
  readonly candidates: number;
  /** Slices in which something would be kept, the regions there, their pixels, and those of them that are true. */
  readonly slicesWithRegions: number;
  readonly regions: number;
  readonly pixels: number;
  readonly truePixels: number;
}

/** One vertebra with one sampler. */
export interface VertebraRow {
  readonly vertebra: string;
  readonly lesions?: number;
  /**
   * Slices that hold enough of the body; those within the width that the model knows; those that screening has searched, and as many
   * more that lesions are followed into.
   */
  readonly bodySlices: number;
  readonly known: number;
  readonly searched: number;
  readonly followed: number;
  /** Noise predictions of ours with all of the model's settings, in followed slices as well; those that the reference schedule takes on the searched slices. */
  readonly evaluations: number;
  readonly referenceSearched: number;
  readonly processorSeconds: number;
  /** Of the left-out slices those that were edited, so that their candidates are known. */
  readonly leftOut: LeftOut;
  /** What the masks are compared with; null: nothing but the sampler itself is known. */
  readonly yardstick: 'reference' | 'fast' | null;
  /** By the published rules alone. */
  readonly agreement?: VertebraAgreement;
  /** As shown: with all rules of the model, whose outlines are drawn on the CT, against the same with the reference schedule. */
  readonly shown?: VertebraAgreement;
}

/** What the published schedule takes for these candidates. */
export const referenceEvaluations = (candidates: number) => 450 + 350 * candidates;

const total = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((sum, item) => sum + of(item), 0);

/**
 * @param editLeftOut the left-out slices are run with `fast` as well, to count their candidates and see what would be kept there; in a
 * vertebra that is searched they always are, as there are more than in a healthy one
 */
export async function studyVertebra(
  whole: WholeVertebra,
  runs: VertebraRuns,
  sampler: string,
  editLeftOut: boolean
): Promise<VertebraRow> {
  const searched = searchedOf(whole);
  const ours = await runs.run(sampler, searched);
  const others = leftOutOf(whole);
  // Scores that are taken from neighbours are given for all slices at once, and nothing is followed.
  const shipped = runs.isWhole(sampler)
    ? { slices: searched.length, noise: total(ours, ({ noise }) => noise), shown: undefined }
    : await runs.shipped(sampler, whole);
  if (editLeftOut || searched.length > 0) await runs.run('fast', others);
  const references = searched.map(slice => runs.reference(slice));
  const isComplete = references.every(one => one !== undefined);
  const fast = sampler === 'fast' ? ours : undefined;
  const yardstick = isComplete ? (references as SliceRun[]) : fast ? undefined : await runs.run('fast', searched);
  const counted = yardstick ?? ours;
  const shownByReference = runs.shippedReference(whole);
  const indexed = (found: readonly SliceRun[]) => found.map((one, n) => ({ ...one, index: searched[n].index }));
  return {
    vertebra: whole.id,
    lesions: whole.lesions,
    bodySlices: whole.bodySlices,
    known: whole.slices.length,
    searched: searched.length,
    followed: shipped.slices - searched.length,
    evaluations: shipped.noise,
    referenceSearched: total(counted, (run): number => referenceEvaluations(run.candidates.length)),
    processorSeconds: total(ours, one => one.processorSeconds),
    leftOut: leftOutFigures(others.map(slice => ({ slice, run: runs.stored(slice) }))),
    yardstick: isComplete ? 'reference' : fast ? null : 'fast',
    ...(yardstick && searched.length > 0 ? { agreement: compareVertebra(indexed(yardstick), indexed(ours)) } : {}),
    ...(shownByReference && shipped.shown && searched.length > 0
      ? { shown: compareVertebra(shownByReference, shipped.shown) }
      : {}),
  };
}

function leftOutFigures(slices: readonly { readonly slice: StudySlice; readonly run?: SliceRun }[]): LeftOut {
  const edited = slices.flatMap(({ slice, run }) => (run ? [{ slice, run }] : []));
  const pixels = (masks: readonly Uint8Array[]) => total(masks, mask => total([...mask], value => value));
  const regions = ({ candidates }: SliceRun) => candidates.filter(({ kept }) => kept).length;
  return {
    slices: edited.length,
    candidates: total(edited, ({ run }) => run.candidates.length),
    slicesWithRegions: edited.filter(({ run }) => regions(run) > 0).length,
    regions: total(edited, ({ run }) => regions(run)),
    pixels: total(edited, ({ run }) => pixels([run.lyticMask, run.blasticMask])),
    truePixels: total(edited, ({ slice: { truth }, run }) =>
      truth ? overlap(run.lyticMask, truth.lytic) + overlap(run.blasticMask, truth.blastic) : 0
    ),
  };
}

const overlap = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, inside, i) => sum + (inside && b[i] ? 1 : 0), 0);

/** Figures of all vertebrae together, healthy ones as they come. (a) is against the reference on every slice, (b) against it on the searched slices only. */
export interface StudyFigures {
  /** Sampler. */
  readonly name: string;
  readonly vertebrae: number;
  readonly bodySlices: number;
  readonly known: number;
  readonly searched: number;
  readonly followed: number;
  /** (a) Noise predictions of the reference schedule on every slice that the model knows, per noise prediction of ours. */
  readonly evaluationRatio: number;
  /** (a) In the vertebrae that are searched at all, the strictest: null where there is none. */
  readonly evaluationRatioSuspicious: number | null;
  /** (a) The same with the slices beyond that width, which the product says it did not look at. */
  readonly evaluationRatioWholeBody: number;
  /** (b) On the searched slices. */
  readonly evaluationRatioSearched: number;
  readonly evaluationsASlice: number;
  readonly evaluationsAVertebra: number;
  readonly processorSecondsASlice: number;
  /** Of vertebrae with two lesions that are searched at all, as many noise predictions as 60 slices of their kind have; null where there is none. */
  readonly standard: { readonly vertebrae: number; readonly mean: number; readonly most: number } | null;
  /** Over the vertebrae whose searched slices the reference has finished; null where there is none. */
  readonly againstReference: Agreement | null;
  /** The same of what is shown, with all rules of the model. */
  readonly shownAgainstReference: Agreement | null;
  readonly againstFast: Agreement | null;
  readonly leftOut: LeftOut;
}

export function figuresOf(name: string, rows: readonly VertebraRow[]): StudyFigures {
  const leftOut = rows.reduce<LeftOut>(
    (sum, row) => ({
      slices: sum.slices + row.leftOut.slices,
      candidates: sum.candidates + row.leftOut.candidates,
      slicesWithRegions: sum.slicesWithRegions + row.leftOut.slicesWithRegions,
      regions: sum.regions + row.leftOut.regions,
      pixels: sum.pixels + row.leftOut.pixels,
      truePixels: sum.truePixels + row.leftOut.truePixels,
    }),
    { slices: 0, candidates: 0, slicesWithRegions: 0, regions: 0, pixels: 0, truePixels: 0 }
  );
  // Slices that were not edited have as many candidates as those that were, on average; all of them are in vertebrae that are not searched.
  const healthy = rows.filter(row => row.searched === 0 && row.leftOut.slices > 0);
  const typical =
    total(healthy, row => row.leftOut.candidates) /
    Math.max(
      1,
      total(healthy, row => row.leftOut.slices)
    );
  const ratioTo = (slices: (row: VertebraRow) => number, some = rows) =>
    total(some, row => {
      const edited = referenceEvaluations(0) * row.leftOut.slices + 350 * row.leftOut.candidates;
      const others = slices(row) - row.searched - row.leftOut.slices;
      return row.referenceSearched + edited + others * referenceEvaluations(typical);
    }) / total(some, row => row.evaluations);
  const suspicious = rows.filter(row => row.searched > 0);
  const evaluations = total(rows, row => row.evaluations);
  const searched = total(rows, row => row.searched);
  const followed = total(rows, row => row.followed);
  const two = rows
    .filter(({ lesions, searched }) => lesions === TOLD_FOR.lesions && searched > 0)
    .map(row => (row.evaluations * TOLD_FOR.slices) / row.bodySlices);
  const against = (yardstick: VertebraRow['yardstick']) => {
    const own = rows.flatMap(row => (row.yardstick === yardstick && row.agreement ? [row.agreement] : []));
    return own.length > 0 ? agreementOf(own) : null;
  };
  const shown = rows.flatMap(row => row.shown ?? []);
  return {
    name,
    vertebrae: rows.length,
    bodySlices: total(rows, row => row.bodySlices),
    known: total(rows, row => row.known),
    ...{ searched, followed },
    evaluationRatio: ratioTo(row => row.known),
    evaluationRatioSuspicious: suspicious.length > 0 ? ratioTo(row => row.known, suspicious) : null,
    evaluationRatioWholeBody: ratioTo(row => row.bodySlices),
    evaluationRatioSearched: total(rows, row => row.referenceSearched) / evaluations,
    evaluationsASlice: evaluations / (searched + followed),
    evaluationsAVertebra: evaluations / rows.length,
    processorSecondsASlice: total(rows, row => row.processorSeconds) / searched,
    standard:
      two.length > 0 ? { vertebrae: two.length, mean: total(two, n => n) / two.length, most: Math.max(...two) } : null,
    againstReference: against('reference'),
    shownAgainstReference: shown.length > 0 ? agreementOf(shown) : null,
    againstFast: against('fast'),
    leftOut,
  };
}
