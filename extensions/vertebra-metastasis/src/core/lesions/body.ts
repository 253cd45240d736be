/** What a lesion is measured against in its body: thirds, surface, and the attenuation of the rest. */
import { applyAffine, type LabelExtent, type Vec3, voxelSpacingMm } from '../geometry';
import { huStatistics } from '../study/measure';
import type { Labelmap, Volume } from '../types';
import type { LesionPlace } from './types';

/** The outer shell that counts as cortex, mm: cortical bone of a body is thinner, the outline of a mask is no better. */
export const CORTEX_MM = 2;

/** By thirds of the body's size along the patient's axes. @param centreLps of the lesion, mm */
export function placeInBody(bodies: Labelmap, extent: LabelExtent, centreLps: Vec3): LesionPlace {
  const { low, high } = bounds(bodies, extent);
  const third = (axis: 0 | 1 | 2) => {
    const share = (centreLps[axis] - low[axis]) / (high[axis] - low[axis] || 1);
    return share < 1 / 3 ? 0 : share > 2 / 3 ? 2 : 1;
  };
  // LPS: x runs to the patient's left, y to posterior, z to superior.
  return {
    side: (['right', 'central', 'left'] as const)[third(0)],
    depth: (['anterior', 'middle', 'posterior'] as const)[third(1)],
    height: (['lower', 'middle', 'upper'] as const)[third(2)],
  };
}

/** The outermost voxel centres of a body along the patient's axes, mm. */
function bounds({ labels, dims, indexToLps }: Labelmap, { label, min, max }: LabelExtent): { low: Vec3; high: Vec3 } {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        if (labels[i + dims[0] * (j + dims[1] * k)] !== label) continue;
        applyAffine(indexToLps, [i, j, k]).forEach((mm, axis) => {
          if (mm < low[axis]) low[axis] = mm;
          if (mm > high[axis]) high[axis] = mm;
        });
      }
    }
  }
  return { low, high };
}

/** Share of voxels that lie no deeper below the body's surface than {@link CORTEX_MM}, looked for along the grid's axes. */
export function cortexShare(offsets: readonly number[], { labels, dims, indexToLps }: Labelmap, label: number): number {
  const spacing = voxelSpacingMm(indexToLps);
  const strides = [1, dims[0], dims[0] * dims[1]];
  const steps = spacing.map(mm => Math.max(1, Math.round(CORTEX_MM / mm)));
  const near = offsets.filter(at => {
    const index = [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / strides[2])];
    return strides.some((stride, axis) =>
      [-1, 1].some(sign => {
        const there = index[axis] + sign * steps[axis];
        return there < 0 || there >= dims[axis] || labels[at + sign * steps[axis] * stride] !== label;
      })
    );
  });
  return offsets.length === 0 ? 0 : near.length / offsets.length;
}

/** Median attenuation of the body outside lesions and cortex, HU; undefined where nothing of it is left. @param isLesion by offset */
export function healthyMedianHu(
  { hu }: Pick<Volume, 'hu'>,
  { labels, dims }: Labelmap,
  { label, min, max }: LabelExtent,
  isLesion: (offset: number) => boolean
): number | undefined {
  const values: number[] = [];
  const [columns, rows] = dims;
  for (let k = min[2] + 1; k < max[2]; k++) {
    for (let j = min[1] + 1; j < max[1]; j++) {
      for (let i = min[0] + 1; i < max[0]; i++) {
        const at = i + columns * (j + rows * k);
        // The outermost layer is cortex and partial volume.
        const inside = [at, at - 1, at + 1, at - columns, at + columns].every(next => labels[next] === label);
        if (inside && !isLesion(at)) values.push(hu[at]);
      }
    }
  }
  return values.length === 0 ? undefined : huStatistics(values).median;
}
