import type { SliceChoice } from '../../core/study';
import type { Strings } from '../strings';

/** 0.934 -> "93 %"; values that would round to 0 or 100 keep that they are not: "<1 %", ">99 %". */
export function percent(probability: number): string {
  if (probability > 0 && probability < 0.005) return '<1 %';
  if (probability < 1 && probability > 0.995) return '>99 %';
  return `${Math.round(100 * probability)} %`;
}

/** An attribution score as it is shown, "0.93": a share, so between 0 and 1, which estimates can miss a little. */
export function score(computed: number): string {
  return Math.min(1, Math.max(0, computed)).toFixed(2);
}

/** Decimals as the size deserves: "<0.01", "0.04", "1.3", "12". */
export function millilitres(ml: number): string {
  if (ml > 0 && ml < 0.005) return '<0.01';
  if (ml >= 10) return ml.toFixed(0);
  return ml >= 1 ? ml.toFixed(1) : ml.toFixed(2);
}

export function millimetres(mm: number): string {
  return String(Number(mm.toFixed(2)));
}

/** Distance from the middle of the body with the side of the patient: "L 3.2", "0". @param offsetMm along the patient's left */
export function side(offsetMm: number, left: string, right: string): string {
  const distance = millimetres(Math.abs(Number(offsetMm.toFixed(1))));
  return offsetMm === 0 ? '0' : `${offsetMm > 0 ? left : right} ${distance}`;
}

/** A duration to the precision a waiting person wants. */
export function duration(seconds: number, strings: Strings): string {
  if (seconds < 90) return strings.seconds(Math.max(1, Math.round(seconds)));
  if (seconds < 90 * 60) return strings.minutes(Math.round(seconds / 60));
  return strings.hours(strings.number((seconds / 3600).toFixed(1)));
}

/** The same for work that is over, tenths below ten seconds: "0.4 s". */
export function shortDuration(seconds: number, strings: Strings): string {
  return seconds < 9.95
    ? strings.shortSeconds(strings.number(Math.max(0.1, seconds).toFixed(1)))
    : duration(seconds, strings);
}

/** 12345 -> "12 345": thin groups, the same in every language. */
export function count(n: number): string {
  return Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** Slice choices as values of a drop-down. */
export function sliceChoiceId(choice: SliceChoice): string {
  return typeof choice === 'string' ? choice : `every-${choice.every}`;
}

export function parseSliceChoice(id: string): SliceChoice {
  if (id === 'all' || id === 'central') return id;
  return { every: Number(id.slice('every-'.length)) };
}
