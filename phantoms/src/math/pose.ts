/** Position and orientation of a vertebra: its own frame has x to the left, y to posterior, z along the body's axis upwards. */

export type Point = readonly [number, number, number];

/** Columns of `axes` are the vertebra's x, y, z in LPS: axes[3 * row + column]. */
export interface Pose {
  /** Centre of the body, LPS mm. */
  readonly centre: Point;
  readonly axes: Float64Array;
}

/**
 * @param leanDegrees forward lean: positive tips the top of the body to anterior
 * @param sideDegrees tilt to the patient's left
 * @param turnDegrees rotation about the body's axis
 */
export function poseOf(centre: Point, leanDegrees: number, sideDegrees = 0, turnDegrees = 0): Pose {
  const [cl, sl] = cosSin(leanDegrees);
  const [cs, ss] = cosSin(sideDegrees);
  const [ct, st] = cosSin(turnDegrees);
  const lean = [1, 0, 0, 0, cl, -sl, 0, sl, cl];
  const side = [cs, 0, ss, 0, 1, 0, -ss, 0, cs];
  const turn = [ct, -st, 0, st, ct, 0, 0, 0, 1];
  return { centre, axes: Float64Array.from(product(product(lean, side), turn)) };
}

function cosSin(degrees: number): [number, number] {
  const radians = (degrees * Math.PI) / 180;
  return [Math.cos(radians), Math.sin(radians)];
}

function product(a: readonly number[], b: readonly number[]): number[] {
  const out = new Array<number>(9).fill(0);
  for (let r = 0; r < 3; r++)
    for (let c = 0; c < 3; c++) for (let n = 0; n < 3; n++) out[3 * r + c] += a[3 * r + n] * b[3 * n + c];
  return out;
}

/** LPS position of a point of the vertebra's frame. */
export function toLps(pose: Pose, [x, y, z]: Point): Point {
  const { axes, centre } = pose;
  return [
    centre[0] + axes[0] * x + axes[1] * y + axes[2] * z,
    centre[1] + axes[3] * x + axes[4] * y + axes[5] * z,
    centre[2] + axes[6] * x + axes[7] * y + axes[8] * z,
  ];
}
