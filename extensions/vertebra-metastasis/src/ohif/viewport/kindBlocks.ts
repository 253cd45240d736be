/** The lesions of each kind as a small volume around them. */
import { applyAffine, axisStep, LESION_3D_KINDS, type Labelmap, type Lesion3dKind, type Vec3 } from '../../core';

export interface KindBlock {
  readonly kind: Lesion3dKind;
  readonly dims: [number, number, number];
  readonly spacingMm: [number, number, number];
  /** Of the steps along columns, rows and slices, one after the other; LPS. */
  readonly directions: number[];
  /** Middle of the first voxel, LPS mm. */
  readonly originLps: [number, number, number];
  /** `inside` in a lesion, else 0; a layer of one voxel around them is empty. */
  readonly values: Int16Array;
}

/** @param kindOf by label @returns kinds without a voxel are left out */
export function kindBlocks(
  { labels, dims, indexToLps }: Labelmap,
  kindOf: ReadonlyMap<number, Lesion3dKind>,
  inside: number
): KindBlock[] {
  const offsets = new Map<Lesion3dKind, number[]>();
  for (let at = 0; at < labels.length; at++) {
    const kind = labels[at] > 0 ? kindOf.get(labels[at]) : undefined;
    if (!kind) continue;
    const list = offsets.get(kind) ?? [];
    list.push(at);
    offsets.set(kind, list);
  }
  const place = (at: number): Vec3 => [
    at % dims[0],
    Math.floor(at / dims[0]) % dims[1],
    Math.floor(at / (dims[0] * dims[1])),
  ];
  const steps = ([0, 1, 2] as const).map(axis => axisStep(indexToLps, axis));
  const spacing = steps.map(step => Math.hypot(...step));
  return LESION_3D_KINDS.flatMap((kind): KindBlock[] => {
    const places = (offsets.get(kind) ?? []).map(place);
    if (places.length === 0) return [];
    const axes = [0, 1, 2] as const;
    const low = axes.map(axis => places.reduce((least, one) => Math.min(least, one[axis]), Infinity) - 1);
    const size = axes.map(axis => places.reduce((most, one) => Math.max(most, one[axis]), 0) - low[axis] + 2);
    const values = new Int16Array(size[0] * size[1] * size[2]);
    for (const [i, j, k] of places) values[i - low[0] + size[0] * (j - low[1] + size[1] * (k - low[2]))] = inside;
    return [
      {
        kind,
        values,
        directions: steps.flatMap((step, axis) => step.map(mm => mm / spacing[axis])),
        dims: [size[0], size[1], size[2]],
        spacingMm: [spacing[0], spacing[1], spacing[2]],
        originLps: [...applyAffine(indexToLps, [low[0], low[1], low[2]])],
      },
    ];
  });
}
