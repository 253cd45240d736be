/** Whether bodies lie at the right height where no masks are known: discs along the column's axis tell. */
import { applyAffine, invert, type SegmentedBody, type Vec3, type Volume } from '@spine/core';
import { mean } from './figures';

/** Half axes of the core of a body, of which the attenuation is taken, mm. */
const CORE_MM = [10, 8] as const;
const STEP_MM = 2.5;

interface Plane {
  readonly z: number;
  readonly coreHu: number;
}

/** A disc attenuates less than the bodies beside it: masks half a level off fail. @param bodies from head to pelvis */
export function levelCheck(volume: Volume, bodies: readonly SegmentedBody[]): string {
  if (bodies.length < 2) return 'no neighbours to compare';
  const planes = planesAlong(volume, bodies);
  const core = (from: number, to: number) => planes.filter(({ z }) => z < from && z > to).map(({ coreHu }) => coreHu);
  const quarter = ({ fit }: SegmentedBody) => fit.height / 4;
  const inside = (body: SegmentedBody) => {
    const [, , z] = body.centroidLps;
    return mean(core(z + quarter(body), z - quarter(body)));
  };
  const discs = bodies.slice(1).filter((lower, n) => {
    const upper = bodies[n];
    const least = Math.min(...core(upper.centroidLps[2] - quarter(upper), lower.centroidLps[2] + quarter(lower)));
    return least < inside(upper) && least < inside(lower);
  });
  return `${discs.length} of ${bodies.length - 1} places between neighbours attenuate less than both`;
}

function planesAlong(volume: Volume, bodies: readonly SegmentedBody[]): Plane[] {
  const hu = nearestHu(volume);
  const centres = bodies.map(({ centroidLps }) => centroidLps);
  const planes: Plane[] = [];
  for (let z = centres[0][2] + 15; z > centres[centres.length - 1][2] - 15; z -= STEP_MM) {
    const above = centres.filter(centre => centre[2] >= z).length;
    const next = Math.max(1, Math.min(centres.length - 1, above));
    const [upper, lower] = [centres[next - 1], centres[next]];
    const share = (z - upper[2]) / (lower[2] - upper[2]);
    const [x, y] = [0, 1].map(axis => upper[axis] + share * (lower[axis] - upper[axis]));
    planes.push({ z, coreHu: coreAt(hu, [x, y, z]) });
  }
  return planes;
}

type Hu = (lps: Vec3) => number;

function coreAt(hu: Hu, [x, y, z]: Vec3): number {
  const values: number[] = [];
  const [side, depth] = CORE_MM;
  for (let dx = -side; dx <= side; dx++)
    for (let dy = -depth; dy <= depth; dy++)
      if (Math.hypot(dx / side, dy / depth) < 1) values.push(hu([x + dx, y + dy, z]));
  return mean(values);
}

/** Of the nearest voxel; air beyond the CT. */
function nearestHu({ hu, dims, indexToLps }: Volume): Hu {
  const toIndex = invert(indexToLps);
  return lps => {
    const index = applyAffine(toIndex, lps).map(Math.round);
    if (index.some((value, axis) => value < 0 || value >= dims[axis])) return -1000;
    return hu[index[0] + dims[0] * (index[1] + dims[1] * index[2])];
  };
}
