/** The search without a click. */
import { locateVertebrae, type Vec3 } from '@spine/core';
import { type Bench, say, secondsSince, writeSheet } from './bench';
import type { CentredCt } from './cases';
import { distance } from './figures';
import { levelCheck } from './profile';
import { ContactSheet } from './sheet';

/** A body counts as found within this distance of its centre. */
const FOUND_MM = 8;

export async function find(bench: Bench, { id, volume, centres }: CentredCt): Promise<void> {
  const start = process.cpuUsage();
  const { bodies, leftOut } = await locateVertebrae(volume, { network: bench.network });
  const seconds = secondsSince(start);
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
  say(`${id}: ${bodies.length} bodies${score}; ${seconds.toFixed(1)} s CPU`);
  say(`${id}: ${levelCheck(volume, bodies)}`);
  writeSheet(bench, sheet, `find-${id}`);
}

function nearest(centres: CentredCt['centres'], at: Vec3): { id: string; off: number } | undefined {
  return centres.map(({ id, lps }) => ({ id, off: distance(lps, at) })).sort((a, b) => a.off - b.off)[0];
}
