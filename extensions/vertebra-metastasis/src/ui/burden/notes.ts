/** What stands under every table: what was not assessed, and where the numbers come from. */
import type { LevelBurden, NotAssessed } from '../../core/burden';
import { LESION_3D_KINDS } from '../../core/kinds';
import type { Provenance } from '../../core/provenance';
import type { BurdenResult } from '../state/findings';
import { samplerText } from '../report/methodText';
import type { Strings } from '../strings';
import { numbersIn } from './format';

export function notAssessedText(item: NotAssessed, strings: Strings): string {
  const { burden } = strings;
  switch (item.part) {
    case 'posterior-elements':
      return burden.posteriorElements;
    case 'unknown-coverage':
      return burden.unknownCoverage;
    case 'vertebra':
      return item.reason
        ? `${burden.vertebraNot(item.level)}: ${strings.problem(item.reason).text}`
        : burden.vertebraNot(item.level);
    case 'slices':
      return burden.slicesNot(item.level, item.count);
    case 'body-part':
      return burden.bodyPartNot(item.level, numbersIn(strings).ml(item.millilitres));
  }
}

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
export function notAssessedSentence({ burden }: Pick<BurdenResult, 'burden'>, strings: Strings): string {
  const items = burden.notAssessed.map(item => notAssessedText(item, strings).replace(/\.$/, ''));
  return `${strings.burden.notAssessed}: ${items.join('; ')}.`;
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
