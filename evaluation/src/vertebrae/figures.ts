/** Figures of the measurement. */
import { type BodyMask, type Labelmap, type Vec3 } from '@spine/core';

/** Overlap of a mask with one label: 2 |A and B| / (|A| + |B|). */
export function diceOf({ min, dims, labels, voxels }: BodyMask, truth: Labelmap, label: number): number {
  let both = 0;
  for (let k = 0, at = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, at++) {
        const offset = min[0] + i + truth.dims[0] * (min[1] + j + truth.dims[1] * (min[2] + k));
        if (labels[at] && truth.labels[offset] === label) both++;
      }
    }
  }
  return (2 * both) / (voxels + voxelsOf(truth, label));
}

export function voxelsOf({ labels }: Labelmap, label: number): number {
  let count = 0;
  for (const value of labels) if (value === label) count++;
  return count;
}

export function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Random directions with lengths up to `mm`, the same for the same seed (Lehmer generator). */
export function randomOffsets(count: number, mm: number, seed: number): Vec3[] {
  let state = seed * 7919 + 1;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return Array.from({ length: count }, () => {
    const v = [next() - 0.5, next() - 0.5, next() - 0.5];
    const scale = (mm * (0.5 + 0.5 * next())) / Math.hypot(...v);
    return [v[0] * scale, v[1] * scale, v[2] * scale];
  });
}
