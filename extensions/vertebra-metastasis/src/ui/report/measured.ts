import { type LevelPlan, type SinsField, WHOLE_PERCENT } from '../../core/planning';
import type { Strings } from '../strings';

/** What a proposal rests on, in numbers; undefined for fields that are never measured. */
export function measuredText(plan: LevelPlan, field: SinsField, { sins, number }: Strings): string | undefined {
  if (field === 'collapse') {
    const { collapse } = plan;
    if (!collapse) return sins.notMeasured;
    const { lossPercent, at, heightMm, expectedMm, comparedWith } = collapse;
    const numbers = [heightMm, expectedMm].map(mm => number(mm.toFixed(1))) as [string, string];
    return sins.collapseMeasured(sins.parts[at], ...numbers, Math.round(lossPercent), comparedWith.join(', '));
  }
  if (field === 'alignment') {
    const { alignment } = plan;
    if (!alignment) return sins.notMeasured;
    const { stepMm, stepTo, wedgeDegrees, neighboursWedgeDegrees } = alignment;
    return sins.alignmentMeasured(
      number(stepMm.toFixed(1)),
      stepTo,
      degrees(wedgeDegrees),
      degrees(neighboursWedgeDegrees)
    );
  }
  return undefined;
}

const degrees = (value: number): string => Math.round(value).toString().replace('-', '−');

/** On how little of the body proposals rest, in words; undefined where nearly all of it was searched. */
export function searchNote(
  { level, searchedSlices, searchedPercent, sectors }: LevelPlan,
  { sins }: Strings
): string | undefined {
  if (sectors === 'unknown-search') return sins.unknownSearch(level);
  if (searchedSlices === 1) return sins.oneSlice(level);
  if (searchedPercent === undefined) return undefined;
  return searchedPercent < WHOLE_PERCENT ? sins.partlySearched(level, Math.floor(searchedPercent)) : undefined;
}
