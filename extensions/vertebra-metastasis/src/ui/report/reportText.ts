/** The report in plain sentences, in any language there are strings for. */
import { type LevelPlan, SINS_FIELDS, sinsScore } from '../../core/planning';
import { hasLesion, isLowerBound, type KindBurden, lesionMillilitres, type LevelBurden } from '../../core/burden';
import { LESION_3D_KINDS } from '../../core/kinds';
import { numbersIn } from '../burden/format';
import { affectedText, analysedText, kindTotals, notAssessedSentence, unattendedText } from '../burden/notes';
import type { BurdenResult, PriorComparison } from '../state/findings';
import type { Worksheets } from '../state/planning';
import type { Strings } from '../strings';
import { sidesText } from '../prior/sides';
import { searchNote } from './measured';
import { methodText } from './methodText';
import { reviewLines } from './reviewText';
import { answerText } from './SinsForm';

export interface ReportFacts {
  readonly result: BurdenResult;
  readonly worksheets: Worksheets;
  /** Of the affected levels: on what the proposals rested. */
  readonly plans?: readonly LevelPlan[];
  /** The comparison, when one was made. */
  readonly prior?: PriorComparison;
}

/** Only what a person set or confirmed is in it of the worksheets. */
export function reportText({ result, worksheets, plans = [], prior }: ReportFacts, strings: Strings): string {
  const { report } = strings;
  const { burden } = result;
  const numbers = numbersIn(strings);
  const affected = burden.levels.filter(hasLesion);
  const total = volumeText(
    { millilitres: lesionMillilitres(burden.total), ...(isLowerBound(burden.total) ? { atLeast: true as const } : {}) },
    strings
  );
  const finding = (level: LevelBurden) =>
    LESION_3D_KINDS.flatMap(kind => {
      const found = level[kind];
      if (!found) return [];
      const { mean, standardDeviation } = found.hu;
      const hu = [mean, standardDeviation].map(numbers.hu) as [string, string];
      return [report.lesion(level.level, strings.kind[kind], volumeText(found, strings), ...hu)];
    });
  const involved = ({ level, percent }: LevelBurden) =>
    percent === undefined ? [] : [report.bodyShare(level, numbers.percent(percent))];
  const share = burden.total.percent === undefined ? '' : ` ${report.share(numbers.percent(burden.total.percent))}`;
  const paragraphs = [
    [report.heading, strings.researchUse, unattendedText(result, strings)].filter(Boolean).join('\n'),
    [
      affected.length === 0
        ? report.noLesion(analysedText(burden, strings))
        : `${report.total(total, affectedText(burden, strings))}${share} ${kindTotals(burden.total, strings)}`,
      ...affected.map(level => [...finding(level), ...involved(level)].join(' ')),
      ...(burden.outsideMillilitres > 0 ? [strings.burden.outside(numbers.ml(burden.outsideMillilitres))] : []),
    ].join('\n'),
    ...(prior ? [priorText(prior, strings)] : []),
    ...sheets(worksheets, plans, strings),
    `${report.method} ${methodText(result, strings)}`,
    reviewLines(result, strings).join('\n'),
    notAssessedSentence(result, strings),
    report.limits,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** "at least 1.20" where it is a lower bound. */
function volumeText({ millilitres, atLeast }: Pick<KindBurden, 'millilitres' | 'atLeast'>, strings: Strings): string {
  const ml = numbersIn(strings).ml(millilitres);
  return atLeast ? strings.lesionList.atLeast(ml) : ml;
}

function priorText({ comparison, priorDate, currentDate, sameMethod }: PriorComparison, strings: Strings): string {
  const { report, prior } = strings;
  const numbers = numbersIn(strings);
  const lines = comparison.changes.map(one => {
    const { level, kind, priorKind, priorLevel, change, percent, atLeast } = one;
    const share = percent === undefined || change === 'resolved' ? '' : ` (${numbers.signed(percent, 0)} %)`;
    const beyond = [one.priorBeyondMillilitres ?? 0, one.currentBeyondMillilitres ?? 0];
    return [
      report.change(`${level} ${strings.kind[kind]}`, prior.change[change], ...sidesText(one, numbers), share),
      priorKind && report.sentence(prior.kindChanged(strings.kind[priorKind], strings.kind[kind])),
      priorLevel && prior.renamed(priorLevel),
      change === 'marked-now' && prior.screenedThen,
      change === 'marked-before' && prior.screenedNow,
      atLeast && prior.atLeast,
      beyond.some(millilitres => millilitres > 0) && prior.beyond(numbers.ml(beyond[0]), numbers.ml(beyond[1])),
    ]
      .filter(Boolean)
      .join(' ');
  });
  const caveats = [prior.caution, ...(sameMethod ? [] : [prior.otherMethod])];
  return [report.comparison(priorDate, currentDate), ...lines, ...caveats].join('\n');
}

function sheets(worksheets: Worksheets, plans: readonly LevelPlan[], strings: Strings): string[] {
  const { sins, sectors, report } = strings;
  return Object.entries(worksheets).flatMap(([level, sheet]) => {
    if (!sheet) return [];
    const score = sinsScore(sheet.answers);
    const fields = SINS_FIELDS.flatMap(field => {
      const answer = sheet.answers[field];
      return answer === undefined ? [] : [`${sins.fields[field]}: ${answerText(sins, field, answer)}`];
    });
    const plan = plans.find(one => one.level === level);
    const note = plan && searchNote(plan, strings);
    const lines = [
      ...(score
        ? [
            `${report.sins(level, score.total, sins.ranges[score.range])} ${fields.join('; ')}.${note ? ` ${note}` : ''}`,
          ]
        : []),
      ...(sheet.sectors ? [sectors.reported(level, sheet.sectors.join(', '))] : []),
    ];
    return lines.length > 0 ? [lines.join('\n')] : [];
  });
}
