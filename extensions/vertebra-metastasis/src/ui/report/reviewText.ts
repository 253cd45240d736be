/** What a person changed, in sentences: segments, decisions with their reasons, what is marked as reviewed. */
import type { LevelReview } from '../../core/review';
import type { BurdenResult } from '../state/findings';
import type { Strings } from '../strings';

/** One line each; never empty. */
export function reviewLines({ review }: BurdenResult, strings: Strings): string[] {
  const { report } = strings;
  const { automatic, edited, drawn, confirmed, decisions } = review;
  const { levels, candidates } = decisions;
  const reviewed = levels.filter(one => one.reviewed).map(({ level }) => level);
  const changed = levels
    .map(one => ({ level: one.level, parts: decided(one, strings) }))
    .filter(one => one.parts.length);
  return [
    report.review(automatic, edited, drawn, confirmed),
    ...changed.map(({ level, parts }) => `${level}: ${parts.join(', ')}.`),
    ...(changed.length === 0 && candidates > 0 ? [report.nothingDecided] : []),
    reviewed.length > 0 ? report.reviewed(reviewed.join(', ')) : report.noneReviewed,
  ];
}

function decided({ accepted, rejected, kindChanged, merged, drawn }: LevelReview, strings: Strings): string[] {
  const { report, review, kind } = strings;
  return [
    ...rejected.map(({ reason, regions }) => report.regionsRejected(regions, review.reasons[reason])),
    ...(accepted > 0 ? [report.regionsAccepted(accepted)] : []),
    ...kindChanged.map(({ to, regions }) => report.kindsChanged(regions, kind[to])),
    ...(merged > 0 ? [report.lesionsMerged(merged)] : []),
    ...drawn.map(of => report.drawn(kind[of])),
  ];
}
