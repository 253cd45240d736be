/** One click in the centre of each body whose mask is known. */
import { type Bench, centresOf, click, say, secondsSince, writeSheet } from './bench';
import { demoPhantom, type MaskedCt, phantomCrops } from './cases';
import { diceOf, distance, mean, voxelsOf } from './figures';
import { ContactSheet } from './sheet';

/** Share of a body from which on its lesions are large. */
const LARGE_LESION = 0.1;
const THIN_MM = 3;

/** @returns Dice per body, 0 where the click was refused */
export async function clicks(bench: Bench, ct: MaskedCt, shared?: ContactSheet, note = ''): Promise<number[]> {
  const sheet = shared ?? new ContactSheet();
  const scores: number[] = [];
  for (const [n, { id, lps }] of centresOf(ct).entries()) {
    const start = process.cpuUsage();
    const body = await click(bench, ct.volume, lps);
    const seconds = secondsSince(start);
    if (typeof body === 'string') {
      say(`${ct.id} ${id}${note}: refused, ${body}`);
      scores.push(0);
      continue;
    }
    const score = diceOf(body.mask, ct.bodies, ct.labels[n]);
    sheet.add(ct.volume, lps, body.mask, { labelmap: ct.bodies, label: ct.labels[n] });
    say(
      `${ct.id} ${id}${note}: Dice ${score.toFixed(3)}, ${body.millilitres.toFixed(1)} ml ` +
        `(${(body.mask.voxels / voxelsOf(ct.bodies, ct.labels[n])).toFixed(2)} of the truth), centroid off ` +
        `${distance(lps, body.centroidLps).toFixed(1)} mm, confidence ${body.confidence.toFixed(2)}, ` +
        `edges ${body.edges?.toFixed(2) ?? 'alone'}, ${seconds.toFixed(2)} s CPU`
    );
    scores.push(score);
  }
  if (!shared) writeSheet(bench, sheet, `click-${ct.id}`);
  return scores;
}

/**
 * The first phantoms of the test split, and after them those with large lesions alone.
 * @param count all of so many patients
 * @param large until there are so many with large lesions
 */
export async function phantoms(bench: Bench, count: number, large: number): Promise<void> {
  const sheet = new ContactSheet();
  const groups = new Map<string, number[]>();
  const add = (name: string, scores: readonly number[]) => groups.set(name, [...(groups.get(name) ?? []), ...scores]);
  let seen = 0;
  for (const ct of phantomCrops(count)) {
    const isLarge = ct.lesionShare >= LARGE_LESION;
    if (!ct.first && !isLarge) continue;
    if (!ct.first && seen >= large) break;
    const note = ` (${ct.sliceThicknessMm} mm slices, ${(100 * ct.lesionShare).toFixed(0)} % lesion)`;
    const scores = await clicks(bench, ct, sheet, note);
    if (isLarge) {
      add(`lesions of ${100 * LARGE_LESION} % and more`, scores);
      seen++;
    }
    if (!ct.first) continue;
    add('held out, all', scores);
    add(`slices ${ct.sliceThicknessMm <= THIN_MM ? 'up to' : 'over'} ${THIN_MM} mm`, scores);
    add(ct.names.get(1)!.startsWith('C') ? 'cervical' : 'thoracic and lumbar', scores);
  }
  add('demo study', await clicks(bench, demoPhantom()));
  for (const [name, scores] of groups) {
    const sorted = [...scores].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(3);
    say(
      `phantoms, ${name}: n ${scores.length}, mean Dice ${mean(scores).toFixed(3)}, least ${at(0)}, ` +
        `10th percentile ${at(0.1)}, median ${at(0.5)}`
    );
  }
  writeSheet(bench, sheet, 'phantoms');
}
