/**
 * npm run measure:vertebrae [-- --only click|phantoms|jitter|refuse|find] [--out <dir for contact sheets>]
 *   [--phantoms <n>] [--without-network]
 * Prints how well vertebral bodies are segmented from a click and found without one. Real CT comes from the shared folder
 * beside the repository (or SPINE_SHARED); without it only the phantoms are measured.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  applyAffine,
  bodiesLabelmap,
  type BodyNetwork,
  checkPlausible,
  InputError,
  invert,
  labelExtents,
  locateVertebrae,
  segmentBody,
  type SegmentedBody,
  type Vec3,
  type Volume,
} from '@spine/core';
import { loadBodyNetwork } from '@spine/headless/nodeBodyNetwork';
import {
  type CentredCt,
  crlm1006,
  demoPhantom,
  hideAndSeekT10,
  lidc0314,
  type MaskedCt,
  phantomCrops,
  sharedCt,
  totalSegmentatorExample,
  tptboxL3,
} from './cases';
import { diceOf, distance, mean, randomOffsets } from './figures';
import { ContactSheet } from './sheet';

const LARGE_LESION = 0.1;
const THIN_MM = 3;
const JITTER_MM = 5;
const CLICKS = 4;
/** A body counts as found within this distance of its centre. */
const FOUND_MM = 8;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string' },
    phantoms: { type: 'string', default: '60' },
    'without-network': { type: 'boolean', default: false },
  },
});
let network: BodyNetwork | undefined;
const wanted = (part: string) => values.only === undefined || values.only === part;
const say = (line: string) => process.stdout.write(`${line}\n`);

void main();

async function main(): Promise<void> {
  network = values['without-network'] ? undefined : await loadBodyNetwork();
  say(network ? `outlined by ${network.name}` : 'by edges alone');
  const folder = sharedCt();
  if (values.out) mkdirSync(values.out, { recursive: true });
  if (!folder) say('The shared folder of real CT is absent: only phantoms are measured.');
  if (folder && wanted('click')) {
    for (const ct of [await totalSegmentatorExample(folder), await tptboxL3(folder), await hideAndSeekT10(folder)]) {
      await clicks(ct);
    }
  }
  if (wanted('phantoms')) await phantoms(Number(values.phantoms));
  if (folder && wanted('jitter')) await jitter(await lidc0314(folder));
  if (folder && wanted('refuse')) await refuse(await lidc0314(folder));
  if (folder && wanted('find')) {
    await find(await lidc0314(folder));
    const lumbar = await totalSegmentatorExample(folder);
    await find({ ...lumbar, centres: centresOf(lumbar) });
    await find(await crlm1006(folder));
  }
}

function centresOf({ bodies, labels, names }: MaskedCt): CentredCt['centres'] {
  const extents = labelExtents(bodies);
  return labels.map(label => ({ id: names.get(label)!, lps: extents.get(label)!.centreLps }));
}

/** The body at a click, or the reason why there is none. */
async function click(volume: Volume, lps: Vec3): Promise<SegmentedBody | string> {
  try {
    const body = await segmentBody(volume, lps, { network });
    checkPlausible(volume, body, lps);
    return body;
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}

/** One click in the centre of each body. @returns Dice per body, 0 where the click was refused */
async function clicks(ct: MaskedCt, shared?: ContactSheet, note = ''): Promise<number[]> {
  const sheet = shared ?? new ContactSheet();
  const scores: number[] = [];
  for (const [n, { id, lps }] of centresOf(ct).entries()) {
    const start = process.cpuUsage();
    const body = await click(ct.volume, lps);
    const used = process.cpuUsage(start);
    if (typeof body === 'string') {
      say(`${ct.id} ${id}${note}: refused, ${body}`);
      scores.push(0);
      continue;
    }
    const score = diceOf(body.mask, ct.bodies, ct.labels[n]);
    sheet.add(ct.volume, lps, body.mask, { labelmap: ct.bodies, label: ct.labels[n] });
    const seconds = (used.user + used.system) / 1e6;
    say(
      `${ct.id} ${id}${note}: Dice ${score.toFixed(3)}, ${body.millilitres.toFixed(1)} ml, centroid off ` +
        `${distance(lps, body.centroidLps).toFixed(1)} mm, confidence ${body.confidence.toFixed(2)}, ${seconds.toFixed(2)} s CPU`
    );
    scores.push(score);
  }
  if (!shared) write(sheet, `click-${ct.id}`);
  return scores;
}

async function phantoms(count: number): Promise<void> {
  const sheet = new ContactSheet();
  const groups = new Map<string, number[]>();
  const add = (name: string, scores: readonly number[]) => groups.set(name, [...(groups.get(name) ?? []), ...scores]);
  for (const ct of phantomCrops(count)) {
    const large = ct.lesionShare >= LARGE_LESION;
    const note = ` (${ct.sliceThicknessMm} mm slices, ${(100 * ct.lesionShare).toFixed(0)} % lesion)`;
    const scores = await clicks(ct, sheet, note);
    add('held out, all', scores);
    add(`slices ${ct.sliceThicknessMm <= THIN_MM ? 'up to' : 'over'} ${THIN_MM} mm`, scores);
    add(ct.names.get(1)!.startsWith('C') ? 'cervical' : 'thoracic and lumbar', scores);
    if (large) add(`lesions of ${100 * LARGE_LESION} % and more`, scores);
  }
  add('demo study', await clicks(demoPhantom()));
  for (const [name, scores] of groups) {
    const sorted = [...scores].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(3);
    say(
      `phantoms, ${name}: n ${scores.length}, mean Dice ${mean(scores).toFixed(3)}, least ${at(0)}, ` +
        `10th percentile ${at(0.1)}, median ${at(0.5)}`
    );
  }
  write(sheet, 'phantoms');
}

/** Clicks off the middle must end at the same body. */
async function jitter({ id, volume, centres }: CentredCt): Promise<void> {
  const sheet = new ContactSheet();
  let [plausible, worst, refused] = [0, 0, 0];
  const middles: SegmentedBody[] = [];
  for (const [n, { id: name, lps }] of centres.entries()) {
    const offsets: Vec3[] = [[0, 0, 0], ...randomOffsets(CLICKS, JITTER_MM, n + 1)];
    const bodies: SegmentedBody[] = [];
    for (const offset of offsets) {
      const body = await click(volume, [lps[0] + offset[0], lps[1] + offset[1], lps[2] + offset[2]]);
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
  const claimed = middles.reduce((sum, { mask }) => sum + mask.voxels, 0);
  const kept = [...labelExtents(bodiesLabelmap(volume, middles)).values()].reduce((sum, { voxels }) => sum + voxels, 0);
  const total = centres.length * (1 + CLICKS);
  say(
    `${id}: ${plausible} of ${total} clicks plausible (5 mm, 5-45 ml), ${refused} refused, farthest ${worst.toFixed(1)} mm`
  );
  say(`${id}: ${claimed - kept} of ${claimed} voxels claimed by two bodies`);
  write(sheet, `jitter-${id}`);
}

/** Clicks into the discs, into the canal, and beside the spine: each must be refused. */
async function refuse({ id, volume, centres }: CentredCt): Promise<void> {
  const bodies: SegmentedBody[] = [];
  for (const { lps } of centres) {
    const body = await click(volume, lps);
    if (typeof body !== 'string') bodies.push(body);
  }
  for (const [kind, place] of Object.entries(BESIDE)) {
    let refused = 0;
    const codes: string[] = [];
    for (let n = 0; n + 1 < bodies.length; n++) {
      const at = place(discMiddle(volume, bodies[n], bodies[n + 1]), bodies[n], bodies[n + 1]);
      const body = await click(volume, at);
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

async function find({ id, volume, centres }: CentredCt): Promise<void> {
  const start = process.cpuUsage();
  const { bodies, leftOut } = await locateVertebrae(volume, { network });
  const used = process.cpuUsage(start);
  const sheet = new ContactSheet();
  const taken = new Set<string>();
  bodies.forEach((body, n) => {
    const near = nearest(centres, body.centroidLps);
    if (near && near.off <= FOUND_MM) taken.add(near.id);
    const known = near ? `; nearest centre ${near.id}, ${near.off.toFixed(1)} mm` : '';
    const at = body.centroidLps.map(value => value.toFixed(0)).join(', ');
    say(
      `${id} V${n + 1}: (${at}), ${body.millilitres.toFixed(1)} ml, confidence ${body.confidence.toFixed(2)}${known}`
    );
    sheet.add(volume, body.centroidLps, body.mask);
  });
  for (const { code, centreLps } of leftOut)
    say(`${id} left out: ${code} at ${centreLps.map(v => v.toFixed(0)).join(', ')}`);
  const score = centres.length > 0 ? `, ${taken.size} of ${centres.length} known centres within ${FOUND_MM} mm` : '';
  say(`${id}: ${bodies.length} bodies${score}; ${((used.user + used.system) / 1e6).toFixed(1)} s CPU`);
  write(sheet, `find-${id}`);
}

function nearest(centres: CentredCt['centres'], at: Vec3): { id: string; off: number } | undefined {
  return centres.map(({ id, lps }) => ({ id, off: distance(lps, at) })).sort((a, b) => a.off - b.off)[0];
}

function write(sheet: ContactSheet, name: string): void {
  if (values.out) writeFileSync(join(values.out, `${name}.png`), sheet.png());
}
