/** Fits the typical body to an outline: its pose and size, for what neighbours are expected to look like. */
import type { Vec3 } from '../../geometry';
import { type Block, valueAt } from '../fit/block';
import { climb } from '../fit/climb';
import { type BodyFit, bodyAxes, extentOf, typicalSizes } from '../fit/shape';
import { sphere } from '../fit/sphere';

const RAYS = sphere(2);
const STEP_MM = 0.5;
const MOST_MM = 40;
const LEANS = [-0.6, -0.35, -0.1, 0.15, 0.4, 0.65];
const TURN_COST = 0.02;
const SCALES = [1, 0.125] as const;
/** Bodies that collapsed, and the largest, with room. mm */
const HEIGHTS_MM = [7, 42] as const;
/** A body fills this share of the box of its sizes. */
const FULL = 0.72;
/** A point counts as far off from here on, in units of the half size. */
const FAR = 0.35;

/**
 * @param logits positive inside the body
 * @param centre a point well inside, LPS mm
 * @param lean expected, radians
 */
export function fitOutline(logits: Block, centre: Vec3, mm3: number, lean?: number): BodyFit {
  const points = surfacePoints(logits, centre);
  const value = (fit: BodyFit) => -misfit(points, fit);
  const height = heightOf(mm3);
  const leans = lean === undefined ? LEANS : [lean - 0.12, lean, lean + 0.12];
  const starts = leans.map(angle => {
    const fit = { x: centre[0], y: centre[1], z: centre[2], lean: angle, tilt: 0, turn: 0, wedge: 0 };
    return { ...fit, height, ...typicalSizes(height) };
  });
  const best = starts.sort((a, b) => value(b) - value(a)).slice(0, 2);
  return best.map(start => climb(start, value, SCALES)).reduce((a, b) => (b.score > a.score ? b : a)).fit;
}

/** Height of the typical body of a volume. */
function heightOf(mm3: number): number {
  let height = 11;
  for (; height < 34; height += 0.5) {
    const { width, depth } = typicalSizes(height);
    if (FULL * width * depth * height >= mm3) break;
  }
  return height;
}

/** Where rays from the centre leave the outline, x y z after one another, LPS mm. */
function surfacePoints(logits: Block, [cx, cy, cz]: Vec3): Float64Array {
  const { directions, count } = RAYS;
  const points: number[] = [];
  for (let n = 0; n < count; n++) {
    const [dx, dy, dz] = [directions[3 * n], directions[3 * n + 1], directions[3 * n + 2]];
    let before = valueAt(logits, cx, cy, cz);
    for (let r = STEP_MM; r < MOST_MM; r += STEP_MM) {
      const logit = valueAt(logits, cx + r * dx, cy + r * dy, cz + r * dz);
      if (logit <= 0) {
        const at = r - STEP_MM * (logit / (logit - before));
        points.push(cx + at * dx, cy + at * dy, cz + at * dz);
        break;
      }
      before = logit;
    }
  }
  return Float64Array.from(points);
}

function misfit(points: Float64Array, fit: BodyFit): number {
  if (fit.height < HEIGHTS_MM[0] || fit.height > HEIGHTS_MM[1]) return Infinity;
  const axes = bodyAxes(fit);
  let sum = 0;
  for (let n = 0; n < points.length; n += 3) {
    const off = Math.min(FAR, Math.abs(extentOf(fit, axes, points[n], points[n + 1], points[n + 2]) - 1));
    sum += off * off;
  }
  const turned = fit.tilt ** 2 + fit.turn ** 2 + fit.wedge ** 2;
  return Math.sqrt(sum / (points.length / 3 || 1)) + TURN_COST * turned;
}
