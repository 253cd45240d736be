/** A lesion in words, in any language. */
import type { LesionRow } from '../state/values';
import type { Strings } from '../strings';
import { millilitres } from './format';

/** "T11 blastic 1"; without a number for a segment of a former version, which holds all of its kind. */
export function lesionName(
  { level, kind, name }: Pick<LesionRow, 'level' | 'kind' | 'name'>,
  strings: Strings
): string {
  return strings.lesionList.name(level, strings.kind[kind], / (\d+)$/.exec(name)?.[1] ?? '');
}

/** Where in the body; '' without a mask. */
export function lesionPlace({ place }: Pick<LesionRow, 'place'>, { lesionList: texts }: Strings): string {
  return place ? texts.place(texts.height[place.height], texts.depth[place.depth], texts.side[place.side]) : '';
}

/** The same in few letters; the middle goes without saying. */
export function shortPlace({ place }: Pick<LesionRow, 'place'>, { lesionList: { short } }: Strings): string {
  return place ? [short[place.height], short[place.depth], short[place.side]].filter(Boolean).join(' ') : '';
}

/** What was decided about it. */
export function said(
  { verdict, reason = 'other', drawn }: Pick<LesionRow, 'verdict' | 'reason' | 'drawn'>,
  { lesionList: texts, review }: Strings
): string {
  if (verdict === 'accepted') return texts.accepted;
  if (verdict === 'rejected') return texts.rejected(review.reasons[reason]);
  return drawn ? texts.drawn : texts.undecided;
}

/** "≥ 1.3": a lower bound where the lesion borders on what was not searched. */
export function volumeText({ millilitres: ml, atLeast }: Pick<LesionRow, 'millilitres' | 'atLeast'>, strings: Strings) {
  return `${atLeast ? '≥ ' : ''}${strings.number(millilitres(ml))}`;
}
