import { InputError, type Labelmap, type Volume } from '@spine/core';
import type { Field } from '../math/grid';

/** Direction cosines this far from 0 still count as axis-parallel: rounding of headers. */
const COSINE_TOLERANCE = 1e-3;

/**
 * A volume as a field: axes permuted and flipped so that i runs to the left, j to posterior, k to superior.
 * @throws InputError 'oblique' when the volume's axes are not parallel to the patient's
 */
export function fieldOf(volume: Volume | Labelmap): Field {
  const values = 'hu' in volume ? volume.hu : volume.labels;
  const m = volume.indexToLps;
  const axes = [0, 1, 2].map(world => {
    const row = [0, 1, 2].map(index => m[4 * world + index]);
    const from = row.reduce((best, value, n) => (Math.abs(value) > Math.abs(row[best]) ? n : best), 0);
    const step = row[from];
    if (row.some((value, n) => n !== from && Math.abs(value) > COSINE_TOLERANCE * Math.abs(step)))
      throw new InputError('oblique');
    return { from, step, size: volume.dims[from], first: m[4 * world + 3] };
  });
  const strides = [1, volume.dims[0], volume.dims[0] * volume.dims[1]];
  const walk = axes.map(({ from, step, size }) => ({
    start: step > 0 ? 0 : (size - 1) * strides[from],
    stride: step > 0 ? strides[from] : -strides[from],
  }));
  const dims = [axes[0].size, axes[1].size, axes[2].size] as const;
  const data = new Float32Array(values.length);
  for (let k = 0, n = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++) {
      let at = walk[0].start + walk[1].start + walk[2].start + k * walk[2].stride + j * walk[1].stride;
      for (let i = 0; i < dims[0]; i++, n++, at += walk[0].stride) data[n] = values[at];
    }
  const lowest = axes.map(({ first, step, size }) => (step > 0 ? first : first + (size - 1) * step));
  const spacing = axes.map(({ step }) => Math.abs(step));
  return {
    data,
    dims,
    origin: [lowest[0], lowest[1], lowest[2]],
    spacing: [spacing[0], spacing[1], spacing[2]],
  };
}

/** Whether an LPS position lies within the field's voxel centres. */
export function insideField({ dims, origin, spacing }: Field, x: number, y: number, z: number): boolean {
  return (
    x >= origin[0] &&
    x <= origin[0] + (dims[0] - 1) * spacing[0] &&
    y >= origin[1] &&
    y <= origin[1] + (dims[1] - 1) * spacing[1] &&
    z >= origin[2] &&
    z <= origin[2] + (dims[2] - 1) * spacing[2]
  );
}
