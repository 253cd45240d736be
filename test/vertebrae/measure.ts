/**
 * npm run measure:vertebrae [-- --only click|phantoms|jitter|find] [--out <dir for contact sheets>] [--phantoms <n>]
 * Prints how well vertebral bodies are segmented from a click and found without one. Real CT comes from the shared folder
 * beside the repository (or SPINE_SHARED); without it only the phantoms are measured.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bodiesLabelmap, labelExtents, locateVertebrae, segmentBody, type Vec3 } from '@spine/core';
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
const CLICKS = 2;
/** A body counts as found within this distance of its centre. */
const FOUND_MM = 8;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string' },
    phantoms: { type: 'string', default: '24' },
  },
});
const wanted = (part: string) => values.only === undefined || values.only === part;
const say = (line: string) => process.stdout.write(`${line}\n`);

void main();

async function main(): Promise<void> {
  const folder = sharedCt();
  if (values.out) mkdirSync(values.out, { recursive: true });
  if (!folder) say('The shared folder of real CT is absent: only phantoms are measured.');
  if (folder && wanted('click')) {
    for (const ct of [await totalSegmentatorExample(folder), await tptboxL3(folder), await hideAndSeekT10(folder)]) {
      clicks(ct);
    }
  }
  if (wanted('phantoms')) phantoms(Number(values.phantoms));
  if (folder && wanted('jitter')) jitter(await lidc0314(folder));
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

/** One click in the centre of each body. @returns Dice per body */
function clicks(ct: MaskedCt, shared?: ContactSheet): number[] {
  const sheet = shared ?? new ContactSheet();
  const scores = centresOf(ct).map(({ id, lps }, n) => {
    const start = process.cpuUsage();
    const body = segmentBody(ct.volume, lps);
    const used = process.cpuUsage(start);
    const score = diceOf(body.mask, ct.bodies, ct.labels[n]);
    sheet.add(ct.volume, lps, body.mask, { labelmap: ct.bodies, label: ct.labels[n] });
    const seconds = (used.user + used.system) / 1e6;
    say(
      `${ct.id} ${id}: Dice ${score.toFixed(3)}, ${body.millilitres.toFixed(1)} ml, centroid off ` +
        `${distance(lps, body.centroidLps).toFixed(1)} mm, confidence ${body.confidence.toFixed(2)}, ${seconds.toFixed(2)} s CPU`
    );
    return score;
  });
  if (!shared) write(sheet, `click-${ct.id}`);
  return scores;
}

function phantoms(count: number): void {
  const sheet = new ContactSheet();
  const groups = new Map<string, number[]>();
  for (const ct of phantomCrops(count)) {
    const lesions =
      ct.lesionShare >= LARGE_LESION ? `lesions of ${100 * LARGE_LESION} % and more` : 'no or small lesions';
    const name = `${lesions}, slices ${ct.sliceThicknessMm <= THIN_MM ? 'up to' : 'over'} ${THIN_MM} mm`;
    groups.set(name, [...(groups.get(name) ?? []), ...clicks(ct, sheet)]);
  }
  groups.set('demo study', clicks(demoPhantom()));
  for (const [name, scores] of groups) {
    const range = `mean Dice ${mean(scores).toFixed(3)}, least ${Math.min(...scores).toFixed(3)}`;
    say(`phantoms, ${name}: n ${scores.length}, ${range}`);
  }
  write(sheet, 'phantoms');
}

/** Clicks off the middle must end at the same body. */
function jitter({ id, volume, centres }: CentredCt): void {
  const sheet = new ContactSheet();
  let plausible = 0;
  let worst = 0;
  const middles = centres.map(({ id: name, lps }, n) => {
    const offsets: Vec3[] = [[0, 0, 0], ...randomOffsets(CLICKS, JITTER_MM, n + 1)];
    const bodies = offsets.map(offset =>
      segmentBody(volume, [lps[0] + offset[0], lps[1] + offset[1], lps[2] + offset[2]])
    );
    bodies.forEach(({ centroidLps, millilitres }) => {
      const off = distance(lps, centroidLps);
      worst = Math.max(worst, off);
      if (off <= 5 && millilitres >= 5 && millilitres <= 45) plausible++;
    });
    const ml = bodies.map(body => body.millilitres.toFixed(1)).join(' ');
    const off = bodies.map(body => distance(lps, body.centroidLps).toFixed(1)).join(' ');
    say(`${id} ${name}: ml ${ml}; centroid off ${off} mm (first click in the centre)`);
    sheet.add(volume, lps, bodies[0].mask);
    return bodies[0];
  });
  const claimed = middles.reduce((sum, { mask }) => sum + mask.voxels, 0);
  const kept = [...labelExtents(bodiesLabelmap(volume, middles)).values()].reduce((sum, { voxels }) => sum + voxels, 0);
  const total = centres.length * (1 + CLICKS);
  say(`${id}: ${plausible} of ${total} clicks plausible (5 mm, 5-45 ml), farthest ${worst.toFixed(1)} mm`);
  say(`${id}: ${claimed - kept} of ${claimed} voxels claimed by two bodies`);
  write(sheet, `jitter-${id}`);
}

async function find({ id, volume, centres }: CentredCt): Promise<void> {
  const start = process.cpuUsage();
  const { bodies, leftOut } = await locateVertebrae(volume);
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
