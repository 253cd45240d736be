/** Clicks off the middle of bodies, and clicks beside every body. */
import {
  applyAffine,
  bodiesLabelmap,
  invert,
  type SegmentedBody,
  separated,
  type Vec3,
  type Volume,
} from '@spine/core';
import { type Bench, click, say, writeSheet } from './bench';
import type { CentredCt } from './cases';
import { distance, randomOffsets, voxelsOf } from './figures';
import { ContactSheet } from './sheet';

const JITTER_MM = 5;
const CLICKS = 4;

/** Clicks off the middle must end at the same body. */
export async function jitter(bench: Bench, { id, volume, centres }: CentredCt): Promise<void> {
  const sheet = new ContactSheet();
  let [plausible, worst, refused] = [0, 0, 0];
  const middles: SegmentedBody[] = [];
  for (const [n, { id: name, lps }] of centres.entries()) {
    const offsets: Vec3[] = [[0, 0, 0], ...randomOffsets(CLICKS, JITTER_MM, n + 1)];
    const bodies: SegmentedBody[] = [];
    for (const offset of offsets) {
      const body = await click(bench, volume, [lps[0] + offset[0], lps[1] + offset[1], lps[2] + offset[2]]);
      if (typeof body === 'string') {
        say(`${id} ${name}: click at ${offset.map(value => value.toFixed(1)).join(', ')} mm refused, ${body}`);
        refused++;
      } else bodies.push(body);
    }
    bodies.forEach(({ centroidLps, millilitres }) => {
      const off = distance(lps, centroidLps);
      worst = Math.max(worst, off);
      if (off <= 5 && millilitres >= 5 && millilitres <= 45) plausible++;
    });
    const ml = bodies.map(body => body.millilitres.toFixed(1)).join(' ');
    const off = bodies.map(body => distance(lps, body.centroidLps).toFixed(1)).join(' ');
    say(`${id} ${name}: ml ${ml}; centroid off ${off} mm (first click in the centre)`);
    if (bodies.length === 0) continue;
    sheet.add(volume, lps, bodies[0].mask);
    middles.push(bodies[0]);
  }
  const voxels = (bodies: readonly SegmentedBody[]) => bodies.reduce((sum, { mask }) => sum + mask.voxels, 0);
  const twice = (bodies: readonly SegmentedBody[]) => {
    const labelmap = bodiesLabelmap(volume, bodies);
    return voxels(bodies) - bodies.reduce((sum, _, n) => sum + voxelsOf(labelmap, n + 1), 0);
  };
  const total = centres.length * (1 + CLICKS);
  say(
    `${id}: ${plausible} of ${total} clicks plausible (5 mm, 5-45 ml), ${refused} refused, farthest ${worst.toFixed(1)} mm`
  );
  say(
    `${id}: ${twice(middles)} of ${voxels(middles)} voxels claimed by two bodies, ` +
      `${twice(separated(volume, middles))} once they are separated`
  );
  writeSheet(bench, sheet, `jitter-${id}`);
}

/** Clicks into the discs, into the canal, and beside the spine: each must be refused. */
export async function refuse(bench: Bench, { id, volume, centres }: CentredCt): Promise<void> {
  const bodies: SegmentedBody[] = [];
  for (const { lps } of centres) {
    const body = await click(bench, volume, lps);
    if (typeof body !== 'string') bodies.push(body);
  }
  for (const [kind, place] of Object.entries(BESIDE)) {
    let refused = 0;
    const codes: string[] = [];
    for (let n = 0; n + 1 < bodies.length; n++) {
      const at = place(discMiddle(volume, bodies[n], bodies[n + 1]), bodies[n], bodies[n + 1]);
      const body = await click(bench, volume, at);
      if (typeof body === 'string') refused++;
      codes.push(typeof body === 'string' ? body.replace('click-', '') : `taken (${body.confidence.toFixed(2)})`);
    }
    say(`${id}, clicks into ${kind}: ${refused} of ${bodies.length - 1} refused: ${codes.join(', ')}`);
  }
}

/** Halfway between the endplates of two neighbours, on the line between their middles. */
function discMiddle(volume: Volume, upper: SegmentedBody, lower: SegmentedBody): Vec3 {
  const at = (share: number) =>
    upper.centroidLps.map((value, axis) => value + share * (lower.centroidLps[axis] - value)) as unknown as Vec3;
  const shares = Array.from({ length: 401 }, (_, n) => n / 400);
  const end = Math.max(...shares.filter(share => holds(volume, upper, at(share))));
  const start = Math.min(...shares.filter(share => holds(volume, lower, at(share))));
  return at((start + end) / 2);
}

function holds({ indexToLps }: Volume, { mask: { min, dims, labels } }: SegmentedBody, lps: Vec3): boolean {
  const index = applyAffine(invert(indexToLps), lps).map((value, axis) => Math.round(value) - min[axis]);
  const inBox = index.every((value, axis) => value >= 0 && value < dims[axis]);
  return inBox && labels[index[0] + dims[0] * (index[1] + dims[1] * index[2])] === 1;
}

/** Places given by the middle of a disc and its neighbours. */
const BESIDE: Readonly<Record<string, (disc: Vec3, upper: SegmentedBody, lower: SegmentedBody) => Vec3>> = {
  'the middle of a disc': disc => disc,
  'the canal': ([x, y, z], upper, lower) => {
    // Perpendicular to the column in the sagittal plane, half a body's depth and 8 mm.
    const [dy, dz] = [1, 2].map(axis => upper.centroidLps[axis] - lower.centroidLps[axis]);
    const back = (upper.fit.depth / 2 + 8) / Math.hypot(dy, dz);
    return [x, y + back * dz, z - back * dy];
  },
  'what lies 35 mm before the spine': ([x, y, z]) => [x, y - 35, z],
  'what lies 45 mm beside the spine': ([x, y, z]) => [x + 45, y, z],
};
