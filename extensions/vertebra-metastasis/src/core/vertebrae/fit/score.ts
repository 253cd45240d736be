/** How well a typical body at a place agrees with the CT around it. */
import type { Vec3 } from '../../geometry';
import { type Block, valueAt } from './block';
import { CLEAR_HU, discInside } from './endplate';
import { type BodyFit, bodyAxes, extentOf, radiusAlong, typicalSizes } from './shape';
import { sphere } from './sphere';

/** A step of this many HU from bone to its surroundings counts half; no step counts more than one (metal, nodules). */
const HALF_STEP_HU = 150;
/** Samples inside and outside the surface, mm. */
const STEP_MM = 1.3;
const SOFT_TISSUE_HU = 60;
/** Shares of the radius at which the inside is sampled, and distances outside, mm: sides, ends, spinal canal. */
const INNER_SHARES = [0.5, 0.72, 0.87, 0.96];
const SIDE_MM = [2.5, 5];
const END_MM = [2];
const CANAL_MM = [3, 6, 9];
/** A disc or an endplate inside the fit. */
const DISC_WEIGHT = 0.8;
/** What counts as dark there: this far from the bone threshold towards marrow, for thin discs are blurred. */
const DISC_SHARE = 0.3;
const EDGE_WEIGHT = 1;
const INNER_WEIGHT = 0.45;
const OUTER_WEIGHT = 0.5;
/** The front of the canal is a small part of the surface but tells most about where the body ends. */
const CANAL_WEIGHT = 5;
/** Of two fits that agree equally well, the one that explains more bone: per unit of the logarithm of the volume. */
const VOLUME_WEIGHT = 0.07;
const TYPICAL_MM3 = 20000;
/** Clicks are rarely near the rim: from this share of the radius on they speak against a fit. */
const CLICK_SHARE = 0.3;
const CLICK_WEIGHT = 1.2;
/** Posterolateral parts join pedicles and ribs: their surface is not seen. */
const ATTACHED_WEIGHT = 0.1;
/** Spread of the logarithms of width and depth about the typical ones for a height. */
const WIDTH_SPREAD = 0.18;
const DEPTH_SPREAD = 0.28;
const SIZE_WEIGHT = 0.06;
/** Weight of angles away from the expected, per radian squared. */
const ANGLE_WEIGHTS = { lean: 0.25, tilt: 1, turn: 0.4, wedge: 4 } as const;

const PROBES = sphere(2);

/** What is expected of a fit, from neighbours. */
export interface Expectation {
  /** Lean in radians; any when absent. */
  readonly lean?: number;
  /** Height in mm. */
  readonly height?: number;
}

/** A block and the attenuation that separates this patient's bone from soft tissue. */
export interface Scene extends Block {
  readonly thresholdHu: number;
  /** Radii of the shapes evaluated last: moves and turns leave them as they are. */
  readonly shapes: Shape[];
}

interface Shape {
  readonly fit: BodyFit;
  readonly radii: Float64Array;
}

const SHAPES_KEPT = 3;

function radiiOf(shapes: Shape[], fit: BodyFit): Float64Array {
  const same = ({ fit: { width, depth, height, wedge } }: Shape) =>
    width === fit.width && depth === fit.depth && height === fit.height && wedge === fit.wedge;
  const at = shapes.findIndex(same);
  const shape = at < 0 ? { fit, radii: radiiAlongProbes(fit) } : shapes.splice(at, 1)[0];
  shapes.unshift(shape);
  if (shapes.length > SHAPES_KEPT) shapes.pop();
  return shape.radii;
}

function radiiAlongProbes(fit: BodyFit): Float64Array {
  const { directions, count } = PROBES;
  const radii = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    radii[n] = radiusAlong(directions[3 * n], directions[3 * n + 1], directions[3 * n + 2], fit);
  }
  return radii;
}

/** @param near where the marrow is sampled */
export function sceneOf(block: Block, near: Vec3): Scene {
  return { ...block, thresholdHu: boneThreshold(block, near), shapes: [] };
}

/** Halfway between the marrow around a point and soft tissue, within what marrow of any density allows. */
function boneThreshold(block: Block, [x, y, z]: Vec3): number {
  const values: number[] = [];
  for (let dz = -8; dz <= 8; dz += 2)
    for (let dy = -8; dy <= 8; dy += 2)
      for (let dx = -8; dx <= 8; dx += 2) values.push(valueAt(block, x + dx, y + dy, z + dz));
  values.sort((a, b) => a - b);
  return Math.min(190, Math.max(95, (values[values.length >> 1] + SOFT_TISSUE_HU) / 2));
}

/** How well a fit agrees with the image: edges from bone to soft tissue, bone inside, none outside; at most about 1. */
export function score(block: Scene, fit: BodyFit, click: Vec3, hints: Expectation): number {
  const { directions, count } = PROBES;
  const axes = bodyAxes(fit);
  const threshold = block.thresholdHu;
  const discHu = threshold + DISC_SHARE * (threshold - SOFT_TISSUE_HU);
  const radii = radiiOf(block.shapes, fit);
  let [evidence, total] = [0, 0];
  for (let n = 0; n < count; n++) {
    const dx = directions[3 * n];
    const dy = directions[3 * n + 1];
    const dz = directions[3 * n + 2];
    const radius = radii[n];
    const u = (2 * radius * dx) / fit.width;
    const v = (2 * radius * dy) / fit.depth;
    const w = (2 * radius * dz) / fit.height;
    // Normal of the 8-norm drum, without waist and bowls.
    const side = (u * u + v * v) ** 3;
    const end = w ** 7;
    let nx = (side * u) / fit.width;
    let ny = (side * v) / fit.depth;
    let nz = end / fit.height;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
    nx /= length;
    ny /= length;
    nz /= length;
    const attached = v > 0 && Math.abs(u) > 0.42 && Math.abs(w) < 0.85;
    const canal = v > 0.4 && !attached && Math.abs(u) < 0.42 && Math.abs(w) < 0.75;
    const area = (radius * radius) / Math.max(0.3, nx * dx + ny * dy + nz * dz);
    const weight = area * (attached ? ATTACHED_WEIGHT : canal ? CANAL_WEIGHT : 1);
    const gx = axes[0] * nx + axes[1] * ny + axes[2] * nz;
    const gy = axes[3] * nx + axes[4] * ny + axes[5] * nz;
    const gz = axes[6] * nx + axes[7] * ny + axes[8] * nz;
    const rx = radius * (axes[0] * dx + axes[1] * dy + axes[2] * dz);
    const ry = radius * (axes[3] * dx + axes[4] * dy + axes[5] * dz);
    const rz = radius * (axes[6] * dx + axes[7] * dy + axes[8] * dz);
    const px = fit.x + rx;
    const py = fit.y + ry;
    const pz = fit.z + rz;
    const known = inside(block, px, py, pz);
    const step = !known
      ? 0
      : valueAt(block, px - STEP_MM * gx, py - STEP_MM * gy, pz - STEP_MM * gz) -
        valueAt(block, px + STEP_MM * gx, py + STEP_MM * gy, pz + STEP_MM * gz);
    let inner = 0;
    for (const share of INNER_SHARES) {
      inner +=
        !known && share > 0.7
          ? -0.5
          : clearly(valueAt(block, fit.x + share * rx, fit.y + share * ry, fit.z + share * rz) - threshold);
    }
    const distances = canal ? CANAL_MM : Math.abs(nz) > 0.7 ? END_MM : SIDE_MM;
    let outer = 0;
    if (!attached && known) {
      for (const mm of distances) {
        const hu = valueAt(block, px + mm * gx, py + mm * gy, pz + mm * gz);
        outer += Math.max(0, clearly(hu - threshold + CLEAR_HU / 3));
      }
    }
    const disc = Math.abs(nz) > 0.7 && known ? discInside(block, discHu, px, py, pz, gx, gy, gz) : 0;
    evidence +=
      weight *
      (-DISC_WEIGHT * disc +
        EDGE_WEIGHT * (step / (HALF_STEP_HU + Math.abs(step))) +
        (INNER_WEIGHT * inner) / INNER_SHARES.length -
        (OUTER_WEIGHT * outer) / distances.length);
    total += weight;
  }
  const volume = VOLUME_WEIGHT * Math.log((fit.width * fit.depth * fit.height) / TYPICAL_MM3);
  return evidence / total + volume - against(fit, axes, click, hints);
}

function inside({ known }: Block, x: number, y: number, z: number): boolean {
  return (
    x >= known.min[0] &&
    x <= known.max[0] &&
    y >= known.min[1] &&
    y <= known.max[1] &&
    z >= known.min[2] &&
    z <= known.max[2]
  );
}

function clearly(hu: number): number {
  return hu > CLEAR_HU ? 1 : hu < -CLEAR_HU ? -1 : hu / CLEAR_HU;
}

/** What speaks against a fit whatever the image: odd proportions, odd angles, a click outside. */
export function against(fit: BodyFit, axes: Float64Array, click: Vec3, hints: Expectation): number {
  const { width, depth } = typicalSizes(Math.min(36, Math.max(12, fit.height)));
  const size =
    SIZE_WEIGHT *
    ((Math.log(fit.width / width) / WIDTH_SPREAD) ** 2 + (Math.log(fit.depth / depth) / DEPTH_SPREAD) ** 2);
  const height = fit.height < 11 || fit.height > 38 ? 1 : 0;
  const expected = hints.height === undefined ? 0 : SIZE_WEIGHT * (Math.log(fit.height / hints.height) / 0.12) ** 2;
  const angles =
    ANGLE_WEIGHTS.lean * (fit.lean - (hints.lean ?? 0)) ** 2 * (hints.lean === undefined ? 0.3 : 1) +
    ANGLE_WEIGHTS.tilt * fit.tilt ** 2 +
    ANGLE_WEIGHTS.turn * fit.turn ** 2 +
    ANGLE_WEIGHTS.wedge * fit.wedge ** 2;
  const away = extentOf(fit, axes, click[0], click[1], click[2]);
  const outside = Math.max(0, away - 0.9) + CLICK_WEIGHT * Math.max(0, away - CLICK_SHARE) ** 2;
  return size + height + expected + angles + outside;
}
