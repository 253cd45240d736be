import { CENTRE, eachVoxel, ellipsoid, GRIDS, labelsOf, volumeOf } from '../testing/grids';
import { type Labelmap, PATCH_SIZE } from '../types';
import type { Vec3 } from './affine';
import type { LabelExtent } from './labels';
import { backProject } from './backProject';
import { type PatchFrame, patchFrame, patchSite, type PatchSpec, sagittalPatch } from './patch';

const spec: PatchSpec = { size: 64, spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 } };
const body = ellipsoid(CENTRE, [20, 15, 13]);
const lesion = ellipsoid([CENTRE[0] + 4, CENTRE[1] - 3, CENTRE[2] + 2], [9, 8, 7]);

interface LabelledSlice {
  readonly frame: PatchFrame;
  readonly labels: Uint8Array;
}

/** The label of the pixel that each voxel takes its value from; undefined where nothing is known. */
function labelsBehind(
  bodies: Labelmap,
  extent: LabelExtent,
  slices: readonly LabelledSlice[],
  visit: (offset: number, label: number | undefined) => void
): void {
  const frames = slices.map(({ frame }) => frame);
  backProject(bodies, extent, frames, (offset, slice, pixel) => visit(offset, slices[slice]?.labels[pixel]));
}

describe.each(Object.keys(GRIDS))('on a CT stored as %s', name => {
  const grid = GRIDS[name];
  const bodies = labelsOf(grid, body);
  const site = patchSite(bodies, 1, spec);

  test('a lesion drawn on all patches comes back to its voxels', () => {
    const slices = site.offsetsMm.map(offset => drawn(offset, lesion));
    const found = new Set<number>();
    let unknown = 0;
    labelsBehind(bodies, site.extent, slices, (offset, label) => {
      if (label === undefined) unknown++;
      else if (label) found.add(offset);
    });
    const truth = labelsOf(grid, lesion);
    const shift = [0, 0, 0];
    let [both, drawnVoxels] = [0, 0];
    eachVoxel(grid, (offset, position) => {
      drawnVoxels += truth.labels[offset];
      if (truth.labels[offset] && found.has(offset)) both++;
      position.forEach((value, axis) => {
        if (found.has(offset)) shift[axis] += (value - CENTRE[axis] - [4, -3, 2][axis]) / found.size;
      });
    });
    expect(unknown).toBe(0);
    expect((2 * both) / (found.size + drawnVoxels)).toBeGreaterThan(0.94);
    for (const mm of shift) expect(Math.abs(mm)).toBeLessThan(0.2);
  });

  test('only voxels that the central slice passes through are known from it', () => {
    const slices = [drawn(0, () => 1)];
    const known = new Set<number>();
    labelsBehind(bodies, site.extent, slices, (offset, label) => label !== undefined && known.add(offset));
    let wrong = 0;
    const reach = Math.max(
      0.4,
      [0, 1, 2].reduce((sum, axis) => sum + Math.abs(grid.indexToLps[axis]) / 2, 0)
    );
    eachVoxel(grid, (offset, position) => {
      const near = Math.abs(position[0] - site.centreLps[0]) <= reach + 1e-6;
      if (bodies.labels[offset] && near !== known.has(offset)) wrong++;
    });
    expect(known.size).toBeGreaterThan(100);
    expect(wrong).toBe(0);
  });

  function drawn(offset: number, labelAt: (position: Vec3) => number): LabelledSlice {
    const frame = patchFrame(site, offset, spec.spacingMm);
    const labels = Uint8Array.from({ length: PATCH_SIZE * PATCH_SIZE }, (_, pixel) => {
      const [row, column] = [Math.floor(pixel / PATCH_SIZE), pixel % PATCH_SIZE];
      return labelAt([frame.origin[0], frame.origin[1] + row * 0.8, frame.origin[2] - column * 0.675]);
    });
    return { frame, labels };
  }
});

test('the body mask of every slice comes back as the body', () => {
  const grid = GRIDS['oblique L P S'];
  const bodies = labelsOf(grid, body);
  const site = patchSite(bodies, 1, spec);
  const volume = volumeOf(grid, () => 0);
  const slices = site.offsetsMm.map(offset => {
    const { frame, bodyMask } = sagittalPatch(volume, bodies, site, offset, spec);
    return { frame, labels: bodyMask };
  });
  let inside = 0;
  labelsBehind(bodies, site.extent, slices, (_, label) => (inside += label ?? 0));
  // Voxels of the outermost layer may fall on pixels that are just outside the resampled mask.
  expect(inside / site.extent.voxels).toBeGreaterThan(0.95);
});

test('voxels beyond the 64 x 64 pixels are unknown', () => {
  const grid = GRIDS['head first, L P S'];
  const tall = labelsOf(grid, ellipsoid(CENTRE, [8, 8, 30]));
  const site = patchSite(tall, 1, spec);
  const slices = site.offsetsMm.map(offset => {
    const labels = new Uint8Array(PATCH_SIZE * PATCH_SIZE);
    return { frame: patchFrame(site, offset, spec.spacingMm), labels };
  });
  const heights: number[] = [];
  const unknown = new Set<number>();
  labelsBehind(tall, site.extent, slices, (offset, label) => label === undefined && unknown.add(offset));
  eachVoxel(grid, (offset, position) => unknown.has(offset) && heights.push(Math.abs(position[2] - CENTRE[2])));
  expect(unknown.size).toBeGreaterThan(0);
  expect(Math.min(...heights)).toBeGreaterThan(21);
});
