/** One vertebra as training and evaluation read it: 64 x 64 x n voxels around its body, and the body's mask. */
import {
  type Labelmap,
  PATCH_PIXELS,
  PATCH_SIZE,
  type PatchSpec,
  patchSite,
  sagittalPatch,
  type Volume,
} from '@spine/core';
import { writeNifti } from '@spine/phantoms/files/niftiWrite';

/** Spacing of the published model, which the training's own crops have too (training/TRAINING.md). */
export const CROP_SPEC: PatchSpec = {
  size: PATCH_SIZE,
  spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 },
};

/** NIfTI order: axis 0 anterior to posterior (fastest), 1 superior to inferior, 2 right to left of the patient. */
export interface VertebraCrop {
  readonly hu: Int16Array;
  readonly body: Uint8Array;
  readonly dims: readonly [number, number, number];
}

/** @throws InputError 'empty-mask', 'body-at-edge' */
export function vertebraCrop(volume: Volume, bodies: Labelmap, label: number): VertebraCrop {
  const site = patchSite(bodies, label, CROP_SPEC);
  const slices = site.offsetsMm.length;
  const hu = new Int16Array(PATCH_PIXELS * slices);
  const body = new Uint8Array(PATCH_PIXELS * slices);
  site.offsetsMm.forEach((offsetMm, k) => {
    const patch = sagittalPatch(volume, bodies, site, offsetMm, CROP_SPEC);
    for (let pixel = 0; pixel < PATCH_PIXELS; pixel++) {
      const [row, column] = [Math.floor(pixel / PATCH_SIZE), pixel % PATCH_SIZE];
      const voxel = row + PATCH_SIZE * (column + PATCH_SIZE * k);
      hu[voxel] = Math.round(patch.raw[pixel]);
      body[voxel] = patch.bodyMask[pixel];
    }
  });
  return { hu, body, dims: [PATCH_SIZE, PATCH_SIZE, slices] };
}

/** Lesions drawn on the CT's grid, any label of each map: 1 lytic, 2 blastic, 0 elsewhere and outside the body. */
export function truthCrop(
  volume: Volume,
  bodies: Labelmap,
  label: number,
  kinds: Readonly<Record<1 | 2, Labelmap>>
): Uint8Array {
  const site = patchSite(bodies, label, CROP_SPEC);
  const truth = new Uint8Array(PATCH_PIXELS * site.offsetsMm.length);
  for (const value of [1, 2] as const) {
    // The lesion under the label of its body, so that the same box is searched.
    const labels = bodies.labels.map((body, i) => (body === label && kinds[value].labels[i] ? label : 0));
    if (!labels.includes(label)) continue;
    const drawn = { ...bodies, labels };
    site.offsetsMm.forEach((offsetMm, k) => {
      sagittalPatch(volume, drawn, site, offsetMm, CROP_SPEC).bodyMask.forEach((inside, pixel) => {
        if (inside)
          truth[Math.floor(pixel / PATCH_SIZE) + PATCH_SIZE * ((pixel % PATCH_SIZE) + PATCH_SIZE * k)] = value;
      });
    });
  }
  return truth;
}

/** Without the place in the scanner, which says nothing that training needs. */
export function writeCrop(path: string, data: Int16Array | Uint8Array, { dims }: VertebraCrop): void {
  const { anteriorPosterior, superiorInferior, leftRight } = CROP_SPEC.spacingMm;
  // LPS to RAS: the first two axes change their sign.
  const affine = [
    [0, 0, -leftRight, 0],
    [-anteriorPosterior, 0, 0, 0],
    [0, -superiorInferior, 0, 0],
  ];
  writeNifti(path, data, dims, affine, 'crop of one vertebra, research only');
}
