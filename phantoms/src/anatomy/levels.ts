/** Typical adult sizes per level, after Panjabi's morphometry of cervical, thoracic and lumbar vertebrae (rounded). */
export interface LevelSize {
  readonly name: string;
  readonly region: 'cervical' | 'thoracic' | 'lumbar';
  /** Left-right width of the body at its endplates, mm. */
  readonly widthMm: number;
  /** Anterior-posterior depth at the endplates, mm. */
  readonly depthMm: number;
  /** Posterior height, mm. */
  readonly heightMm: number;
  /** Height of the disc above, mm. */
  readonly discMm: number;
  /** Usual forward lean of the body's axis when lying, degrees. */
  readonly leanDegrees: number;
  /** Canal, left-right and anterior-posterior, mm. */
  readonly canalMm: readonly [number, number];
}

const row = (
  name: string,
  widthMm: number,
  depthMm: number,
  heightMm: number,
  discMm: number,
  leanDegrees: number,
  canalMm: readonly [number, number]
): LevelSize => ({
  name,
  region: name[0] === 'C' ? 'cervical' : name[0] === 'T' ? 'thoracic' : 'lumbar',
  widthMm,
  depthMm,
  heightMm,
  discMm,
  leanDegrees,
  canalMm,
});

/** C3 to L5 and S1's upper part (only ever a neighbour), top to bottom. */
export const LEVEL_SIZES: readonly LevelSize[] = [
  row('C2', 18, 15, 17, 5, -12, [24, 16]),
  row('C3', 18.5, 15.5, 14.2, 5, -8, [23, 15]),
  row('C4', 19.5, 15.6, 13.9, 5, -3, [23, 15]),
  row('C5', 20.5, 15.8, 13.7, 5, 2, [24, 15]),
  row('C6', 22, 16.2, 13.8, 5.2, 8, [25, 15]),
  row('C7', 23.5, 16.8, 15, 5.4, 16, [24, 15]),
  row('T1', 26, 17, 16.4, 4.6, 24, [21, 15]),
  row('T2', 26.5, 18, 17.6, 3.6, 27, [19, 15]),
  row('T3', 26.5, 19.5, 18, 3.6, 26, [18, 15.5]),
  row('T4', 27, 21, 18.6, 3.6, 22, [17, 16]),
  row('T5', 27.5, 22.5, 19.2, 3.8, 17, [17, 16]),
  row('T6', 28.5, 24, 19.8, 4, 11, [17, 16]),
  row('T7', 29.5, 25.5, 20.4, 4.2, 6, [17, 16]),
  row('T8', 30.5, 26.5, 20.8, 4.4, 1, [17.5, 16]),
  row('T9', 32, 27.5, 21.6, 4.8, -4, [18, 16]),
  row('T10', 33.5, 28.5, 22.6, 5.2, -8, [18, 15.5]),
  row('T11', 36, 29.5, 24, 5.8, -11, [19, 16]),
  row('T12', 39.5, 30.5, 25.4, 6.6, -13, [22, 17]),
  row('L1', 42, 32, 26.6, 7.8, -13, [23, 17]),
  row('L2', 43.5, 33, 27.4, 9, -10, [23, 16]),
  row('L3', 46, 34, 27.8, 10, -4, [24, 16]),
  row('L4', 48.5, 34.5, 27.6, 10.8, 6, [25, 17]),
  row('L5', 50, 34.5, 27, 10.4, 18, [27, 18]),
  row('S1', 49, 33, 27, 9.5, 38, [30, 17]),
];

/** Levels a phantom can be made for: those with both neighbours in the table. */
export const PHANTOM_LEVELS: readonly string[] = LEVEL_SIZES.slice(1, -1).map(level => level.name);

/** The row of a level. Throws RangeError for a name outside the table. */
export function levelIndex(name: string): number {
  const index = LEVEL_SIZES.findIndex(level => level.name === name);
  if (index < 0)
    throw new RangeError(`No phantom sizes for level "${name}"; known: ${LEVEL_SIZES.map(l => l.name).join(', ')}.`);
  return index;
}
