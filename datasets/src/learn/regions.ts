/** The regions that a model shows beside those that readers accepted, in the middle slice of each vertebra. */
import { applyThreshold, attributeSlice, markUnsupported, SCREEN_BELOW, type ScoredCandidate } from '@spine/core';
import { type BenchmarkSlice, chosenSlices, readSlices } from '@spine/evaluation/crops';
import { readManifest } from '@spine/evaluation/manifest';
import { compareSlice } from '@spine/evaluation/matching';
import { type Figures, figures, type KindFigures, type SliceOutcome } from '@spine/evaluation/metrics';
import { insideTrainedWidth, screened } from '@spine/evaluation/screened';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { methodOf } from '@spine/runtime/method';

/** A slice that was searched, before any threshold; no candidates where it was not suspicious enough. */
export interface SearchedSlice {
  readonly slice: BenchmarkSlice;
  readonly probability: number;
  readonly candidates: readonly ScoredCandidate[];
}

export interface RegionFigures extends Pick<Figures, 'lytic' | 'blastic' | 'falsePerHealthy'> {
  /** Of both kinds together; null where readers accepted nothing and nothing was shown. */
  readonly f1: number | null;
  readonly slices: number;
}

/**
 * As the product screens and searches with its fast sampler.
 * @param everyScore also of candidates that the model's fast sampler would skip as hopeless: for the choice of a threshold
 */
export async function searchVertebrae(
  folder: string,
  table: string,
  split: string,
  everyScore: boolean,
  onVertebra: (done: number, total: number) => void = () => {}
): Promise<SearchedSlice[]> {
  const cases = readManifest(table, split);
  const { network, manifest } = await loadModelFromFolder(folder, { threads: 2 });
  const { classifier, patch: spec } = manifest;
  const shipped = methodOf(manifest, 'fast');
  const method = everyScore ? { ...shipped, skipBelowThresholdBy: undefined } : shipped;
  const searched: SearchedSlice[] = [];
  try {
    for (const [i, vertebra] of cases.entries()) {
      const all = await readSlices(vertebra, 'all');
      const usable = new Set(insideTrainedWidth(all, spec).map(({ index }) => index));
      const wanted = (await chosenSlices(vertebra, 1)).filter(index => usable.has(index));
      for (const { slice, probability, kindLogits } of await screened({ network, classifier, spec }, all, wanted)) {
        if (probability < SCREEN_BELOW) {
          searched.push({ slice, probability, candidates: [] });
          continue;
        }
        const attribution = await attributeSlice(network, classifier, slice.patch, slice.bodyMask, method);
        const { candidates } = markUnsupported(attribution, kindLogits, method);
        searched.push({ slice, probability, candidates });
      }
      onVertebra(i + 1, cases.length);
    }
  } finally {
    await network.dispose();
  }
  return searched;
}

export function regionFigures(
  searched: readonly SearchedSlice[],
  { attributionThreshold, minPixels }: { readonly attributionThreshold: number; readonly minPixels: number }
): RegionFigures {
  const outcomes = searched.map(({ slice, probability, candidates }): SliceOutcome => {
    const shown = applyThreshold(candidates, attributionThreshold, minPixels);
    const { id, patient, malignant, source, sliceThicknessMm } = slice.vertebra;
    return {
      vertebra: id,
      patient,
      malignant,
      mimic: false,
      source,
      sliceThicknessMm,
      probability,
      counts: {
        lytic: compareSlice(shown.lyticMask, slice.truth.lytic),
        blastic: compareSlice(shown.blasticMask, slice.truth.blastic),
      },
    };
  });
  const { lytic, blastic, falsePerHealthy } = figures(outcomes);
  return { lytic, blastic, falsePerHealthy, f1: pooled(outcomes), slices: outcomes.length };
}

function pooled(outcomes: readonly SliceOutcome[]): KindFigures['f1'] {
  let [found, wrong] = [0, 0];
  for (const { counts } of outcomes) {
    for (const { found: hits, missed, falseRegions } of [counts.lytic, counts.blastic]) {
      found += hits;
      wrong += missed + falseRegions;
    }
  }
  return found + wrong > 0 ? (2 * found) / (2 * found + wrong) : null;
}
