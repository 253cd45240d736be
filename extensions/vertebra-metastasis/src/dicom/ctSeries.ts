import { InputError, withoutNoise } from '../core';
import type { Affine } from '../core';
import { axisOfNormal, checkOnePatient, checkPixels, phasesInWords, requireSame, tally } from './ctChecks';
import { CT_IMAGE_STORAGE, framesOfCt, MULTI_FRAME_CT } from './ctFrames';
import { describe, requiredNumber, requiredNumbers, text, valuesOf } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { checkStack, stackPositions } from './stack';
import { cross, dot, length, normalise, scale, vector } from './vector';
import type { Vector3 } from './vector';

/** Direction cosines are written with few digits by some scanners; a dot product this far from 0 is still orthogonal. */
const COSINE_TOLERANCE = 1e-3;
/** Positions are written to 1e-4 mm or so, which leaves this much of the mean of a few slices. */
const SPACING_STEP_MM = 1e-5;
/** An axial stack may lean up to 45 degrees; beyond that the image is a sagittal or coronal reformat. */
const MIN_AXIAL_COSINE = Math.SQRT1_2;

/** An image that is no slice of the stack. */
export interface PassedOver {
  /** How messages name it. */
  readonly object: string;
  /** 'localizer', 'other-plane', or the SOP class of what is no CT image. */
  readonly reason: string;
}

/** An axial CT stack with everything needed to place voxels and to refer to slices. */
export interface CtSeries {
  /**
   * One per slice, sorted along the normal: instance k is slice k of the volume. The frames of a multi-frame CT each have
   * one (see `framesOfCt`).
   */
  readonly instances: readonly NaturalizedInstance[];
  /** [columns, rows, slices] */
  readonly dims: readonly [number, number, number];
  /** (i, j, k) -> LPS in mm at voxel centres; right-handed (k runs along rowDirection x columnDirection). */
  readonly indexToLps: Affine;
  readonly frameOfReferenceUID: string;
  readonly seriesInstanceUID: string;
  readonly studyInstanceUID: string;
  /** Along i, j, k in mm. PixelSpacing[1], PixelSpacing[0], median distance between slices. */
  readonly spacingMm: Vector3;
  /** Unit vectors in LPS along i, j, k. */
  readonly directions: readonly [Vector3, Vector3, Vector3];
  /** ImagePositionPatient of each slice as written in the file: the LPS of its voxel (0, 0). */
  readonly positions: readonly Vector3[];
  /** Positions of the slices along the normal, in mm, ascending: the real ones, for volumes. */
  readonly slicePositionsMm: Float64Array;
  /** Images of the series that are no slice of the stack: localizers, dose pages. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * Sorts and checks the instances of one CT series. What is no slice of its stack is passed over and named: scouts (ImageType
 * LOCALIZER, or two images at most in another plane), dose pages and other objects that are no CT image.
 * @param instances any order; metadata only is enough; multi-frame objects count by their frames
 * @throws InputError no-ct, not-ct, mixed-series, several-patients, several-studies, duplicate-instance, too-few-slices,
 *   mixed-geometry, mixed-orientation, mixed-frame-of-reference, frame-of-reference, multi-frame-ct, no-hounsfield, pixel-format, not-axial,
 *   duplicate-positions, missing-slices, uneven-slices, gantry-tilt, missing-attribute, bad-number
 */
export function ctSeries(instances: readonly NaturalizedInstance[]): CtSeries {
  const { slices, passedOver } = stackImages(framesOfCt(instances));
  const first = slices[0];
  requireSame(slices, 'SeriesInstanceUID', 'mixed-series');
  checkOnePatient(slices);
  if (slices.length < 3) {
    throw new InputError('too-few-slices', { found: slices.length, needed: 3 });
  }
  requireSame(slices, 'FrameOfReferenceUID', 'mixed-frame-of-reference');
  requireSame(slices, 'Rows', 'mixed-geometry');
  requireSame(slices, 'Columns', 'mixed-geometry');
  const [row, column] = orientation(slices);
  const [rowSpacing, columnSpacing] = pixelSpacing(slices);
  const normal = cross(row, column);
  if (Math.abs(normal[2]) < MIN_AXIAL_COSINE) {
    throw new InputError('not-axial');
  }
  const stack = stackPositions(slices, normal);
  checkStack(stack, normal, Math.min(rowSpacing, columnSpacing), () => phasesInWords(slices));
  checkPixels(slices);
  const mean = (stack.alongMm[slices.length - 1] - stack.alongMm[0]) / (slices.length - 1);
  const spacing = Math.round(mean / SPACING_STEP_MM) * SPACING_STEP_MM;
  const frameOfReferenceUID = text(first, 'FrameOfReferenceUID');
  if (!frameOfReferenceUID) {
    throw new InputError('no-frame-of-reference');
  }
  const spacingMm: Vector3 = [columnSpacing, rowSpacing, spacing];
  return {
    instances: stack.order.map(index => slices[index]),
    dims: [requiredNumber(first, 'Columns'), requiredNumber(first, 'Rows'), slices.length],
    indexToLps: affine([row, column, normal], spacingMm, stack.positions[0]),
    frameOfReferenceUID,
    seriesInstanceUID: text(first, 'SeriesInstanceUID'),
    studyInstanceUID: text(first, 'StudyInstanceUID'),
    spacingMm,
    directions: [row, column, normal],
    positions: stack.positions,
    slicePositionsMm: stack.alongMm,
    passedOver,
  };
}

/** As many images in another plane are a scout; more are a second stack. */
const MOST_BESIDE = 2;

/** @throws InputError 'no-ct', 'not-ct' */
function stackImages(images: readonly NaturalizedInstance[]): {
  readonly slices: readonly NaturalizedInstance[];
  readonly passedOver: readonly PassedOver[];
} {
  for (const image of images) {
    const modality = text(image, 'Modality');
    if (modality !== 'CT') throw notCt(image, `modality ${modality || 'unknown'}`);
  }
  const reasons = images.map(whyNoSlice);
  const ct = images.filter((_, n) => reasons[n] === undefined);
  if (ct.length === 0) {
    const other = reasons.findIndex(reason => reason !== LOCALIZER);
    if (other < 0) throw new InputError('no-ct');
    throw notCt(images[other], reasons[other]!);
  }
  const stacks = tally(ct, axisOfNormal);
  const beside = new Set(stacks.slice(1).flatMap(([, list]) => list));
  // Anything else than one stack and a scout is told by the checks that follow.
  const clear = stacks.length > 1 && beside.size <= MOST_BESIDE && stacks[0][1].length > 2 * beside.size;
  const dropped = clear ? beside : new Set<NaturalizedInstance>();
  const passedOver = images.flatMap((image, n) => {
    const reason = reasons[n] ?? (dropped.has(image) ? 'other-plane' : undefined);
    return reason === undefined ? [] : [{ object: describe(image), reason }];
  });
  return { slices: ct.filter(slice => !dropped.has(slice)), passedOver };
}

const notCt = (image: NaturalizedInstance, found: string) =>
  new InputError('not-ct', { object: describe(image), found });

const LOCALIZER = 'localizer';

function whyNoSlice(image: NaturalizedInstance): string | undefined {
  const sopClass = text(image, 'SOPClassUID');
  if (sopClass !== '' && sopClass !== CT_IMAGE_STORAGE && !MULTI_FRAME_CT.includes(sopClass))
    return `SOP class ${sopClass}`;
  return valuesOf(image, 'ImageType').includes('LOCALIZER') ? LOCALIZER : undefined;
}

/** Row and column direction shared by all slices, made exactly unit and orthogonal. */
function orientation(slices: readonly NaturalizedInstance[]): [Vector3, Vector3] {
  const reference = requiredNumbers(slices[0], 'ImageOrientationPatient', 6);
  for (const slice of slices) {
    const values = requiredNumbers(slice, 'ImageOrientationPatient', 6);
    if (values.some((value, n) => Math.abs(value - reference[n]) > COSINE_TOLERANCE)) {
      throw new InputError('mixed-orientation', {
        keyword: 'ImageOrientationPatient',
        values: [reference, values].map(list => list.join('\\')),
      });
    }
  }
  const row = vector(reference.slice(0, 3));
  const column = vector(reference.slice(3));
  const skewed = Math.abs(dot(row, column)) > COSINE_TOLERANCE;
  if (skewed || Math.abs(length(row) - 1) > COSINE_TOLERANCE || Math.abs(length(column) - 1) > COSINE_TOLERANCE) {
    throw new InputError('bad-orientation', { values: reference });
  }
  const unitRow = normalise(row);
  const along = dot(unitRow, column);
  const unitColumn = normalise([
    column[0] - along * unitRow[0],
    column[1] - along * unitRow[1],
    column[2] - along * unitRow[2],
  ]);
  return [unitRow, unitColumn];
}

/** PixelSpacing [between rows, between columns] in mm, the same on every slice. */
function pixelSpacing(slices: readonly NaturalizedInstance[]): [number, number] {
  const [rowSpacing, columnSpacing] = requiredNumbers(slices[0], 'PixelSpacing', 2);
  if (!(rowSpacing > 0 && columnSpacing > 0)) {
    throw new InputError('bad-pixel-spacing', { values: [rowSpacing, columnSpacing] });
  }
  for (const slice of slices) {
    const [a, b] = requiredNumbers(slice, 'PixelSpacing', 2);
    if (Math.abs(a - rowSpacing) > 1e-4 || Math.abs(b - columnSpacing) > 1e-4) {
      throw new InputError('mixed-geometry', {
        keyword: 'PixelSpacing',
        values: [`${rowSpacing}\\${columnSpacing}`, `${a}\\${b}`],
      });
    }
  }
  return [rowSpacing, columnSpacing];
}

function affine(directions: readonly Vector3[], spacingMm: Vector3, origin: Vector3): Affine {
  const [x, y, z] = directions.map((direction, axis) => scale(direction, spacingMm[axis]));
  const rows = [0, 1, 2].flatMap(axis => [x[axis], y[axis], z[axis], origin[axis]]);
  return withoutNoise(Float64Array.from([...rows, 0, 0, 0, 1]));
}
