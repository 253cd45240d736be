type Rgb = readonly [number, number, number];

/** Ends of a blue-orange scale, told apart with every common form of colour blindness (after ColorBrewer's PuOr). */
const DENSER: Rgb = [67, 147, 255];
const LESS_DENSE: Rgb = [255, 150, 40];
const NEUTRAL: Rgb = [18, 20, 26];

/** @param value -1 (blastic) to 1 (lytic); beyond is cut off */
export function differenceColour(value: number): Rgb {
  const end = value < 0 ? DENSER : LESS_DENSE;
  const share = Math.min(1, Math.abs(value));
  const mix = (channel: 0 | 1 | 2) => Math.round(NEUTRAL[channel] + share * (end[channel] - NEUTRAL[channel]));
  return [mix(0), mix(1), mix(2)];
}

/** The window of all grey images: 0 is black, 1.1 white; patches are scaled to about 0 to 1.2. */
export function grey(value: number): Rgb {
  const level = Math.round(255 * Math.min(1, Math.max(0, value / 1.1)));
  return [level, level, level];
}
