import { applyAffine, type Labelmap } from '../../core';

type Index = readonly [number, number, number];

/**
 * LPS mm of the labelled voxel nearest the label's centroid: a place that is certainly inside, also in ring shapes.
 * Undefined when no voxel carries the label.
 */
export function innerVoxelLps({ labels, dims, indexToLps }: Labelmap, label: number): Index | undefined {
  const indexOf = (at: number): Index => [
    at % dims[0],
    Math.floor(at / dims[0]) % dims[1],
    Math.floor(at / (dims[0] * dims[1])),
  ];
  const sum = [0, 0, 0];
  let count = 0;
  const each = (visit: (index: Index) => void) => {
    for (let at = labels.indexOf(label); at >= 0; at = labels.indexOf(label, at + 1)) visit(indexOf(at));
  };
  each(index => {
    count++;
    index.forEach((value, axis) => (sum[axis] += value));
  });
  if (count === 0) return undefined;
  let best: Index | undefined;
  let nearest = Infinity;
  each(index => {
    const distance = index.reduce((total, value, axis) => total + (value - sum[axis] / count) ** 2, 0);
    if (distance < nearest) [best, nearest] = [index, distance];
  });
  return best && applyAffine(indexToLps, best);
}
