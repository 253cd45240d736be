/** What stands under every table: what was not assessed, and where the numbers come from. */
import {
  type Burden,
  type LevelBurden,
  type NotAssessed,
  notAssessedSentence as allNotAssessed,
  notAssessedText as notAssessedPart,
} from '../../core/burden';
import type { Fault } from '../../core/errors';
import { LESION_3D_KINDS } from '../../core/kinds';
import type { Provenance } from '../../core/provenance';
import type { BurdenResult } from '../state/findings';
import { samplerText } from '../report/methodText';
import type { Strings } from '../strings';
import { numbersIn } from './format';

/** How the panel's language writes numbers and reasons. */
const writing = (strings: Strings) => ({
  ml: numbersIn(strings).ml,
  reason: (fault: Fault) => strings.problem(fault).text,
});

export const notAssessedText = (item: NotAssessed, strings: Strings): string =>
  notAssessedPart(item, strings.burden, writing(strings));

/** "By kind: lytic ≥ 1.20 ml, blastic 0.40 ml." */
export function kindTotals(total: Omit<LevelBurden, 'level'>, strings: Strings): string {
  const numbers = numbersIn(strings);
  const kinds = LESION_3D_KINDS.flatMap(kind => {
    const burden = total[kind];
    return burden ? [`${strings.kind[kind]} ${numbers.volume(burden)} ml`] : [];
  });
  return strings.burden.byKind(kinds.join(', '));
}

/** All of it in one sentence. */
export const notAssessedSentence = ({ burden }: Pick<BurdenResult, 'burden'>, strings: Strings): string =>
  allNotAssessed(burden.notAssessed, strings.burden, writing(strings));

/** "5 analysed, 3 of these only screened"; undefined where the result does not say. */
export function analysedText({ analysedLevels, screenedLevels }: Burden, strings: Strings): string | undefined {
  return analysedLevels === undefined ? undefined : strings.burden.analysed(analysedLevels, screenedLevels.length);
}

/** "1 vertebra of 5 analysed (3 of these only screened)". */
export function affectedText({ affectedLevels, analysedLevels, screenedLevels }: Burden, strings: Strings): string {
  const affected = strings.burden.affected(affectedLevels);
  if (analysedLevels === undefined) return affected;
  return strings.burden.ofAnalysed(affected, analysedLevels, screenedLevels.length);
}

export function provenanceText(provenance: Provenance | undefined, strings: Strings): string {
  if (!provenance) return strings.burden.unknownModel;
  const { model, sampler, threshold } = provenance;
  const [name, hash] = [`${model.name} ${model.version}`, model.sha256.slice(0, 12)];
  return strings.burden.madeWith(name, hash, samplerText(sampler, strings), strings.number(String(threshold)));
}

/** Empty unless something was computed unattended and not reviewed since. */
export function unattendedText({ provenance }: Pick<BurdenResult, 'provenance'>, strings: Strings): string {
  const { notReviewed = [] } = provenance ?? {};
  return notReviewed.length > 0 ? strings.review.unattended(notReviewed.join(', ')) : '';
}

/** All of it in one line, for the clipboard. */
export function burdenNotes(result: BurdenResult, strings: Strings): string {
  return [
    strings.researchUse,
    unattendedText(result, strings),
    notAssessedSentence(result, strings),
    provenanceText(result.provenance, strings),
    strings.burden.notCriteria,
  ]
    .filter(Boolean)
    .join(' ');
}
