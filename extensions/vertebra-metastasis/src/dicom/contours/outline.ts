import { keyhole } from './keyhole';
import { zeroLevel } from './marchingSquares';
import { areSimple, simplifyRing } from './ring';
import type { Point, Ring } from './ring';

/** A function on a rectangle of pixels of one slice: inside where >= 0, in [-0.5, 0.5], linear between pixel centres. */
export interface PlaneField {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Index (column, row) in the slice of values[0]. */
  readonly left: number;
  readonly top: number;
}

export interface OutlineOptions {
  /** Distance between columns and between rows, mm. */
  readonly columnSpacingMm: number;
  readonly rowSpacingMm: number;
  /** Largest distance of a removed point from the simplified outline, mm. */
  readonly toleranceMm: number;
}

/**
 * Outlines of a region in one slice by marching squares, with holes joined by keyholes.
 * @param field must be negative along its border
 * @returns rings in pixel units: (column, row) of pixel centres are integers
 */
export function outlines(field: PlaneField, options: OutlineOptions): Ring[] {
  const { values, width, height, left, top } = field;
  return zeroLevel(values, width, height).map(polygon => {
    const [outer, ...holes] = simplify([polygon.outer, ...polygon.holes], options);
    return keyhole(outer, holes).map(([x, y]): Point => [x + left, y + top]);
  });
}

/** Simplifies all rings of a polygon, in mm; halves the tolerance until no edges cross. */
function simplify(rings: readonly Ring[], options: OutlineOptions): Ring[] {
  const { columnSpacingMm: sx, rowSpacingMm: sy } = options;
  const inMm = rings.map(ring => ring.map(([x, y]): Point => [x * sx, y * sy]));
  for (let tolerance = options.toleranceMm; ; tolerance = tolerance < 1e-3 ? 0 : tolerance / 2) {
    const simpler = inMm.map(ring => simplifyRing(ring, tolerance));
    if (tolerance === 0 || areSimple(simpler))
      return simpler.map(ring => ring.map(([x, y]): Point => [x / sx, y / sy]));
  }
}
