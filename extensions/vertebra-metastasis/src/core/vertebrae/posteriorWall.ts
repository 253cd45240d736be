/**
 * Finds the posterior wall of a vertebral body: the front of the spinal canal. In the midline the canal separates the
 * body from the posterior elements, which shows the body's own outline and, with it, its tilt.
 */
import { InputError } from '../types';
import { GRID_MM, type ShapeGrid } from './grid';

/** Half the width of the midline band; narrower than any canal. mm */
const BAND_MM = 4;
/** Half the width of the strip of wall between the pedicles that shows the axial rotation. mm */
const STRIP_MM = 7;
/** Share of the body's height, about its middle, in which the wall is measured: clear of the endplates' rims. */
const HEIGHT_SHARE = 0.6;
/** Steepest tilt considered; S1 in a standing patient stays below. degrees */
const MAX_TILT = 60;
/** Steepest slope of the wall against the body's axes, from axial rotation or wedging (30 degrees). */
const MAX_SLOPE = 0.58;
/** Share of outline cells left outside on each side when the body's extent is measured: osteophytes, mask debris. */
const TRIM = 0.02;
/** A ray that ends further than this from the plane found so far met a pedicle or a hole; mm, by repetition. */
const WALL_TOLERANCES_MM = [5, 4, 3, 3];
/** Wall points needed for a plane. */
const MIN_WALL_POINTS = 12;

/** Body axes in the grid, in cells about `centre`: x towards left, `back` towards the canal, `up` along the body. */
export interface BodyAxes {
  readonly centre: readonly [number, number, number];
  /** Sine and cosine of the tilt: back = y cos + z sin, up = -y sin + z cos. */
  readonly sin: number;
  readonly cos: number;
}

/** back <= offset + slopeX * x + slopeUp * up is in front of the wall; cells. */
export interface PosteriorWall {
  readonly axes: BodyAxes;
  readonly offset: number;
  readonly slopeX: number;
  readonly slopeUp: number;
}

/** Distance in cells behind the wall (negative: in front) of a grid position in cells. */
export function behindWall({ axes, offset, slopeX, slopeUp }: PosteriorWall, x: number, y: number, z: number): number {
  const { centre, sin, cos } = axes;
  const [dy, dz] = [y - centre[1], z - centre[2]];
  const [back, up] = [dy * cos + dz * sin, -dy * sin + dz * cos];
  return back - (offset + slopeX * (x - centre[0]) + slopeUp * up);
}

/**
 * @param centre the cell deepest inside the body
 * @throws InputError 'no-body-found' when the midline shows no outline
 */
export function posteriorWall(grid: ShapeGrid, centre: readonly [number, number, number]): PosteriorWall {
  const outline = midlineOutline(grid, centre);
  if (outline.length < MIN_WALL_POINTS) {
    throw new InputError('no-body-in-mask');
  }
  const { axes, back, up } = uprightBox(outline, centre);
  const half = (HEIGHT_SHARE * (up[1] - up[0])) / 2;
  const middle = (up[0] + up[1]) / 2;
  const points = wallPoints(grid, axes, [middle - half, middle + half]);
  if (points.length < MIN_WALL_POINTS) return { axes, offset: back[1], slopeX: 0, slopeUp: 0 };
  return { axes, ...fitPlane(points) };
}

/** Cells (y, z) relative to the centre that most of the midline band fills and that connect to the centre. */
function midlineOutline({ dims, mask }: ShapeGrid, centre: readonly [number, number, number]): [number, number][] {
  const band = Math.round(BAND_MM / GRID_MM);
  const filled = (y: number, z: number) => {
    let count = 0;
    for (let x = centre[0] - band; x <= centre[0] + band; x++) {
      if (x >= 0 && x < dims[0]) count += mask[x + dims[0] * (y + dims[1] * z)];
    }
    return 2 * count > 2 * band + 1;
  };
  const seen = new Uint8Array(dims[1] * dims[2]);
  const queue: [number, number][] = [[centre[1], centre[2]]];
  const outline: [number, number][] = [];
  while (queue.length > 0) {
    const [y, z] = queue.pop()!;
    if (y < 0 || z < 0 || y >= dims[1] || z >= dims[2] || seen[y + dims[1] * z]) continue;
    seen[y + dims[1] * z] = 1;
    if (!filled(y, z)) continue;
    outline.push([y - centre[1], z - centre[2]]);
    queue.push([y - 1, z], [y + 1, z], [y, z - 1], [y, z + 1]);
  }
  return outline;
}

/** The tilted box of smallest area around the outline; a body's midline section is nearly a rectangle. */
function uprightBox(outline: readonly [number, number][], centre: readonly [number, number, number]) {
  let best: { axes: BodyAxes; back: [number, number]; up: [number, number]; area: number } | undefined;
  for (let degrees = -MAX_TILT; degrees <= MAX_TILT; degrees += 2) {
    const angle = (degrees * Math.PI) / 180;
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    const back = trimmedRange(outline.map(([y, z]) => y * cos + z * sin));
    const up = trimmedRange(outline.map(([y, z]) => -y * sin + z * cos));
    const area = (back[1] - back[0]) * (up[1] - up[0]);
    if (!best || area < best.area) best = { axes: { centre, sin, cos }, back, up, area };
  }
  return best!;
}

function trimmedRange(values: number[]): [number, number] {
  values.sort((a, b) => a - b);
  const drop = Math.floor(TRIM * values.length);
  return [values[drop], values[values.length - 1 - drop]];
}

interface WallPoint {
  readonly x: number;
  readonly up: number;
  readonly back: number;
}

/** Where rays from the middle of the body first leave the mask towards the canal. */
function wallPoints(grid: ShapeGrid, axes: BodyAxes, [low, high]: readonly [number, number]): WallPoint[] {
  const strip = Math.round(STRIP_MM / GRID_MM);
  const points: WallPoint[] = [];
  for (let up = Math.ceil(low); up <= high; up++) {
    for (let x = -strip; x <= strip; x++) {
      const back = exit(grid, axes, x, up);
      if (back !== undefined) points.push({ x, up, back });
    }
  }
  return points;
}

function exit({ dims, mask }: ShapeGrid, { centre, sin, cos }: BodyAxes, x: number, up: number): number | undefined {
  for (let back = 0; ; back += 0.5) {
    const cell = [centre[0] + x, centre[1] + back * cos - up * sin, centre[2] + back * sin + up * cos].map(Math.round);
    const inside = cell.every((n, axis) => n >= 0 && n < dims[axis]);
    if (inside && mask[cell[0] + dims[0] * (cell[1] + dims[1] * cell[2])]) continue;
    return back > 0 ? back : undefined;
  }
}

/** Least squares back = offset + slopeX x + slopeUp up, repeated without the rays that ran into a pedicle. */
function fitPlane(points: readonly WallPoint[]): Omit<PosteriorWall, 'axes'> {
  const sorted = points.map(({ back }) => back).sort((a, b) => a - b);
  let plane = { offset: sorted[Math.floor(sorted.length / 2)], slopeX: 0, slopeUp: 0 };
  for (const toleranceMm of WALL_TOLERANCES_MM) {
    const { offset, slopeX, slopeUp } = plane;
    const near = points.filter(
      ({ x, up, back }) => Math.abs(back - offset - slopeX * x - slopeUp * up) <= toleranceMm / GRID_MM
    );
    if (near.length < MIN_WALL_POINTS) break;
    plane = solvePlane(near);
  }
  const limited = (slope: number) => Math.min(MAX_SLOPE, Math.max(-MAX_SLOPE, slope));
  return { offset: plane.offset, slopeX: limited(plane.slopeX), slopeUp: limited(plane.slopeUp) };
}

function solvePlane(points: readonly WallPoint[]): Omit<PosteriorWall, 'axes'> {
  const n = points.length;
  const mean = (of: (p: WallPoint) => number) => points.reduce((sum, p) => sum + of(p), 0) / n;
  const [mx, mu, mb] = [mean(p => p.x), mean(p => p.up), mean(p => p.back)];
  const product = (f: (p: WallPoint) => number, g: (p: WallPoint) => number) =>
    points.reduce((sum, p) => sum + f(p) * g(p), 0);
  const [dx, du, db] = [(p: WallPoint) => p.x - mx, (p: WallPoint) => p.up - mu, (p: WallPoint) => p.back - mb];
  const [xx, uu, xu] = [product(dx, dx), product(du, du), product(dx, du)];
  const [xb, ub] = [product(dx, db), product(du, db)];
  const det = xx * uu - xu * xu;
  // Points on one line leave a slope undetermined: no slope then.
  if (!(det > 1e-9)) return { offset: mb, slopeX: 0, slopeUp: 0 };
  const [slopeX, slopeUp] = [(xb * uu - ub * xu) / det, (ub * xx - xb * xu) / det];
  return { offset: mb - slopeX * mx - slopeUp * mu, slopeX, slopeUp };
}
