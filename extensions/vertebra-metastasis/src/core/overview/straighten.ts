/** The line through the middles of the bodies, and the sagittal strip along it that shows a curved spine as a straight one. */
import type { Vec3 } from '../geometry';

/** Where one body lies on the strip. */
export interface StripBody {
  /** Value in the labelmap of the bodies. */
  readonly label: number;
  /** First row, and the one after the last: half-way to the neighbours. */
  readonly top: number;
  readonly bottom: number;
}

/** Pixels of the strip, row-major: rows from head to pelvis, columns from front to back. */
export interface StripFrame {
  readonly rows: number;
  readonly columns: number;
  /** Of a square pixel. */
  readonly pixelMm: number;
  /** Middle of each row, LPS mm. */
  readonly middles: readonly Vec3[];
  /** Along each row, from front to back: unit vectors, LPS. */
  readonly backwards: readonly Vec3[];
  /** Across the strip at each row: unit vectors, LPS. */
  readonly sideways: readonly Vec3[];
  /** From head to pelvis. */
  readonly bodies: readonly StripBody[];
}

export interface Middle {
  readonly label: number;
  /** Centroid of the body, LPS mm. */
  readonly centreLps: Vec3;
}

const PIXEL_MM = 0.8;
/** From front to back: a lumbar body of 36 mm with its rims, and the canal behind it. */
const DEPTH_MM = 44;
/** Between the middles of neighbours, where there is one body only. */
const LONE_PITCH_MM = 30;
/** A body is missing where neighbours are farther apart than so many usual distances. */
const GAP = 1.5;
/** Steps along the curve that its length is measured with. */
const FINE_MM = 0.2;

/** @returns undefined without a body */
export function straightenedSpine(middles: readonly Middle[]): StripFrame | undefined {
  const known = middles.filter(({ centreLps }) => centreLps.every(Number.isFinite));
  if (known.length === 0) return undefined;
  const sorted = [...known].sort((a, b) => b.centreLps[2] - a.centreLps[2]);
  const { points, knots } = curve(sorted.map(({ centreLps }) => centreLps));
  const length = knots[knots.length - 1];
  const rows = Math.max(1, Math.round(length / PIXEL_MM));
  const row = rowSampler(points);
  const sampled = Array.from({ length: rows }, (_, n) => row(((n + 0.5) / rows) * length));
  return {
    rows,
    columns: Math.round(DEPTH_MM / PIXEL_MM),
    pixelMm: PIXEL_MM,
    middles: sampled.map(({ place }) => place),
    backwards: sampled.map(({ backwards }) => backwards),
    sideways: sampled.map(({ down, backwards }) => unit(cross(backwards, down))),
    bodies: spans(
      sorted.map(({ label }) => label),
      knots.map(at => (at / length) * rows)
    ),
  };
}

/** Half-way to each neighbour; beside a gap no farther than usual. @param knots start, rows of the middles, end */
function spans(labels: readonly number[], knots: readonly number[]): StripBody[] {
  const places = knots.slice(1, -1);
  const steps = places.slice(1).map((at, n) => at - places[n]);
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? Infinity;
  return labels.map((label, n) => {
    const half = (step: number | undefined, end: number) => {
      if (step === undefined) return end;
      return (step > GAP * usual ? usual : step) / 2;
    };
    const above = half(steps[n - 1], places[n] - knots[0]);
    const below = half(steps[n], knots[knots.length - 1] - places[n]);
    return { label, top: Math.round(places[n] - above), bottom: Math.round(places[n] + below) };
  });
}

interface Fine {
  readonly place: Vec3;
  /** From the beginning along the curve, mm. */
  readonly at: number;
}

/**
 * A cubic through the middles (Hermite, tangents from the neighbours by chord length), half a distance beyond the first and the last.
 * @returns fine points of it, and where along it the ends and the middles lie, mm
 */
function curve(middles: readonly Vec3[]): { points: Fine[]; knots: number[] } {
  const lone = middles.length === 1;
  const through = lone
    ? [shift(middles[0], [0, 0, 1], LONE_PITCH_MM / 2), middles[0], shift(middles[0], [0, 0, -1], LONE_PITCH_MM / 2)]
    : [beyond(middles[1], middles[0]), ...middles, beyond(middles[middles.length - 2], middles[middles.length - 1])];
  const chords = through.slice(1).map((point, n) => Math.max(1e-6, distance(point, through[n])));
  const slope = (n: number) => scale(minus(through[n + 1], through[n]), 1 / chords[n]);
  const tangents = through.map((_, n) => {
    if (n === 0) return slope(0);
    if (n === through.length - 1) return slope(n - 1);
    const [before, after] = [chords[n - 1], chords[n]];
    return plus(scale(slope(n - 1), after / (before + after)), scale(slope(n), before / (before + after)));
  });
  const points: Fine[] = [{ place: through[0], at: 0 }];
  const knots = [0];
  for (let n = 0; n + 1 < through.length; n++) {
    const parts = Math.max(1, Math.ceil(chords[n] / FINE_MM));
    for (let part = 1; part <= parts; part++) {
      const place = hermite(through[n], through[n + 1], tangents[n], tangents[n + 1], chords[n], part / parts);
      const last = points[points.length - 1];
      points.push({ place, at: last.at + distance(place, last.place) });
    }
    knots.push(points[points.length - 1].at);
  }
  return { points, knots };
}

function hermite(a: Vec3, b: Vec3, atA: Vec3, atB: Vec3, chord: number, t: number): Vec3 {
  const [t2, t3] = [t * t, t * t * t];
  const [wa, wb] = [2 * t3 - 3 * t2 + 1, 3 * t2 - 2 * t3];
  const [ua, ub] = [chord * (t3 - 2 * t2 + t), chord * (t3 - t2)];
  const at = (axis: 0 | 1 | 2) => wa * a[axis] + wb * b[axis] + ua * atA[axis] + ub * atB[axis];
  return [at(0), at(1), at(2)];
}

/** Place and directions at a length along the curve; ask in ascending order. */
function rowSampler(points: readonly Fine[]) {
  let n = 0;
  return (at: number) => {
    while (n + 2 < points.length && points[n + 1].at < at) n++;
    const [a, b] = [points[n], points[n + 1]];
    const share = (at - a.at) / Math.max(1e-9, b.at - a.at);
    const down = unit(minus(b.place, a.place));
    // The patient's back, at a right angle to the spine.
    const backwards = unit(minus([0, 1, 0], scale(down, down[1])));
    return { place: plus(a.place, scale(minus(b.place, a.place), share)), down, backwards };
  };
}

const plus = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const scale = (a: Vec3, by: number): Vec3 => [by * a[0], by * a[1], by * a[2]];
const shift = (a: Vec3, along: Vec3, mm: number): Vec3 => plus(a, scale(along, mm));
const distance = (a: Vec3, b: Vec3): number => Math.hypot(...minus(a, b));
const unit = (a: Vec3): Vec3 => scale(a, 1 / Math.max(1e-9, Math.hypot(...a)));
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
/** Half as far again on the other side of `to`. */
const beyond = (from: Vec3, to: Vec3): Vec3 => plus(to, scale(minus(to, from), 0.5));
