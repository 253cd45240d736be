/** Looks for bodies along the column: with the network, or by fits of a drum. */
import type { Vec3 } from '../geometry';
import { InputError, type Volume } from '../types';
import type { FittedBody } from './chain';
import type { Block } from './fit/block';
import type { ColumnPoint } from './fit/column';
import { fitBlocks } from './fit/fitBlocks';
import { fitBody } from './fit/fitBody';
import { componentAt } from './net/component';
import { type BodyNetwork, outlineAt } from './net/network';
import { segmentOutline } from './net/segmentOutline';

/** Distance between starting points along the column, mm: a third of the smallest body. */
const SEED_STEP_MM = 5;
/** Length of column handled with one resampled block, and the block's half extents, mm. */
const PIECE_MM = 30;
const PIECE_HALF_MM: Vec3 = [44, 46, 52];
/** The column's axis may pass a body's middle by this much, mm. */
const SEED_REACH_MM = 8;
/** Outlines with centres this close are of one body, mm: half of the smallest. */
const SAME_BODY_MM = 6;

export type LocateStage = 'column' | 'bodies' | 'masks';
/** Reports progress; throws when the search was cancelled. */
export type Step = (stage: LocateStage, done: number, planned: number) => Promise<void>;

interface Seed {
  /** LPS mm. */
  readonly lps: Vec3;
  /** Of the column there, radians. */
  readonly lean: number;
}

/** Bodies that may lie along the column; the same one may be listed several times. */
export function bodiesAlong(
  volume: Volume,
  column: readonly ColumnPoint[],
  step: Step,
  network: BodyNetwork | undefined
): Promise<FittedBody[]> {
  const seeds = seedsAlong(column);
  return network ? outlinedAlong(volume, seeds, step, network) : fittedAlong(volume, seeds, step);
}

/** The network looks at each starting point; where it has outlined a body already, once is enough. */
async function outlinedAlong(
  volume: Volume,
  seeds: readonly Seed[],
  step: Step,
  network: BodyNetwork
): Promise<FittedBody[]> {
  const found: FittedBody[] = [];
  for (const [n, { lps, lean }] of seeds.entries()) {
    await step('bodies', n + 1, seeds.length);
    const part = componentAt(await outlineAt(volume, lps, network), lps, SEED_REACH_MM);
    if (!part || found.some(({ fit }) => near(fit, part.centroid))) continue;
    const body = await segmentOutline(volume, part.centroid, network, lean).catch(ifRefused);
    if (body) found.push({ fit: body.fit, score: body.confidence });
  }
  return found;
}

function near({ x, y, z }: FittedBody['fit'], [cx, cy, cz]: Vec3): boolean {
  return Math.hypot(x - cx, y - cy, z - cz) < SAME_BODY_MM;
}

function ifRefused(error: unknown): undefined {
  if (!(error instanceof InputError)) throw error;
}

async function fittedAlong(volume: Volume, seeds: readonly Seed[], step: Step): Promise<FittedBody[]> {
  const found: FittedBody[] = [];
  let piece: { centre: Vec3; blurred: Block } | undefined;
  for (let n = 0; n < seeds.length; n++) {
    const { lps, lean } = seeds[n];
    if (
      !piece ||
      Math.abs(piece.centre[2] - lps[2]) > PIECE_MM / 2 ||
      Math.hypot(piece.centre[0] - lps[0], piece.centre[1] - lps[1]) > 20
    ) {
      const ahead = seeds[Math.min(seeds.length - 1, n + Math.round(PIECE_MM / 2 / SEED_STEP_MM))].lps;
      piece = { centre: ahead, blurred: fitBlocks(volume, ahead, PIECE_HALF_MM).blurred };
    }
    found.push(...fitBody(piece.blurred, lps, { lean, quick: true }));
    await step('bodies', n + 1, seeds.length);
  }
  return found;
}

/** Evenly spaced along the axis, with the column's own lean. */
function seedsAlong(column: readonly ColumnPoint[]): Seed[] {
  const seeds: Seed[] = [];
  let travelled = SEED_STEP_MM;
  for (let n = 0; n < column.length; n++) {
    const { lps } = column[n];
    const last = n > 0 ? column[n - 1].lps : lps;
    travelled += Math.hypot(lps[0] - last[0], lps[1] - last[1], lps[2] - last[2]);
    if (travelled < SEED_STEP_MM) continue;
    travelled = 0;
    const above = column[Math.max(0, n - 6)].lps;
    const below = column[Math.min(column.length - 1, n + 6)].lps;
    const lean = Math.atan2(-(above[1] - below[1]), above[2] - below[2]);
    seeds.push({ lps, lean: Math.max(-0.7, Math.min(0.7, lean)) });
  }
  return seeds;
}
