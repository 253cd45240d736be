/** With what the lesions were found, as a sentence in the report's language. */
import type { Provenance } from '../../core/provenance';
import type { ReviewSummary } from '../../core/review';
import type { BurdenResult } from '../state/findings';
import type { Strings } from '../strings';

export function methodText({ provenance, software, review }: BurdenResult, strings: Strings): string {
  const { burden, report } = strings;
  if (!provenance) return burden.unknownModel;
  const { model, sampler, threshold, provider, masks } = provenance;
  const { rules, candidates } = review.decisions;
  const rule = thresholdText(threshold, review.decisions, strings);
  return [
    report.madeWith(software, `${model.name} ${model.version}`, model.sha256, samplerText(sampler, strings), provider),
    // The smallest region is known for results with candidates only.
    candidates > 0 ? `${rule} ${report.smallestRegion(rules.minPixels)}` : rule,
    masks && masksText(masks, strings),
  ]
    .filter(Boolean)
    .join(' ');
}

/** Whether a person moved the threshold is known for results with candidates only. */
function thresholdText(threshold: number, { modelRules }: ReviewSummary, { report, number }: Strings): string {
  const own = [...new Set(modelRules.map(rules => rules.threshold))];
  if (own.length === 0) return report.threshold(number(String(threshold)));
  return own.length === 1 && own[0] === threshold
    ? report.thresholdOfModel(number(String(threshold)))
    : report.thresholdMoved(number(String(threshold)), own.map(one => number(String(one))).join(', '));
}

/** Words of former software are shown as they are. */
export function samplerText(sampler: Provenance['sampler'], { report, number }: Strings): string {
  if ('words' in sampler) return sampler.words;
  const { id, inversionEvaluations, renderEvaluations, notScoredBelow, outlinesRefined, rescoredWithin } = sampler;
  const {
    notScoredAbove,
    leastSlices,
    leastSlicesProbability,
    outlinedAcrossSlices,
    lesionsFollowed,
    leastDifference,
  } = sampler;
  const { screenedWithNetwork, leastKindLogit } = sampler;
  return [
    report.sampler[id](String(inversionEvaluations), String(renderEvaluations)),
    ...(notScoredBelow === undefined ? [] : [report.notScored(number(String(notScoredBelow)))]),
    ...(notScoredAbove === undefined ? [] : [report.estimatedAbove(number(String(notScoredAbove)))]),
    ...(outlinesRefined ? [report.outlinesRefined] : []),
    ...(outlinedAcrossSlices ? [report.outlinedAcrossSlices] : []),
    ...(leastDifference === undefined ? [] : [report.leastDifference(number(String(leastDifference)))]),
    ...(lesionsFollowed ? [report.lesionsFollowed] : []),
    ...(leastSlices === undefined
      ? []
      : [
          report.leastSlices(
            String(leastSlices),
            leastSlicesProbability === undefined ? undefined : number(String(leastSlicesProbability))
          ),
        ]),
    ...(screenedWithNetwork ? [report.screenedWithNetwork] : []),
    ...(leastKindLogit === undefined ? [] : [report.leastKindLogit(number(String(leastKindLogit)))]),
    ...(rescoredWithin === undefined ? [] : [report.refined(number(String(rescoredWithin)))]),
  ].join(' ');
}

/** Nothing where all masks were given. */
function masksText(masks: NonNullable<Provenance['masks']>, { report }: Strings): string | undefined {
  if ('words' in masks) return `${masks.words}.`;
  if (masks.every(({ origin, corrected }) => origin === 'given' && !corrected)) return undefined;
  const told = (['search', 'click', 'given'] as const).flatMap(origin => {
    const levels = masks
      .filter(mask => mask.origin === origin)
      .map(({ level, corrected }) => (corrected ? report.correctedMask(level) : level));
    return levels.length > 0 ? [report.masks[origin](levels.join(', '))] : [];
  });
  return `${report.masksTitle}: ${told.join('; ')}.`;
}
