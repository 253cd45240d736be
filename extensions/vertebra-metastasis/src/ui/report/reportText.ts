/** The report in plain sentences, in any language there are strings for. */
import { SINS_FIELDS, sinsScore } from '../../core/planning';
import type { LevelBurden } from '../../core/burden';
import { notAssessedText } from '../burden/notes';
import { cubicCentimetres, hounsfield, percentage } from '../burden/format';
import type { BurdenResult, PriorComparison } from '../findings';
import type { Worksheets } from '../planning';
import type { Strings } from '../strings';
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
  const number = report.number;
  const volumes = {
    ml: (value: number) => number(cubicCentimetres(value)),
    share: (p: number) => number(percentage(p)),
  };
  const affected = burden.levels.filter(({ lytic, blastic }) => lytic || blastic);
  const total = (burden.total.lytic?.millilitres ?? 0) + (burden.total.blastic?.millilitres ?? 0);
  const finding = (level: LevelBurden) =>
    (['lytic', 'blastic'] as const).flatMap(kind => {
      const found = level[kind];
      if (!found) return [];
      const { mean, standardDeviation } = found.hu;
      const hu = [mean, standardDeviation].map(hounsfield) as [string, string];
      return [report.lesion(level.level, strings.kind[kind], volumes.ml(found.millilitres), ...hu)];
    });
  const share = burden.total.percent === undefined ? '' : ` ${report.share(volumes.share(burden.total.percent))}`;
  const paragraphs = [
    `${report.heading}\n${strings.researchUse}`,
    [
      affected.length === 0
        ? report.noLesion
        : `${report.total(volumes.ml(total), affected.length, burden.analysedLevels)}${share}`,
      ...affected.flatMap(finding),
    ].join('\n'),
    ...(prior ? [priorText(prior, strings)] : []),
    ...sheets(worksheets, strings),
    `${report.method} ${method(result, strings)} ${review(result, strings)}`,
    `${strings.burden.notAssessed}: ${burden.notAssessed.map(item => notAssessedText(item, strings).replace(/\.$/, '')).join('; ')}.`,
    report.limits,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function priorText({ comparison, priorDate, currentDate, sameMethod }: PriorComparison, strings: Strings): string {
  const { report } = strings;
  const ml = (value: number) => report.number(cubicCentimetres(value));
  const lines = comparison.changes.map(({ level, kind, change, priorMillilitres, currentMillilitres, percent }) => {
    const sign = percent !== undefined && percent < 0 ? '−' : '+';
    const share = percent === undefined || change === 'gone' ? '' : ` (${sign}${Math.abs(percent).toFixed(0)} %)`;
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

function method({ provenance, software }: BurdenResult, { burden, report }: Strings): string {
  if (!provenance) return burden.unknownModel;
  const { model, sampler, threshold, provider } = provenance;
  const name = `${model.name} ${model.version}`;
  return report.madeWith(software, name, model.sha256, sampler, report.number(String(threshold)), provider);
}

function review({ review: { automatic, edited, drawn, confirmed } }: BurdenResult, { report }: Strings): string {
  return report.review(automatic, edited, drawn, confirmed);
}
