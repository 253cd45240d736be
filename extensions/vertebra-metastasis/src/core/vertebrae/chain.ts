/** Chooses, among fitted bodies along the column, those that make one spine: bodies in a row, disc by disc. */
import type { BodyFit } from './fit/shape';

export interface FittedBody {
  readonly fit: BodyFit;
  readonly score: number;
}

/** Fits with a lower score are no bodies. */
const LEAST_SCORE = 0.22;
/** A body joins the chain when it is better than this. */
const ENTRY = 0.15;
/** Distance of neighbouring centres in units of their mean height: discs are 5 to 60 % of a body's height. */
const NEIGHBOUR = { least: 1.02, usual: 1.2, most: 1.65 } as const;
/** Cost of leaving out one place where the image shows no body, and the most places in a row. */
const GAP_COST = 0.35;
const MOST_GAPS = 2;
const HEIGHT_COST = 3;
const DISTANCE_COST = 3;
const BEND_COST = 0.6;

/** @returns from head to pelvis */
export function bestChain(found: readonly FittedBody[]): FittedBody[] {
  const bodies = found.filter(({ score }) => score > LEAST_SCORE).sort((a, b) => b.fit.z - a.fit.z);
  const total = new Float64Array(bodies.length);
  const before = new Int32Array(bodies.length).fill(-1);
  for (let n = 0; n < bodies.length; n++) {
    total[n] = bodies[n].score - ENTRY;
    for (let m = 0; m < n; m++) {
      const value = total[m] + bodies[n].score - ENTRY - joint(bodies[m].fit, bodies[n].fit);
      if (value > total[n]) [total[n], before[n]] = [value, m];
    }
  }
  const chain: FittedBody[] = [];
  let at = total.length === 0 ? -1 : total.reduce((best, value, n) => (value > total[best] ? n : best), 0);
  for (; at >= 0; at = before[at]) chain.unshift(bodies[at]);
  return chain;
}

/** Cost of two bodies being next to one another, or with empty places between them; infinite when they cannot be. */
function joint(upper: BodyFit, lower: BodyFit): number {
  const height = (upper.height + lower.height) / 2;
  const away = [upper.x - lower.x, upper.y - lower.y, upper.z - lower.z];
  const distance = Math.hypot(...away) / height;
  if (away[2] <= 0 || distance < NEIGHBOUR.least) return Infinity;
  let cheapest = Infinity;
  for (let gaps = 0; gaps <= MOST_GAPS; gaps++) {
    const each = distance / (gaps + 1);
    if (each < NEIGHBOUR.least || each > NEIGHBOUR.most) continue;
    const cost = gaps * GAP_COST + DISTANCE_COST * (each - NEIGHBOUR.usual) ** 2;
    cheapest = Math.min(cheapest, cost);
  }
  const direction = Math.atan2(-away[1], away[2]);
  const bend = (upper.lean + lower.lean) / 2 - direction;
  return cheapest + HEIGHT_COST * Math.log(upper.height / lower.height) ** 2 + BEND_COST * bend ** 2;
}
