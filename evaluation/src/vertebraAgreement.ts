/** How well the lesions of a whole vertebra agree with those of a yardstick, in three dimensions. */
import { type LesionKind, PATCH_PIXELS, PATCH_SIZE, type PatchMask } from '@spine/core';
import { connectedParts } from '@spine/core/lesions/connect';
import { matchRegions } from './matching';

const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];
/** Smaller parts are specks, about 13 mm3: they count in masks and volumes, not as lesions. */
const LEAST_VOXELS = 30;

/** What was kept in one slice. */
export interface SliceMasks {
  /** Of the slice in its vertebra. */
  readonly index: number;
  readonly lyticMask: PatchMask;
  readonly blasticMask: PatchMask;
}

export interface VertebraAgreement {
  /** Of the voxels of both kinds together; 1 where both are empty. */
  readonly maskDice: number;
  readonly voxels: readonly [yardstick: number, ours: number];
  /** Lesions of either side with and without a partner of their kind. */
  readonly matched: number;
  readonly missed: number;
  readonly extra: number;
}

export interface Agreement {
  readonly vertebrae: number;
  /** Mean over the vertebrae. */
  readonly maskDice: number;
  /** Mean over the vertebrae with lesions of |ours - yardstick| / yardstick, and that of all volumes together, signed. */
  readonly volumeError: number;
  readonly volumeBias: number;
  /** Share of the lesions of either side that have a partner. */
  readonly sameLesions: number;
  /** Share of the vertebrae in which all have. */
  readonly sameVertebrae: number;
}

export function compareVertebra(yardstick: readonly SliceMasks[], ours: readonly SliceMasks[]): VertebraAgreement {
  let [common, theirs, own, matched, missed, extra] = [0, 0, 0, 0, 0, 0];
  for (const kind of KINDS) {
    const [a, b] = [yardstick, ours].map(slices => voxelsOf(slices, kind));
    theirs += a.size;
    own += b.size;
    for (const voxel of a) if (b.has(voxel)) common++;
    const [lesions, others] = [lesionsOf(a), lesionsOf(b)];
    const pairs = matchRegions(lesions, others).size;
    matched += pairs;
    missed += lesions.length - pairs;
    extra += others.length - pairs;
  }
  const maskDice = theirs + own > 0 ? (2 * common) / (theirs + own) : 1;
  return { maskDice, voxels: [theirs, own], matched, missed, extra };
}

/** Lesions of both kinds, specks aside. */
export function lesionCount(slices: readonly SliceMasks[]): number {
  return KINDS.reduce((sum, kind) => sum + lesionsOf(voxelsOf(slices, kind)).length, 0);
}

export function agreementOf(vertebrae: readonly VertebraAgreement[]): Agreement {
  const sum = (of: (one: VertebraAgreement) => number) => vertebrae.reduce((total, one) => total + of(one), 0);
  const withLesions = vertebrae.filter(({ voxels }) => voxels[0] >= LEAST_VOXELS);
  const error = ({ voxels: [theirs, own] }: VertebraAgreement) => Math.abs(own - theirs) / theirs;
  const matched = sum(one => one.matched);
  return {
    vertebrae: vertebrae.length,
    maskDice: sum(one => one.maskDice) / vertebrae.length,
    volumeError: withLesions.reduce((total, one) => total + error(one), 0) / Math.max(1, withLesions.length),
    volumeBias: sum(one => one.voxels[1]) / sum(one => one.voxels[0]) - 1,
    sameLesions: matched / Math.max(1, matched + sum(one => one.missed + one.extra)),
    sameVertebrae: sum(one => (one.missed + one.extra === 0 ? 1 : 0)) / vertebrae.length,
  };
}

function voxelsOf(slices: readonly SliceMasks[], kind: LesionKind): Set<number> {
  const voxels = new Set<number>();
  for (const slice of slices) {
    slice[`${kind}Mask`].forEach((inside, i) => {
      if (inside) voxels.add(slice.index * PATCH_PIXELS + i);
    });
  }
  return voxels;
}

function lesionsOf(voxels: ReadonlySet<number>): ReadonlySet<number>[] {
  const slices = Math.max(0, ...[...voxels].map(voxel => Math.floor(voxel / PATCH_PIXELS))) + 1;
  return connectedParts(voxels, { dims: [PATCH_SIZE, PATCH_SIZE, slices] })
    .filter(part => part.length >= LEAST_VOXELS)
    .map(part => new Set(part));
}
