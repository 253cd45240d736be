import { InputError } from '../core';
import type { CtSeries } from './ctSeries';
import { describe, item, items, numbers, requiredNumber, text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { dot, scale, subtract, vector } from './vector';
import type { Vector3 } from './vector';

/** A SEG pixel may lie this far from a CT voxel centre, in voxels: rounding of decimal strings, not resampling. */
const GRID_TOLERANCE_VOXELS = 0.1;

/** Where the pixels of one frame lie: voxel index = start + column * columnStep + row * rowStep. */
export interface FramePlacement {
  readonly start: number;
  readonly columnStep: number;
  readonly rowStep: number;
  /** Whether a pixel lies inside the CT volume; a frame may be larger than the CT. */
  inside(column: number, row: number): boolean;
}

/**
 * Placement of each frame by its position, orientation and pixel spacing; falls back to the referenced CT slice when a frame
 * has no position. Cropped, flipped, transposed and even sagittal frames are placed as long as pixels meet voxel centres.
 * @throws InputError seg-grid when they do not
 */
export function frameMapper(seg: NaturalizedInstance, series: CtSeries): (frame: number) => FramePlacement {
  const shared = item(seg, 'SharedFunctionalGroupsSequence');
  const groups = items(seg, 'PerFrameFunctionalGroupsSequence');
  const rows = requiredNumber(seg, 'Rows');
  const columns = requiredNumber(seg, 'Columns');
  const sliceOf = new Map(series.instances.map((instance, k) => [text(instance, 'SOPInstanceUID'), k]));
  return frame => {
    const group = groups[frame] ?? {};
    const values = (macro: string, keyword: string) => {
      const own = numbers(item(group, macro), keyword);
      return own.length > 0 ? own : numbers(item(shared, macro), keyword);
    };
    const position = values('PlanePositionSequence', 'ImagePositionPatient');
    if (position.length !== 3) return placeBySource(seg, series, sliceOf, group, rows, columns, frame);
    const orientation = values('PlaneOrientationSequence', 'ImageOrientationPatient');
    const spacing = values('PixelMeasuresSequence', 'PixelSpacing');
    if (orientation.length !== 6 || spacing.length !== 2) {
      throw new InputError('missing-attribute', {
        object: describe(seg),
        keyword: orientation.length !== 6 ? 'ImageOrientationPatient' : 'PixelSpacing',
      });
    }
    const start = toIndex(series, subtract(vector(position), series.positions[0]));
    const alongColumns = toIndex(series, scale(vector(orientation.slice(0, 3)), spacing[1]));
    const alongRows = toIndex(series, scale(vector(orientation.slice(3)), spacing[0]));
    // The far corner accumulates the error of the steps, so check it, not the steps.
    const corner = start.map(
      (value, axis) => value + (columns - 1) * alongColumns[axis] + (rows - 1) * alongRows[axis]
    );
    for (const point of [start, corner]) {
      if (point.some(value => Math.abs(value - Math.round(value)) > GRID_TOLERANCE_VOXELS)) {
        throw new InputError('seg-grid', { frame: frame + 1, voxel: point });
      }
    }
    return placement(series, start.map(Math.round), alongColumns.map(Math.round), alongRows.map(Math.round), frame);
  };
}

/** LPS offset from voxel (0, 0, 0) in voxels along i, j, k. */
const toIndex = (series: CtSeries, offset: Vector3): number[] =>
  series.directions.map((direction, axis) => dot(direction, offset) / series.spacingMm[axis]);

function placement(series: CtSeries, start: number[], column: number[], row: number[], frame: number): FramePlacement {
  const { dims } = series;
  const unit = (step: number[]) => step.reduce((sum, value) => sum + Math.abs(value), 0) === 1;
  if (!unit(column) || !unit(row) || column.every((value, axis) => Math.abs(value) === Math.abs(row[axis]))) {
    throw new InputError('seg-voxel-size', { frame: frame + 1 });
  }
  const strides = [1, dims[0], dims[0] * dims[1]];
  const flat = (index: number[]) => index.reduce((sum, value, axis) => sum + value * strides[axis], 0);
  return {
    start: flat(start),
    columnStep: flat(column),
    rowStep: flat(row),
    inside: (c, r) =>
      dims.every((size, axis) => {
        const index = start[axis] + c * column[axis] + r * row[axis];
        return index >= 0 && index < size;
      }),
  };
}

function placeBySource(
  seg: NaturalizedInstance,
  series: CtSeries,
  sliceOf: ReadonlyMap<string, number>,
  group: NaturalizedInstance,
  rows: number,
  columns: number,
  frame: number
): FramePlacement {
  const source = item(item(group, 'DerivationImageSequence'), 'SourceImageSequence');
  const slice = sliceOf.get(text(source, 'ReferencedSOPInstanceUID'));
  if (slice === undefined || rows !== series.dims[1] || columns !== series.dims[0]) {
    throw new InputError('seg-frame-unplaced', { object: describe(seg), frame: frame + 1 });
  }
  return placement(series, [0, 0, slice], [1, 0, 0], [0, 1, 0], frame);
}
