/** Which patch pixel each voxel of a body takes its value from: computed once, so that a threshold slider stays fluid. */
import { backProject, type LabelExtent } from '../geometry';
import { type Labelmap, PATCH_PIXELS } from '../types';
import type { VertebraFindings } from './findings';

export interface Projection {
  /** Voxels of the body that lie in a searched slice, into the CT grid. */
  readonly offsets: Uint32Array;
  /** Per voxel: searched slice * 4096 + pixel. */
  readonly pixels: Uint32Array;
  /** Voxels of the body in a slice that was called healthy, and so was not searched. */
  readonly screened: Uint32Array;
  /** Voxels of the body without an analysed slice; nothing is known of them. */
  readonly unknown: Uint32Array;
}

const kept = new WeakMap<Projection, ReadonlySet<number>>();
/** Voxels of the body that were not searched for lesions: a lesion may go on there. */
export function unsearchedVoxels(projection: Projection): ReadonlySet<number> {
  const voxels = kept.get(projection) ?? new Set([...projection.unknown, ...projection.screened]);
  kept.set(projection, voxels);
  return voxels;
}

/**
 * @param bodies on the CT grid
 * @param extent of the vertebra's label in `bodies`
 */
export function projectVertebra(
  bodies: Labelmap,
  extent: LabelExtent,
  { slices, screened }: Pick<VertebraFindings, 'slices' | 'screened'>
): Projection {
  const offsets: number[] = [];
  const pixels: number[] = [];
  const healthy: number[] = [];
  const unknown: number[] = [];
  const frames = [...slices.map(({ frame }) => frame), ...screened];
  backProject(bodies, extent, frames, (offset, slice, pixel) => {
    if (slice < 0) unknown.push(offset);
    else if (slice < slices.length) {
      offsets.push(offset);
      pixels.push(slice * PATCH_PIXELS + pixel);
    } else healthy.push(offset);
  });
  return {
    offsets: Uint32Array.from(offsets),
    pixels: Uint32Array.from(pixels),
    screened: Uint32Array.from(healthy),
    unknown: Uint32Array.from(unknown),
  };
}
