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
  /** Of the lesion, where the other study did not search; outside its CT, and outside all bodies, it did not either. */
  readonly beyondMillilitres: number;
  /** Of the lesion, where the other study called its slices healthy and searched for none. */
  readonly screenedMillilitres: number;
  /** It borders on a part that its own study did not analyse: how far it goes on there is unknown. */
  readonly atLeast: boolean;
  /** It borders on a slice that its own study only screened: its volume is a lower bound as well. */
  readonly besideScreened: boolean;
}

/**
 * @param lesions of `own`, of one vertebra
 * @param levels what that vertebra is called in `own` and in `other`
 * @param transform LPS of `own` -> LPS of `other`; undefined without an alignment
 * @param marked both studies marked it: outside the bodies, where only a person looks, both did
 */
export function commonPart(
  lesions: readonly PriorLesion[],
  own: PlacedStudy,
  other: PlacedStudy,
  levels: { readonly own: VertebraLevel; readonly other: VertebraLevel },
  transform: Affine | undefined,
  marked: boolean
): CommonPart {
  const beyond = other.unsearched?.get(levels.other);
  const screened = other.screened?.get(levels.other);
  const [missing, besides] = [own.unsearched?.get(levels.own), own.screened?.get(levels.own)];
  const wholly = other.onlyScreened?.has(levels.other);
  const inOther = transform && placer(own.labelmap, other.labelmap, transform);
  const isBody = (study: PlacedStudy, at: number) => !study.bodies || study.bodies.labels[at] > 0;
  const size = own.labelmap.dims[0] * own.labelmap.dims[1];
  const parts = { millilitres: 0, beyondMillilitres: 0, screenedMillilitres: 0 };
  let [atLeast, besideScreened] = [false, false];
  for (const { offsets } of lesions) {
    for (const at of offsets) {
      const there = inOther?.(at);
      const unseen =
        inOther &&
        (there === undefined || beyond?.has(there) || (!marked && !isBody(own, at) && !isBody(other, there)));
      const part = unseen ? 'beyond' : wholly || (there !== undefined && screened?.has(there)) ? 'screened' : undefined;
      parts[part ? (`${part}Millilitres` as const) : 'millilitres'] += own.voxelMillilitres[Math.floor(at / size)];
      eachNeighbour(at, own.labelmap.dims, [1, 1, 1], next => {
        atLeast ||= Boolean(missing?.has(next));
        besideScreened ||= Boolean(besides?.has(next));
      });
    }
  }
  return { ...parts, atLeast, besideScreened };
}

/** Whether the study left a part of this body unsearched: where, only an alignment tells. */
export function isPartlySearched(level: VertebraLevel, { unsearched, screened, onlyScreened }: PlacedStudy): boolean {
  const left = (parts: PlacedStudy['unsearched']) => (parts?.get(level)?.size ?? 0) > 0;
  return left(unsearched) || (left(screened) && !onlyScreened?.has(level));
}

/** Whether the study says which part of this body it searched. */
export function knowsSearch(level: VertebraLevel, { unsearched }: PlacedStudy): boolean {
  return unsearched?.has(level) ?? false;
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
