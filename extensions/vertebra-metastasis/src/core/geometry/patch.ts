/**
 * Sagittal 64 x 64 patches through a vertebral body, in patient axes whatever the orientation of the CT stack.
 * Rows run anterior -> posterior (+y in LPS), columns superior -> inferior (-z), slices along left (+x).
 */
import { InputError, type Labelmap, PATCH_PIXELS, PATCH_SIZE, type PatchMask, type Volume } from '../types';
import { applyAffine, invert, type Vec3, voxelHalfWidthMm } from './affine';
import { type LabelExtent, labelExtents } from './labels';
import { insideGrid, trilinear } from './sample';

/** Pixel distances in mm; a property of the model, from its manifest. */
export interface PatchSpacing {
  /** Between rows. */
  readonly anteriorPosterior: number;
  /** Between columns. */
  readonly superiorInferior: number;
  /** Between neighbouring sagittal slices. */
  readonly leftRight: number;
}

export interface PatchSpec {
  readonly size: number;
  readonly spacingMm: PatchSpacing;
  /** Share of a body's width, around its middle, whose slices the model was trained for; undefined: the whole width. */
  readonly trainedWidthFraction?: number;
  /** How a slice is judged before it is searched; undefined: alone, by the classifier's own decision. */
  readonly screening?: Screening;
}

/** A slice is judged together with its neighbours, at a threshold calibrated on real healthy bone. */
export interface Screening {
  /** The classifier's logits are averaged over the slices at most this far away, mm. */
  readonly withinMm: number;
  /** Added to that mean: calibrated on real bodies without metastases. */
  readonly logitShift: number;
  /**
   * Added to every slice of a vertebra of which one slice comes out at P 0.5 or more: where there is one lesion, its other slices
   * are likelier to show it than those of any vertebra. Undefined: 0.
   */
  readonly suspiciousVertebraShift?: number;
  /**
   * A slice that the classifier, asked about it alone and without any shift, finds less likely malignant than this is not searched,
   * whatever its neighbours say: there is then next to nothing for a region to explain, and scores are noise. Where the model has a
   * screening network, this is P by the combined logit of the slice alone. Undefined: 0.
   */
  readonly leastOwnProbability?: number;
  /** How a screening network's logits are used; undefined: the model has none, and the encoder alone decides. */
  readonly network?: ScreeningNetworkUse;
}

/**
 * Use of the model's screening network (docs/screening.md). The logit of a slice alone is
 * `encoderWeight` * logit(encoder's P) + `networkWeight` * max(lytic, blastic logit); neighbours and shifts then apply as without it.
 */
export interface ScreeningNetworkUse {
  /** Places of the slices in a stack, counted in slices of the body from the one asked about. */
  readonly sliceSteps: readonly number[];
  readonly encoderWeight: number;
  readonly networkWeight: number;
  /**
   * A region counts only in slices where the network's logit for its kind, averaged over the screened slices at most `withinMm` away,
   * is at least this. Undefined: the network has no say in that.
   */
  readonly leastKindLogit?: number;
}

/** Where a patch lies: pixel (row, column) is at origin + row * AP * rowDirection + column * SI * columnDirection. */
export interface PatchFrame {
  /** LPS mm of the centre of pixel (0, 0). */
  readonly origin: Vec3;
  /** Unit step from one row to the next, towards posterior. */
  readonly rowDirection: Vec3;
  /** Unit step from one column to the next, towards inferior. */
  readonly columnDirection: Vec3;
  /** Unit step from one slice to the next, towards the patient's left. */
  readonly normal: Vec3;
  readonly spacing: PatchSpacing;
}

export interface SagittalPatch {
  /** HU, row-major, 64 x 64, not normalised. */
  readonly raw: Float32Array;
  readonly bodyMask: PatchMask;
  readonly bodyPixels: number;
  /** Pixels outside the CT, filled with the darkest value of the part inside. */
  readonly paddedPixels: number;
  readonly frame: PatchFrame;
}

/** One vertebral body and the grid of sagittal slices laid through it. */
export interface PatchSite {
  readonly extent: LabelExtent;
  /** LPS mm; every slice of this body is centred on its y and z. */
  readonly centreLps: Vec3;
  /** Offsets in mm along +x from the centre, ascending, every `leftRight` mm, through the whole body; 0 is among them. */
  readonly offsetsMm: readonly number[];
}

/** The patch centre lies between the two middle pixels. */
const HALF_PATCH = (PATCH_SIZE - 1) / 2;
/** Positions are computed in floating point; a difference this small, in slices or voxels, is none. A power of two, so that interpolation weights are exact in every storage order. */
const ROUNDING = 2 ** -20;
const ROW_DIRECTION: Vec3 = [0, 1, 0];
const COLUMN_DIRECTION: Vec3 = [0, 0, -1];
const NORMAL: Vec3 = [1, 0, 0];

/**
 * Finds a body and lays sagittal slices through it.
 * @param bodies vertebral bodies on the CT's grid
 * @param extents of `bodies`, when the caller has them already
 * @throws InputError 'empty-mask' (label absent), 'body-at-edge' (the body is cut by the border of the CT),
 *   'patch-size' (the model wants another size)
 */
export function patchSite(
  bodies: Labelmap,
  label: number,
  spec: PatchSpec,
  extents: ReadonlyMap<number, LabelExtent> = labelExtents(bodies)
): PatchSite {
  if (spec.size !== PATCH_SIZE) {
    throw new InputError('patch-spec', { wanted: spec.size, known: PATCH_SIZE });
  }
  const extent = extents.get(label);
  if (!extent) {
    throw new InputError('empty-mask', { mask: String(label) });
  }
  if (extent.touchesEdge) {
    throw new InputError('body-at-edge', { label });
  }
  const { leftRight } = spec.spacingMm;
  const [left, right] = leftRightRange(bodies, extent);
  // A slice on the very border of the body belongs to it, whatever the last bit says.
  const first = Math.ceil((left - extent.centreLps[0]) / leftRight - ROUNDING);
  const last = Math.floor((right - extent.centreLps[0]) / leftRight + ROUNDING);
  const offsetsMm = Array.from({ length: last - first + 1 }, (_, n) => (first + n) * leftRight);
  return { extent, centreLps: extent.centreLps, offsetsMm };
}

/** Smallest and largest x (LPS mm) that the boxes of the label's voxels reach. */
function leftRightRange({ labels, dims, indexToLps }: Labelmap, { label, min, max }: LabelExtent): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        if (labels[i + dims[0] * (j + dims[1] * k)] !== label) continue;
        const x = indexToLps[0] * i + indexToLps[1] * j + indexToLps[2] * k + indexToLps[3];
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
    }
  }
  const reach = voxelHalfWidthMm(indexToLps);
  return [low - reach, high + reach];
}

/** The frame of the slice `offsetMm` to the left of the site's centre. */
export function patchFrame(site: PatchSite, offsetMm: number, spacing: PatchSpacing): PatchFrame {
  const [x, y, z] = site.centreLps;
  return {
    origin: [x + offsetMm, y - HALF_PATCH * spacing.anteriorPosterior, z + HALF_PATCH * spacing.superiorInferior],
    rowDirection: ROW_DIRECTION,
    columnDirection: COLUMN_DIRECTION,
    normal: NORMAL,
    spacing,
  };
}

/**
 * Resamples one sagittal slice: HU trilinearly, the body mask trilinearly with a threshold of one half.
 * Pixels outside the CT take the smallest value found inside, which leaves the patch's normalisation unchanged.
 * Inputs are not modified.
 */
export function sagittalPatch(
  volume: Volume,
  bodies: Labelmap,
  site: PatchSite,
  offsetMm: number,
  spec: PatchSpec
): SagittalPatch {
  const frame = patchFrame(site, offsetMm, spec.spacingMm);
  const { raw, outside } = sampleHu(volume, frame);
  const bodyMask = sampleMask(bodies, site.extent, frame);
  let bodyPixels = 0;
  for (const inside of bodyMask) bodyPixels += inside;
  return { raw, bodyMask, bodyPixels, paddedPixels: outside, frame };
}

function sampleHu({ hu, dims, indexToLps }: Volume, frame: PatchFrame): { raw: Float32Array; outside: number } {
  const raw = new Float32Array(PATCH_PIXELS);
  const padded: number[] = [];
  const valueAt = (offset: number) => hu[offset];
  let minimum = Infinity;
  forEachPixel(frame, invert(indexToLps), (pixel, i, j, k) => {
    if (!insideGrid(dims, i, j, k)) {
      padded.push(pixel);
      return;
    }
    raw[pixel] = trilinear(dims, valueAt, i, j, k);
    minimum = Math.min(minimum, raw[pixel]);
  });
  for (const pixel of padded) raw[pixel] = Number.isFinite(minimum) ? minimum : 0;
  return { raw, outside: padded.length };
}

function sampleMask({ labels, dims, indexToLps }: Labelmap, extent: LabelExtent, frame: PatchFrame): PatchMask {
  const mask: PatchMask = new Uint8Array(PATCH_PIXELS);
  const isBody = (offset: number) => (labels[offset] === extent.label ? 1 : 0);
  const { min, max } = extent;
  forEachPixel(frame, invert(indexToLps), (pixel, i, j, k) => {
    const near =
      i > min[0] - 1 && i < max[0] + 1 && j > min[1] - 1 && j < max[1] + 1 && k > min[2] - 1 && k < max[2] + 1;
    if (near && trilinear(dims, isBody, i, j, k) >= 0.5) mask[pixel] = 1;
  });
  return mask;
}

/** Visits the 64 x 64 pixels with their fractional voxel index, stepping along the frame. */
function forEachPixel(
  frame: PatchFrame,
  lpsToIndex: Float64Array,
  visit: (pixel: number, i: number, j: number, k: number) => void
): void {
  const { origin, rowDirection, columnDirection, spacing } = frame;
  for (let row = 0, pixel = 0; row < PATCH_SIZE; row++) {
    for (let column = 0; column < PATCH_SIZE; column++, pixel++) {
      const down = row * spacing.anteriorPosterior;
      const across = column * spacing.superiorInferior;
      const [i, j, k] = applyAffine(lpsToIndex, [
        origin[0] + down * rowDirection[0] + across * columnDirection[0],
        origin[1] + down * rowDirection[1] + across * columnDirection[1],
        origin[2] + down * rowDirection[2] + across * columnDirection[2],
      ]);
      visit(pixel, snapped(i), snapped(j), snapped(k));
    }
  }
}

const snapped = (index: number): number => Math.round(index / ROUNDING) * ROUNDING;
