/** Comparison within what both studies searched: the remainder of a lesion that extends beyond it is unknown. */
import { applyAffine, invert, multiply } from '../geometry';
import { eachNeighbour } from '../lesions/connect';
import type { Affine, Labelmap, VertebraLevel } from '../types';
import type { PlacedStudy } from './lesions';
import type { PriorLesion } from './types';

/** One side of a pair. */
export interface CommonPart {
  /** Of the lesion, within what the other study searched for lesions as well; all of it where that is not known. */
  readonly millilitres: number;
  /** Of the lesion, where the other study did not search. */
  readonly beyondMillilitres: number;
  /** Of the lesion, where the other study called its slices healthy and searched for none. */
  readonly screenedMillilitres: number;
  /** It borders on a part that its own study did not search: its volume is a lower bound. */
  readonly atLeast: boolean;
}

/**
 * @param lesions of `own`, of one level
 * @param transform LPS of `own` -> LPS of `other`; undefined without an alignment
 */
export function commonPart(
  lesions: readonly PriorLesion[],
  own: PlacedStudy,
  other: PlacedStudy,
  level: VertebraLevel,
  transform: Affine | undefined
): CommonPart {
  const beyond = other.unsearched?.get(level);
  const screened = other.screened?.get(level);
  const missing = own.unsearched?.get(level);
  const inOther = transform && placer(own.labelmap, other.labelmap, transform);
  const size = own.labelmap.dims[0] * own.labelmap.dims[1];
  let [millilitres, beyondMillilitres, screenedMillilitres] = [0, 0, 0];
  let atLeast = false;
  for (const { offsets } of lesions) {
    for (const at of offsets) {
      const volume = own.voxelMillilitres[Math.floor(at / size)];
      const there = beyond || screened ? inOther?.(at) : undefined;
      if (there !== undefined && beyond?.has(there)) beyondMillilitres += volume;
      else if (there !== undefined && screened?.has(there)) screenedMillilitres += volume;
      else millilitres += volume;
      if (missing && !atLeast) eachNeighbour(at, own.labelmap.dims, [1, 1, 1], next => (atLeast ||= missing.has(next)));
    }
  }
  return { millilitres, beyondMillilitres, screenedMillilitres, atLeast };
}

/** Whether either study excluded a part of this body. */
export function isPartlySearched(level: VertebraLevel, ...studies: readonly PlacedStudy[]): boolean {
  return studies.some(({ unsearched }) => (unsearched?.get(level)?.size ?? 0) > 0);
}

/** Whether all studies say which part of this body they searched. */
export function knowsSearch(level: VertebraLevel, ...studies: readonly PlacedStudy[]): boolean {
  return studies.every(({ unsearched }) => unsearched?.has(level));
}

/** Voxel of `to` under a voxel of `from`; undefined outside its grid. */
function placer(from: Labelmap, to: Labelmap, transform: Affine): (offset: number) => number | undefined {
  const map = multiply(invert(to.indexToLps), multiply(transform, from.indexToLps));
  const [columns, rows] = from.dims;
  return at => {
    const index = applyAffine(map, [at % columns, Math.floor(at / columns) % rows, Math.floor(at / (columns * rows))]);
    const [i, j, k] = index.map(Math.round);
    const outside = i < 0 || j < 0 || k < 0 || i >= to.dims[0] || j >= to.dims[1] || k >= to.dims[2];
    return outside ? undefined : i + to.dims[0] * (j + to.dims[1] * k);
  };
}
