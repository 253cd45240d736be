/** The typical vertebral body: a waisted, kidney-shaped drum with slightly hollow ends, given by its sizes and its pose. */

/** Pose and size of a body. Lengths in mm, angles in radians, frame LPS. */
export interface BodyFit {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Turn about the left-right axis: positive leans the upper end to anterior. */
  readonly lean: number;
  /** Turn about the anterior-posterior axis. */
  readonly tilt: number;
  /** Turn about the body's own axis. */
  readonly turn: number;
  readonly width: number;
  readonly depth: number;
  readonly height: number;
  /** Share by which the posterior end is higher, and the anterior lower, than the middle. */
  readonly wedge: number;
}

/** Narrowing at mid-height; concavity of the posterior wall; squareness; depth of the endplates as share of half the height. */
const WAIST = 0.1;
const KIDNEY = 0.12;
const SQUARE = { anterior: 0.3, posterior: 0.8 } as const;
const BOWL = 0.08;

/**
 * How far out a point lies in units of the surface (1 on it), for coordinates in units of the half sizes.
 * Side and end are joined by an 8-norm, which rounds the rims.
 */
export function extentAt(x: number, y: number, z: number, wedge: number): number {
  const level = z * z > 1 ? 1 : z * z;
  const narrow = 1 - WAIST * (1 - level);
  const across = x * x;
  const v = y > 0 ? y * (1 + KIDNEY * (across < 1 ? 1 - across : 0)) : y;
  const rho2 =
    Math.max(0, across + v * v - (y > 0 ? SQUARE.posterior : SQUARE.anterior) * across * v * v) / (narrow * narrow);
  const front = y < -1 ? -1 : y > 1 ? 1 : y;
  const top = 1 + wedge * front - BOWL * (rho2 < 1 ? 1 - rho2 : 0);
  const end2 = (z * z) / (top * top);
  const side8 = rho2 * rho2 * rho2 * rho2;
  const end8 = end2 * end2 * end2 * end2;
  return Math.sqrt(Math.sqrt(Math.sqrt(side8 + end8)));
}

/** Distance in mm from the centre to the surface along a unit direction of the body's frame. */
export function radiusAlong(dx: number, dy: number, dz: number, fit: BodyFit): number {
  const [x, y, z] = [(2 * dx) / fit.width, (2 * dy) / fit.depth, (2 * dz) / fit.height];
  let radius = 1 / extentAt(x, y, z, fit.wedge);
  // Nearly homogeneous of degree one: a few corrections suffice.
  for (let n = 0; n < 2; n++) {
    const out = extentAt(radius * x, radius * y, radius * z, fit.wedge);
    radius /= out > 0 ? out : 1;
  }
  return radius;
}

/** Columns are the body's left, posterior and superior axes in LPS; row-major 3 x 3. */
export function bodyAxes({ lean, tilt, turn }: BodyFit): Float64Array {
  const [sl, cl, st, ct, sr, cr] = [
    Math.sin(lean),
    Math.cos(lean),
    Math.sin(tilt),
    Math.cos(tilt),
    Math.sin(turn),
    Math.cos(turn),
  ];
  // lean (about x) * tilt (about y) * turn (about z)
  const a = [ct * cr, -ct * sr, st];
  const b = [cl * sr + sl * st * cr, cl * cr - sl * st * sr, -sl * ct];
  const c = [sl * sr - cl * st * cr, sl * cr + cl * st * sr, cl * ct];
  return Float64Array.from([...a, ...b, ...c]);
}

/** Where an LPS point lies in units of the surface: below 1 inside. */
export function extentOf(fit: BodyFit, axes: Float64Array, px: number, py: number, pz: number): number {
  const [dx, dy, dz] = [px - fit.x, py - fit.y, pz - fit.z];
  const x = axes[0] * dx + axes[3] * dy + axes[6] * dz;
  const y = axes[1] * dx + axes[4] * dy + axes[7] * dz;
  const z = axes[2] * dx + axes[5] * dy + axes[8] * dz;
  return extentAt((2 * x) / fit.width, (2 * y) / fit.depth, (2 * z) / fit.height, fit.wedge);
}

/** Typical width and depth for a height, over the levels (after Panjabi's morphometry). */
export function typicalSizes(height: number): { readonly width: number; readonly depth: number } {
  const table = [
    [13, 18, 15.5],
    [17, 26, 18.5],
    [19, 28, 22.5],
    [21, 31, 27],
    [24, 36.5, 30],
    [27, 44, 33.5],
    [30, 50, 37],
    [36, 58, 43],
  ];
  const next = Math.max(
    1,
    table.findIndex(([h]) => h >= height)
  );
  const at = height > 36 ? table.length - 1 : next;
  const [low, high] = [table[at - 1], table[at]];
  const share = (height - low[0]) / (high[0] - low[0]);
  return { width: low[1] + share * (high[1] - low[1]), depth: low[2] + share * (high[2] - low[2]) };
}
