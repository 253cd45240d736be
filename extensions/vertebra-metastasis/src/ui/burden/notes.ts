/** What stands under every table: what was not assessed, and where the numbers come from. */
import type { NotAssessed } from '../../core/burden';
import type { BurdenResult, ResultProvenance } from '../findings';
import type { Strings } from '../strings';
import { cubicCentimetres } from './format';

export function notAssessedText(item: NotAssessed, { burden: strings }: Strings): string {
  switch (item.part) {
    case 'posterior-elements':
      return strings.posteriorElements;
    case 'unknown-coverage':
      return strings.unknownCoverage;
    case 'vertebra':
      return item.reason ? `${strings.vertebraNot(item.level)}: ${item.reason}` : strings.vertebraNot(item.level);
    case 'slices':
      return strings.slicesNot(item.level, item.count);
    case 'body-part':
      return strings.bodyPartNot(item.level, cubicCentimetres(item.millilitres));
  }
}

export function provenanceText(provenance: ResultProvenance | undefined, { burden: strings }: Strings): string {
  if (!provenance) return strings.unknownModel;
  const { model, sampler, threshold } = provenance;
  return strings.madeWith(`${model.name} ${model.version}`, model.sha256.slice(0, 12), sampler, String(threshold));
}

/** All of it in one line, for the clipboard. */
export function burdenNotes({ burden, provenance }: BurdenResult, strings: Strings): string {
  const items = burden.notAssessed.map(item => notAssessedText(item, strings).replace(/\.$/, ''));
  return [
    strings.researchUse,
    `${strings.burden.notAssessed}: ${items.join('; ')}.`,
    provenanceText(provenance, strings),
    strings.burden.notCriteria,
  ].join(' ');
}
