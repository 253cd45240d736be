import { InputError } from '../core';
import { outlines } from './contours/outline';
import type { Ring } from './contours/ring';
import type { RegionSlice } from './contours/region';
import { referenceTo } from './context';
import type { CtSeries } from './ctSeries';
import type { NaturalizedInstance } from './dataset';
import { add, scale } from './vector';

/** Digits after the point, mm: far below any pixel, and short decimal strings. */
const DECIMALS = 4;
/** Explicit VR DS elements hold 65534 bytes; a longer contour is simplified until it fits. */
const MAX_BYTES = 65534;
/** First tolerance tried, mm, when a contour is too long as it is. */
const FIRST_FIT_MM = 0.05;
/** Simplifying further would no longer be the same region. */
const MAX_FIT_MM = 5;

/**
 * One item of ContourSequence per outline, slice by slice.
 * @param toleranceMm of simplification
 */
export function contourItems(
  slices: readonly RegionSlice[],
  series: CtSeries,
  toleranceMm: number
): NaturalizedInstance[] {
  const items = slices.flatMap(region =>
    contourData(region, series, toleranceMm).map(points => ({
      ContourImageSequence: [referenceTo(series.instances[region.slice])],
      ContourGeometricType: 'CLOSED_PLANAR',
      NumberOfContourPoints: String(points.length / 3),
      ContourData: points,
    }))
  );
  return items.map((contour, n) => ({ ContourNumber: String(n + 1), ...contour }));
}

/** x, y, z of every point in LPS mm, as decimal strings; one list per outline. */
function contourData({ slice, field }: RegionSlice, series: CtSeries, toleranceMm: number): string[][] {
  const [columnSpacingMm, rowSpacingMm] = series.spacingMm;
  for (let tolerance = toleranceMm; ; tolerance = Math.max(FIRST_FIT_MM, 2 * tolerance)) {
    const rings = outlines(field, { columnSpacingMm, rowSpacingMm, toleranceMm: tolerance });
    const data = rings.map(ring => toLps(ring, slice, series));
    if (tolerance > MAX_FIT_MM) {
      throw new InputError('contour-too-long', { slice: slice + 1 });
    }
    if (data.every(points => points.reduce((bytes, point) => bytes + point.length + 1, 0) <= MAX_BYTES)) return data;
  }
}

function toLps(ring: Ring, slice: number, { positions, directions, spacingMm }: CtSeries): string[] {
  return ring.flatMap(([column, row]) => {
    const inPlane = add(scale(directions[0], column * spacingMm[0]), scale(directions[1], row * spacingMm[1]));
    // Adding 0 turns -0 into 0.
    return add(positions[slice], inPlane).map(mm => String(Number(mm.toFixed(DECIMALS)) + 0));
  });
}
