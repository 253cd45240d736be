import { BodyShape, type BodyShapeParameters } from '../anatomy/bodyShape';
import { sampleField, type Field } from '../math/grid';
import { textures } from '../math/noise';
import { poseOf, type Point, type Pose } from '../math/pose';
import { ramp } from '../math/visit';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { abs, max, min } = Math;

/** A body fitted to an image: its frame and its shape. */
export interface FittedBody {
  readonly pose: Pose;
  readonly shape: BodyShape;
}

/** Where the fit starts. */
export interface BodyGuess {
  readonly centre: Point;
  readonly leanDegrees: number;
  readonly heightMm: number;
  /** How far the centre may move along the spine, mm, and by what share the height may change. */
  readonly slack: { readonly centreMm: number; readonly heightShare: number };
}

/** Free numbers of the fit, in this order: shift x y z, lean, side tilt, width, depth, heights, waist, kidney, squareness, bowls. */
type Parameters = number[];
const FIRST_STEPS = [2, 2, 2, 4, 3, 4, 3, 2, 2, 0.04, 0.06, 0.15, 0.6, 0.6];
/** Width and depth against the height, over all levels (Panjabi's tables, with room). */
const WIDTH_SHARE = [1.15, 1.95] as const;
const DEPTH_SHARE = [0.85, 1.6] as const;
/** The slack keeps the shape from taking in a neighbour, which thin discs alone would not. */
const limits = ({ heightMm, slack }: BodyGuess): readonly (readonly [number, number])[] => {
  const height = [(1 - slack.heightShare) * heightMm, (1 + slack.heightShare) * heightMm] as const;
  const along = slack.centreMm;
  const size = [
    [WIDTH_SHARE[0] * heightMm, WIDTH_SHARE[1] * heightMm],
    [DEPTH_SHARE[0] * heightMm, DEPTH_SHARE[1] * heightMm],
  ] as const;
  const bends = [
    [0, 0.22],
    [0, 0.3],
    [0, 0.7],
    [0, 4],
    [0, 4],
  ] as const;
  return [[-5, 5], [-6, 6], [-along, along], [-20, 20], [-12, 12], ...size, height, height, ...bends];
};
/** Rounds of the coordinate search; the steps are halved after each. */
const ROUNDS = 4;
/** Distance of the points the image is compared at, mm. */
const PROBE_MM = 2;
/** A rim outside the surface should be no bone: its width in mm and its weight against the inside. */
const RIM_MM = 3;
const RIM_WEIGHT = 0.8;
/** Beyond these distances from the centre, to the side and to posterior, pedicles and ribs join the body, mm. */
const ATTACHED_MM = [6.5, 5] as const;
/** Half extents of the region used, mm. */
const REGION_MM: Point = [34, 28, 24];

/**
 * Fits the parametric body to an image by coordinate search: it collects as much bone, and as little else, as it can
 * (a two-region energy after Chan and Vese 2001, with a shape model in place of a free contour).
 * @param bone of a position: positive for bone, negative for anything else, about -1..1
 */
export function fitBody(guess: BodyGuess, bone: (x: number, y: number, z: number) => number): FittedBody {
  const probes = probePoints(guess.centre, bone);
  let parameters: Parameters = [
    0,
    0,
    0,
    0,
    0,
    1.35 * guess.heightMm,
    1.25 * guess.heightMm,
    guess.heightMm,
    guess.heightMm,
    0.08,
    0.1,
    0.3,
    1,
    1,
  ];
  const range = limits(guess);
  const clamp = (value: number, n: number) => max(range[n][0], min(range[n][1], value));
  parameters = parameters.map(clamp);
  let best = energy(probes, build(guess, parameters));
  let steps = FIRST_STEPS;
  for (let round = 0; round < ROUNDS; round++) {
    for (let moved = true, sweeps = 0; moved && sweeps < 8; sweeps++) {
      moved = false;
      for (let n = 0; n < parameters.length; n++) {
        for (const sign of [1, -1]) {
          const candidate = parameters.slice();
          candidate[n] = clamp(candidate[n] + sign * steps[n], n);
          const value = energy(probes, build(guess, candidate));
          if (value <= best + 1e-6) continue;
          [parameters, best, moved] = [candidate, value, true];
          break;
        }
      }
    }
    steps = steps.map(step => step / 2);
  }
  return build(guess, parameters);
}

/** Bone-likeness of an attenuation around a threshold: the cortex counts no more than dense marrow, air no more than fat. */
export function boneLikeness(hu: number, thresholdHu: number): number {
  return max(-1.2, min(1, (hu - thresholdHu) / 80));
}

/** Threshold halfway between a body's marrow (median within 6 mm of its centre) and soft tissue of 90 HU. */
export function boneThreshold(ct: Field, [x, y, z]: Point): number {
  const values: number[] = [];
  for (let dz = -6; dz <= 6; dz += 1.5)
    for (let dy = -6; dy <= 6; dy += 1.5)
      for (let dx = -6; dx <= 6; dx += 1.5) values.push(sampleField(ct, x + dx, y + dy, z + dz));
  values.sort((a, b) => a - b);
  return (values[values.length >> 1] + 90) / 2;
}

function probePoints(centre: Point, bone: (x: number, y: number, z: number) => number): Float32Array {
  const points: number[] = [];
  for (let dz = -REGION_MM[2]; dz <= REGION_MM[2]; dz += PROBE_MM)
    for (let dy = -REGION_MM[1]; dy <= REGION_MM[1]; dy += PROBE_MM)
      for (let dx = -REGION_MM[0]; dx <= REGION_MM[0]; dx += PROBE_MM) {
        const at = [centre[0] + dx, centre[1] + dy, centre[2] + dz];
        const value = bone(at[0], at[1], at[2]);
        // Pedicles, ribs and their joints are bone beside the body: they say nothing for or against.
        const attached = abs(dx) > ATTACHED_MM[0] && dy > ATTACHED_MM[1];
        points.push(...at, attached && value > 0 ? 0 : value);
      }
  return Float32Array.from(points);
}

function energy(probes: Float32Array, { pose, shape }: FittedBody): number {
  const { axes, centre } = pose;
  let sum = 0;
  for (let n = 0; n < probes.length; n += 4) {
    const dx = probes[n] - centre[0];
    const dy = probes[n + 1] - centre[1];
    const dz = probes[n + 2] - centre[2];
    const z = axes[2] * dx + axes[5] * dy + axes[8] * dz;
    if (z > 22 || z < -22) continue;
    shape.evaluate(axes[0] * dx + axes[3] * dy + axes[6] * dz, axes[1] * dx + axes[4] * dy + axes[7] * dz, z);
    const depth = shape.depth;
    const weight = depth > -0.8 ? ramp(depth, -0.8, 0.8) : depth > -RIM_MM ? -RIM_WEIGHT : 0;
    sum += weight * probes[n + 3];
  }
  return sum;
}

function build(guess: BodyGuess, p: Parameters): FittedBody {
  const [x, y, z] = guess.centre;
  const shape: BodyShapeParameters = {
    widthMm: p[5],
    depthMm: p[6],
    anteriorHeightMm: p[7],
    posteriorHeightMm: p[8],
    waist: p[9],
    kidney: p[10],
    squareness: p[11],
    upperBowlMm: p[12],
    lowerBowlMm: p[13],
    bowlShift: 0.1,
    unevenMm: 0,
    uncinateMm: 0,
    lipMm: 0,
    noiseOffset: [0, 0, 0],
  };
  return {
    pose: poseOf([x + p[0], y + p[1], z + p[2]], guess.leanDegrees + p[3], p[4]),
    shape: new BodyShape(shape, textures().coarse),
  };
}
