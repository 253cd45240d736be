/** The report in plain sentences, in any language there are strings for. */
import { SINS_FIELDS, sinsScore } from '../../core/planning';
import { hasLesion, lesionMillilitres, type LevelBurden } from '../../core/burden';
import { LESION_3D_KINDS } from '../../core/kinds';
import { numbersIn } from '../burden/format';
import { notAssessedSentence, unattendedText } from '../burden/notes';
import type { BurdenResult, PriorComparison } from '../state/findings';
import type { Worksheets } from '../state/planning';
import type { Strings } from '../strings';
import { methodText } from './methodText';
import { reviewLines } from './reviewText';
import { answerText } from './SinsForm';

export interface ReportFacts {
  readonly result: BurdenResult;
  readonly worksheets: Worksheets;
  /** The comparison, when one was made. */
  readonly prior?: PriorComparison;
}

/** Only what a person set or confirmed is in it of the worksheets. */
export function reportText({ result, worksheets, prior }: ReportFacts, strings: Strings): string {
  const { report } = strings;
  const { burden } = result;
  const numbers = numbersIn(strings);
  const affected = burden.levels.filter(hasLesion);
  const total = lesionMillilitres(burden.total);
  const finding = (level: LevelBurden) =>
    LESION_3D_KINDS.flatMap(kind => {
      const found = level[kind];
      if (!found) return [];
      const { mean, standardDeviation } = found.hu;
      const hu = [mean, standardDeviation].map(numbers.hu) as [string, string];
      return [report.lesion(level.level, strings.kind[kind], numbers.ml(found.millilitres), ...hu)];
    });
  const involved = ({ level, percent }: LevelBurden) =>
    percent === undefined ? [] : [report.bodyShare(level, numbers.percent(percent))];
  const share = burden.total.percent === undefined ? '' : ` ${report.share(numbers.percent(burden.total.percent))}`;
  const paragraphs = [
    [report.heading, strings.researchUse, unattendedText(result, strings)].filter(Boolean).join('\n'),
    [
      affected.length === 0
        ? report.noLesion
        : `${report.total(numbers.ml(total), affected.length, burden.analysedLevels)}${share}`,
      ...affected.map(level => [...finding(level), ...involved(level)].join(' ')),
      ...(burden.outsideMillilitres > 0 ? [strings.burden.outside(numbers.ml(burden.outsideMillilitres))] : []),
    ].join('\n'),
    ...(prior ? [priorText(prior, strings)] : []),
    ...sheets(worksheets, strings),
    `${report.method} ${methodText(result, strings)}`,
    reviewLines(result, strings).join('\n'),
    notAssessedSentence(result, strings),
    report.limits,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function priorText({ comparison, priorDate, currentDate, sameMethod }: PriorComparison, strings: Strings): string {
  const { report } = strings;
  const { ml, signed } = numbersIn(strings);
  const lines = comparison.changes.map(({ level, kind, change, priorMillilitres, currentMillilitres, percent }) => {
    const share = percent === undefined || change === 'resolved' ? '' : ` (${signed(percent, 0)} %)`;
    const name = `${level} ${strings.kind[kind]}`;
    return report.change(name, strings.prior.change[change], ml(priorMillilitres), ml(currentMillilitres), share);
  });
  const caveats = [strings.prior.caution, ...(sameMethod ? [] : [strings.prior.otherMethod])];
  return [report.comparison(priorDate, currentDate), ...lines, ...caveats].join('\n');
}

function sheets(worksheets: Worksheets, strings: Strings): string[] {
  const { sins, sectors, report } = strings;
  return Object.entries(worksheets).flatMap(([level, sheet]) => {
    if (!sheet) return [];
    const score = sinsScore(sheet.answers);
    const fields = SINS_FIELDS.flatMap(field => {
      const answer = sheet.answers[field];
      return answer === undefined ? [] : [`${sins.fields[field]}: ${answerText(sins, field, answer)}`];
    });
    const lines = [
      ...(score ? [`${report.sins(level, score.total, sins.ranges[score.range])} ${fields.join('; ')}.`] : []),
      ...(sheet.sectors ? [sectors.reported(level, sheet.sectors.join(', '))] : []),
    ];
    return lines.length > 0 ? [lines.join('\n')] : [];
  });
}
