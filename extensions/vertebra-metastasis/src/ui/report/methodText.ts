/** With what the lesions were found, in a sentence; what files hold as English words is told in the report's language. */
import type { ReviewSummary } from '../../core/review';
import type { BurdenResult } from '../state/findings';
import type { Strings } from '../strings';

/** As the files word it: "fast, 10 inversion and 11 render evaluations". */
const SAMPLER =
  /^(fast|thorough|reference), (\d+) inversion and (\d+) render evaluations(?:; candidates first estimated below ([\d.]+) not scored)?(?:; candidates within ([\d.]+) of the threshold refined)?$/;
/** "vertebral bodies: T12 mask found automatically; L1 mask by click, corrected by hand". */
const MASKS = /^vertebral bodies: (.+)$/;
const MASK = /^(\S+) mask (by click|found automatically|given)(, corrected by hand)?$/;
const ORIGINS = { 'by click': 'click', 'found automatically': 'search', given: 'given' } as const;

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
    ...(masks ? [masksText(masks, strings)] : []),
  ].join(' ');
}

/** Whether a person moved the threshold is known for results with candidates only. */
function thresholdText(threshold: number, { modelRules }: ReviewSummary, { report, number }: Strings): string {
  const own = [...new Set(modelRules.map(rules => rules.threshold))];
  if (own.length === 0) return report.threshold(number(String(threshold)));
  return own.length === 1 && own[0] === threshold
    ? report.thresholdOfModel(number(String(threshold)))
    : report.thresholdMoved(number(String(threshold)), own.map(one => number(String(one))).join(', '));
}

/** Words of another version are told as they are. */
export function samplerText(sampler: string, { report, number }: Strings): string {
  const [, id, inversion, render, floor, margin] = SAMPLER.exec(sampler) ?? [];
  if (!id) return sampler;
  const told = report.sampler[id as 'fast' | 'thorough' | 'reference'](inversion, render);
  return [
    told,
    ...(floor ? [report.notScored(number(floor))] : []),
    ...(margin ? [report.refined(number(margin))] : []),
  ].join(' ');
}

function masksText(masks: string, { report }: Strings): string {
  const items =
    MASKS.exec(masks)?.[1]
      .split('; ')
      .map(item => MASK.exec(item)) ?? [];
  if (items.length === 0 || items.includes(null)) return `${masks}.`;
  const of = (origin: string) =>
    items.flatMap(item => (item && ORIGINS[item[2] as keyof typeof ORIGINS] === origin ? [item] : []));
  const told = (['search', 'click', 'given'] as const).flatMap(origin => {
    const levels = of(origin).map(([, level, , corrected]) => (corrected ? report.correctedMask(level) : level));
    return levels.length > 0 ? [report.masks[origin](levels.join(', '))] : [];
  });
  return `${report.masksTitle}: ${told.join('; ')}.`;
}
