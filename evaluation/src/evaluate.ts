import { attributeSlice, markUnsupported } from '@spine/core';
import type { MethodOptions, PatchMask, SliceAttribution } from '@spine/core';
import { anomalyDifference, gradCam, otsu } from './baselines';
import type { Prediction } from './baselines';
import { chosenSlices, readSlices } from './crops';
import type { BenchmarkSlice } from './crops';
import type { VertebraCase } from './manifest';
import { compareSlice } from './matching';
import type { SliceOutcome } from './metrics';
import type { ModelUnderTest } from './modelUnderTest';
import { screened, type ScreenedBenchmarkSlice } from './screened';

/** The method under test and what it is compared with on the same slices. */
export const METHODS = ['method', 'otsu', 'ad', 'gradcam'] as const;
export type MethodName = (typeof METHODS)[number];
export type Outcomes = Readonly<Record<MethodName, SliceOutcome[]>>;

export interface EvaluationOptions {
  readonly method: MethodOptions;
  /** Central slices per vertebra, or all. */
  readonly slices: number | 'all';
  /** Slices below this P(malignant) show nothing, as in the product; the same for every method. */
  readonly screenBelow: number;
  readonly onSlice?: (slice: EvaluatedSlice, vertebrae: { done: number; all: number }) => void;
}

/** One slice with everything that a picture of it needs. */
export interface EvaluatedSlice {
  readonly slice: BenchmarkSlice;
  readonly probability: number;
  /** Undefined where screening excluded the slice. */
  readonly attribution?: SliceAttribution;
  readonly predictions: Readonly<Partial<Record<MethodName, Prediction>>>;
}

const NOTHING: Prediction = { lytic: new Uint8Array(64 * 64), blastic: new Uint8Array(64 * 64) };

/**
 * The method and what it is compared with on one slice.
 * @param probability P(malignant) as it was screened
 */
export async function evaluateSlice(
  model: Pick<ModelUnderTest, 'network' | 'classifier'>,
  { slice, probability, kindLogits }: ScreenedBenchmarkSlice,
  options: Pick<EvaluationOptions, 'method' | 'screenBelow'>
): Promise<EvaluatedSlice> {
  const { network, classifier } = model;
  if (probability < options.screenBelow) {
    return { slice, probability, predictions: Object.fromEntries(METHODS.map(name => [name, NOTHING])) };
  }
  const { method } = options;
  const attributed = await attributeSlice(network, classifier, slice.patch, slice.bodyMask, method);
  const attribution = markUnsupported(attributed, kindLogits, method);
  const codeMap = await network.codeMap(slice.patch);
  return {
    slice,
    probability,
    attribution,
    predictions: {
      method: { lytic: attribution.lyticMask, blastic: attribution.blasticMask },
      ad: anomalyDifference(attribution),
      otsu: otsu(slice.patch, slice.bodyMask),
      ...(codeMap ? { gradcam: gradCam(codeMap, classifier, slice.patch, slice.bodyMask) } : {}),
    },
  };
}

function outcome({ slice, probability }: EvaluatedSlice, prediction: Prediction): SliceOutcome {
  const { vertebra, truth } = slice;
  return {
    vertebra: vertebra.id,
    patient: vertebra.patient,
    malignant: vertebra.malignant,
    mimic: vertebra.mimic !== '',
    source: vertebra.source,
    sliceThicknessMm: vertebra.sliceThicknessMm,
    probability,
    counts: {
      lytic: compareSlice(without(prediction.lytic, slice.ignored), truth.lytic),
      blastic: compareSlice(without(prediction.blastic, slice.ignored), truth.blastic),
    },
  };
}

const without = (mask: PatchMask, ignored: PatchMask): PatchMask => mask.map((inside, i) => (ignored[i] ? 0 : inside));

/** Runs the shipped method and the baselines over a manifest; one outcome per analysed slice and method. */
export async function evaluate(
  model: ModelUnderTest,
  cases: readonly VertebraCase[],
  options: EvaluationOptions
): Promise<Outcomes> {
  const outcomes: Record<MethodName, SliceOutcome[]> = { method: [], otsu: [], ad: [], gradcam: [] };
  for (const [i, vertebra] of cases.entries()) {
    const all = await readSlices(vertebra, 'all');
    const wanted = await chosenSlices(vertebra, options.slices);
    for (const slice of await screened(model, all, wanted)) {
      const evaluated = await evaluateSlice(model, slice, options);
      for (const name of METHODS) {
        const prediction = evaluated.predictions[name];
        if (prediction) outcomes[name].push(outcome(evaluated, prediction));
      }
      options.onSlice?.(evaluated, { done: i + 1, all: cases.length });
    }
  }
  return outcomes;
}
