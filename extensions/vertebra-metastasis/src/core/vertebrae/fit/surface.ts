/**
 * Lets the fitted drum follow the image: a shape-constrained deformable model (after Weese et al., IPMI 2001). Each ray
 * looks for the step from bone to its surroundings near the drum; a smooth surface is laid through what the rays found,
 * and so on in turn, the rays bound more and more closely to the surface.
 */
import { type Block, valueAt } from './block';
import { type BodyFit, bodyAxes, radiusAlong } from './shape';
import { sphere } from './sphere';

export const RAYS = sphere(3);
/** Farthest the surface may leave the drum along a ray, mm. */
const REACH_MM = 6;
const STEP_MM = 0.5;
const LAYERS = 2 * (REACH_MM / STEP_MM) + 1;
/** A step of this many HU counts half. */
const HALF_STEP_HU = 500;
/** Stiffness between neighbouring rays and towards the drum, against the image. */
const BENDING = 0.6;
const TOWARDS_DRUM = 0.02;
/** Weight of a ray towards pedicles and ribs. */
const ATTACHED_WEIGHT = 0.05;
const ROUNDS = 10;
/** Half the thickness of the cortex, mm: its outer border lies this far outside its brightest line. */
const HALF_CORTEX_MM = 0.6;
const RIDGE_MM = 3;

export interface BodySurface {
  readonly fit: BodyFit;
  readonly axes: Float64Array;
  /** Distance between drum and surface along each of {@link RAYS}, mm, positive outwards. */
  readonly offsetsMm: Float32Array;
}

export function deform(block: Block, fit: BodyFit): BodySurface {
  const axes = bodyAxes(fit);
  const { directions, count } = RAYS;
  const evidence = new Float32Array(count * LAYERS);
  const trust = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const [dx, dy, dz] = [directions[3 * n], directions[3 * n + 1], directions[3 * n + 2]];
    const radius = radiusAlong(dx, dy, dz, fit);
    const [u, v, w] = [(2 * radius * dx) / fit.width, (2 * radius * dy) / fit.depth, (2 * radius * dz) / fit.height];
    trust[n] = v > 0 && Math.abs(u) > 0.42 && Math.abs(w) < 0.85 ? ATTACHED_WEIGHT : 1;
    const gx = axes[0] * dx + axes[1] * dy + axes[2] * dz;
    const gy = axes[3] * dx + axes[4] * dy + axes[5] * dz;
    const gz = axes[6] * dx + axes[7] * dy + axes[8] * dz;
    const at = (r: number) => valueAt(block, fit.x + r * gx, fit.y + r * gy, fit.z + r * gz);
    for (let k = 0; k < LAYERS; k++) {
      const r = radius + k * STEP_MM - REACH_MM;
      if (r < 3) continue;
      const step = at(r - 0.8) - at(r + 0.8);
      evidence[n * LAYERS + k] = step / (HALF_STEP_HU + Math.abs(step));
    }
  }
  const offsetsMm = settle(evidence, trust);
  const excess = blurExcess(block, fit, axes, offsetsMm);
  return { fit, axes, offsetsMm: offsetsMm.map((offset, n) => offset - excess[n]) };
}

/**
 * A thin cortex looks thicker than it is by the scanner's blur, which moves its steepest flank outwards. Where the outline
 * follows such a bright line, its border is counted from the line itself. Smoothed over neighbouring rays.
 */
function blurExcess(block: Block, fit: BodyFit, axes: Float64Array, offsetsMm: Float32Array): Float32Array {
  const { directions, count, edges } = RAYS;
  const excess = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const [dx, dy, dz] = [directions[3 * n], directions[3 * n + 1], directions[3 * n + 2]];
    const gx = axes[0] * dx + axes[1] * dy + axes[2] * dz;
    const gy = axes[3] * dx + axes[4] * dy + axes[5] * dz;
    const gz = axes[6] * dx + axes[7] * dy + axes[8] * dz;
    const at = (r: number) => valueAt(block, fit.x + r * gx, fit.y + r * gy, fit.z + r * gz);
    const radius = radiusAlong(dx, dy, dz, fit) + offsetsMm[n];
    let [ridge, brightest] = [0, -Infinity];
    for (let depth = 0; depth <= RIDGE_MM; depth += 0.25) {
      const hu = at(radius - depth);
      if (hu > brightest) [ridge, brightest] = [depth, hu];
    }
    const contrast = brightest - at(radius + 1.5);
    const line = contrast > 1 ? (brightest - at(radius - ridge - 3)) / contrast : 0;
    excess[n] = Math.min(1, Math.max(0, line)) * Math.max(0, ridge - HALF_CORTEX_MM);
  }
  const smooth = new Float32Array(count);
  relax(smooth, excess, new Float32Array(count).fill(1), edges, count);
  return smooth;
}

function settle(evidence: Float32Array, trust: Float32Array): Float32Array {
  const { count, edges } = RAYS;
  const surface = new Float32Array(count);
  const found = new Float32Array(count);
  const weight = new Float32Array(count);
  for (let round = 0; round < ROUNDS; round++) {
    const binding = 0.01 + (0.12 * round) / (ROUNDS - 1);
    for (let n = 0; n < count; n++) {
      let [best, bestLayer] = [-Infinity, 0];
      for (let k = 0; k < LAYERS; k++) {
        const offset = k * STEP_MM - REACH_MM;
        const value = evidence[n * LAYERS + k] - binding * (offset - surface[n]) ** 2;
        if (value > best) [best, bestLayer] = [value, k];
      }
      found[n] = bestLayer * STEP_MM - REACH_MM;
      weight[n] = trust[n] * Math.max(0.02, 2 * evidence[n * LAYERS + bestLayer]);
    }
    relax(surface, found, weight, edges, count);
  }
  return surface;
}

/** Minimises sum w (s - found)^2 + bending (s_u - s_v)^2 + drum s^2 by Jacobi sweeps. */
function relax(
  surface: Float32Array,
  found: Float32Array,
  weight: Float32Array,
  edges: Uint32Array,
  count: number
): void {
  const sum = new Float32Array(count);
  const degree = new Float32Array(count);
  for (let sweep = 0; sweep < 15; sweep++) {
    sum.fill(0);
    degree.fill(0);
    for (let e = 0; e < edges.length; e += 2) {
      const [a, b] = [edges[e], edges[e + 1]];
      sum[a] += surface[b];
      sum[b] += surface[a];
      degree[a]++;
      degree[b]++;
    }
    for (let n = 0; n < count; n++) {
      surface[n] = (weight[n] * found[n] + BENDING * sum[n]) / (weight[n] + BENDING * degree[n] + TOWARDS_DRUM);
    }
  }
}
