/** Whether vertebra masks can be those of a CT: what names and labels say is checked against where the masks lie and on what. */
import type { LabelExtent } from '../geometry';
import type { LevelGap } from '../errors/reading';
import { InputError, type Labelmap, type VertebraLevel, type Volume } from '../types';
import { isNumberedLevel, levelOrder, LEVELS } from './levels';

/** A mask of a level. */
interface Named {
  readonly label: number;
  readonly level: VertebraLevel;
}

/** Centres of whole vertebrae may differ from those of their bodies by this much along the spine. */
const ORDER_TOLERANCE_MM = 5;

/** The first two neighbours of which the one that is named as the lower lies above. */
export function levelsOutOfOrder(
  vertebrae: readonly Named[],
  extents: ReadonlyMap<number, Pick<LabelExtent, 'centreLps'>>
): { readonly upper: VertebraLevel; readonly lower: VertebraLevel; readonly mm: number } | undefined {
  const placed = vertebrae
    .filter(({ level, label }) => !isNumberedLevel(level) && extents.has(label))
    .map(({ level, label }) => ({ level, z: extents.get(label)!.centreLps[2] }))
    .sort((a, b) => levelOrder(a.level) - levelOrder(b.level));
  for (let n = 1; n < placed.length; n++) {
    const [upper, lower] = [placed[n - 1], placed[n]];
    const mm = lower.z - upper.z;
    if (mm > ORDER_TOLERANCE_MM) return { upper: upper.level, lower: lower.level, mm };
  }
  return undefined;
}

/** T13 and L6 are vertebrae that few people have. */
const SUPERNUMERARY = ['T13', 'L6'];
/** Centres of lumbar neighbours lie up to 45 mm apart, of thoracic ones 20 to 30 mm; two steps of the spine are more than this many of one. */
const TWO_STEPS = 1.5;

/** Levels that are missing between two masks, from head to feet. */
export function levelGaps(
  vertebrae: readonly Named[],
  extents: ReadonlyMap<number, Pick<LabelExtent, 'centreLps'>>
): LevelGap[] {
  const placed = vertebrae
    .filter(({ level, label }) => !isNumberedLevel(level) && extents.has(label))
    .map(({ level, label }) => ({ level, order: levelOrder(level), centre: extents.get(label)!.centreLps }))
    .sort((a, b) => a.order - b.order);
  const pairs = placed.slice(1).map((lower, n) => ({
    upper: placed[n].level,
    lower: lower.level,
    missing: LEVELS.slice(placed[n].order + 1, lower.order).filter(level => !SUPERNUMERARY.includes(level)),
    mm: Math.hypot(...lower.centre.map((value, axis) => value - placed[n].centre[axis])),
  }));
  const steps = pairs.filter(({ missing }) => missing.length === 0).map(({ mm }) => mm);
  return pairs
    .filter(({ missing }) => missing.length > 0)
    .map(pair => ({ ...pair, neighbours: steps.length > 0 && pair.mm < TWO_STEPS * Math.max(...steps) }));
}

/** What is to be said of levels although it may be right: 'level-gap'. */
export const levelDoubts = (
  vertebrae: readonly Named[],
  extents: ReadonlyMap<number, Pick<LabelExtent, 'centreLps'>>
): InputError[] => levelGaps(vertebrae, extents).map(gap => new InputError('level-gap', gap));

/** A single mask may be of a vertebra without much bone, which lies on a denser one when it is turned over. */
const ENOUGH_TO_TELL = 3;

/**
 * Masks that somebody else made, before they are analysed.
 * @param vertebrae whose masks these are; `extents` of the labels
 * @returns what is to be said although it may be right: levels that are missing, a mask or two that may be turned over
 * @throws InputError 'levels-order', 'masks-turned'
 */
export function checkMasks(
  volume: Volume,
  labelmap: Labelmap,
  vertebrae: readonly Named[],
  extents: ReadonlyMap<number, Pick<LabelExtent, 'centreLps'>>
): InputError[] {
  const disorder = levelsOutOfOrder(vertebrae, extents);
  if (disorder) throw new InputError('levels-order', disorder);
  const gaps = levelDoubts(vertebrae, extents);
  const turned = turnedMasks(volume, labelmap);
  if (!turned) return gaps;
  const error = new InputError('masks-turned', turned);
  if (vertebrae.length >= ENOUGH_TO_TELL) throw error;
  return [...gaps, error];
}

/** Denser than any marrow is cortical bone, metal or calcium; less dense than fat is no part of a vertebra. */
const HU_RANGE = [-100, 500] as const;
/** Masks that fit lie on bone some 100 HU denser than what they lie on when they are turned over (real CTs: 65 to 400). */
const BETTER_BY_HU = 30;

/** Mean HU, clipped, below the masks as they are and as they would be turned over. */
export interface TurnedMasks {
  /** 'head-feet' or 'front-back'. */
  readonly axis: 'head-feet' | 'front-back';
  readonly hu: number;
  readonly turnedHu: number;
}

/**
 * Whether masks lie on bone only when the order of their slices or rows is turned over: written with another orientation than they say.
 * @param labelmap on the grid of the volume, in axial order
 */
export function turnedMasks({ hu, dims }: Volume, { labels }: Labelmap): TurnedMasks | undefined {
  const [columns, rows, slices] = dims;
  const sums = { 'as-is': 0, 'head-feet': 0, 'front-back': 0 };
  let voxels = 0;
  const clipped = (i: number, j: number, k: number) =>
    Math.min(HU_RANGE[1], Math.max(HU_RANGE[0], hu[i + columns * (j + rows * k)]));
  for (let k = 0, at = 0; k < slices; k++) {
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, at++) {
        if (labels[at] === 0) continue;
        voxels++;
        sums['as-is'] += clipped(i, j, k);
        sums['head-feet'] += clipped(i, j, slices - 1 - k);
        sums['front-back'] += clipped(i, rows - 1 - j, k);
      }
    }
  }
  if (voxels === 0) return undefined;
  const mean = (which: keyof typeof sums) => sums[which] / voxels;
  const axis = mean('head-feet') >= mean('front-back') ? 'head-feet' : 'front-back';
  if (mean(axis) - mean('as-is') < BETTER_BY_HU) return undefined;
  return { axis, hu: mean('as-is'), turnedHu: mean(axis) };
}
