/** The voxels of a CT inside the network's outline, holes filled. */
import { applyAffine, invert } from '../../geometry';
import type { Volume } from '../../types';
import { type Block, valueAt } from '../fit/block';
import type { BodyMask } from '../fit/rasterise';
import type { Component } from './component';

/** @param component of the outline: what else is inside does not count */
export function outlineMask(
  { dims, indexToLps }: Pick<Volume, 'dims' | 'indexToLps'>,
  logits: Block,
  component: Component
): BodyMask {
  const box = boxOf({ dims, indexToLps }, logits, component);
  const [nx, ny, nz] = box.dims;
  const labels = new Uint8Array(nx * ny * nz);
  for (let k = 0, at = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, at++) {
        const [x, y, z] = applyAffine(indexToLps, [box.min[0] + i, box.min[1] + j, box.min[2] + k]);
        if (nearComponent(logits, component, x, y, z) && valueAt(logits, x, y, z) > 0) labels[at] = 1;
      }
  fillHoles(labels, box.dims);
  return { ...box, labels, voxels: labels.reduce((sum, value) => sum + value, 0) };
}

/** Whether one of the eight cells around a place belongs to the part. */
function nearComponent({ dims, origin, spacingMm }: Block, { cells }: Component, x: number, y: number, z: number) {
  const low = [x, y, z].map((value, axis) => Math.floor((value - origin[axis]) / spacingMm));
  for (let corner = 0; corner < 8; corner++) {
    const [i, j, k] = [low[0] + (corner & 1), low[1] + ((corner >> 1) & 1), low[2] + (corner >> 2)];
    const inside = i >= 0 && j >= 0 && k >= 0 && i < dims[0] && j < dims[1] && k < dims[2];
    if (inside && cells[i + dims[0] * (j + dims[1] * k)]) return true;
  }
  return false;
}

/** The CT's voxels around the part, with one to spare on each side where the CT goes on. */
function boxOf({ dims, indexToLps }: Pick<Volume, 'dims' | 'indexToLps'>, logits: Block, { cells }: Component) {
  const toIndex = invert(indexToLps);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const [nx, ny, nz] = logits.dims;
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++) {
        if (!cells[at]) continue;
        const place = [x, y, z].map((cell, axis) => logits.origin[axis] + cell * logits.spacingMm);
        const index = applyAffine(toIndex, [place[0], place[1], place[2]]);
        for (let axis = 0; axis < 3; axis++) {
          low[axis] = Math.min(low[axis], index[axis]);
          high[axis] = Math.max(high[axis], index[axis]);
        }
      }
  // A part's surface lies up to one cell beyond its cells.
  const room = [0, 1, 2].map(
    axis => 1 + logits.spacingMm * Math.hypot(toIndex[4 * axis], toIndex[4 * axis + 1], toIndex[4 * axis + 2])
  );
  const first = low.map((value, axis) => Math.max(0, Math.floor(value - room[axis])));
  const last = high.map((value, axis) => Math.min(dims[axis] - 1, Math.ceil(value + room[axis])));
  return {
    min: [first[0], first[1], first[2]] as const,
    dims: [0, 1, 2].map(axis => Math.max(0, last[axis] - first[axis] + 1)) as [number, number, number],
  };
}

/** Sets what the outside cannot reach: a hole that a lytic lesion leaves is part of the body. */
function fillHoles(labels: Uint8Array, [nx, ny, nz]: readonly [number, number, number]): void {
  const outside = new Uint8Array(labels.length);
  const queue: number[] = [];
  const visit = (at: number) => {
    if (labels[at] || outside[at]) return;
    outside[at] = 1;
    queue.push(at);
  };
  for (let at = 0; at < labels.length; at++) {
    const [x, y, z] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    if (x === 0 || y === 0 || z === 0 || x === nx - 1 || y === ny - 1 || z === nz - 1) visit(at);
  }
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const [x, y, z] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    if (x > 0) visit(at - 1);
    if (x < nx - 1) visit(at + 1);
    if (y > 0) visit(at - nx);
    if (y < ny - 1) visit(at + nx);
    if (z > 0) visit(at - nx * ny);
    if (z < nz - 1) visit(at + nx * ny);
  }
  for (let at = 0; at < labels.length; at++) if (!outside[at]) labels[at] = 1;
}
