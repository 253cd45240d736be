import type { CaptureOutcome } from '../core';
import { runTime } from './captureCheck';
import { CapturedLadder, CaptureEnd, endOf, type LadderOptions } from './capturedLadder';
import { bestRung, expectedMs, LADDER, msPerImage } from './ladder';

export interface CaptureOptions extends LadderOptions {
  /** Captured also where that is slower; for tests on software adapters. */
  readonly always?: boolean;
}

export interface RunChoice {
  readonly capture: CaptureOutcome;
  /** Undefined: the plain session is to be used. */
  readonly predictor?: CapturedLadder;
  /** The batch with the least time per image. */
  readonly preferredBatch: number;
}

/** The batch that capture is tried with, where the card is fast enough for it. */
const FIRST_RUNG = 8;
/** Captured sessions are worth their memory where a run takes at most this share of the plain one's time. */
const WORTHWHILE = 0.9;
/** Longer runs would keep the card from drawing the page, and a cancellation waiting. */
const MAX_RUN_MS = 250;

/**
 * Times the plain session in small and large batches, then captured ones where they agree with it, and chooses.
 * @throws what the plain session throws; failures of captured ones are told in `capture`
 */
export async function chooseRuns(options: CaptureOptions): Promise<RunChoice> {
  const { plain, samples, bytes, maxBytes, time = runTime } = options;
  const plainMs = new Map<number, number>();
  const timePlain = async (batch: number) => plainMs.set(batch, await time(plain, (await samples(batch))[0]));
  for (const batch of [1, FIRST_RUNG]) await timePlain(batch);
  const canRun = (rung: number, more = 0) => expectedMs(plainMs, rung) <= MAX_RUN_MS && bytes(rung) + more <= maxBytes;
  const first = canRun(FIRST_RUNG) ? FIRST_RUNG : 1;
  const top = Math.max(first, ...LADDER.filter(rung => canRun(rung, bytes(first))));
  if (!plainMs.has(top)) await timePlain(top);

  const ladder = new CapturedLadder(options, msPerImage(plainMs));
  try {
    const batch = await openFirst(ladder, first, plainMs, options.always ?? false);
    const largest = batch === first ? top : batch;
    await ladder.session(largest);
    const preferredBatch = bestRung(rung => ladder.expected(rung), largest);
    if (preferredBatch <= batch && largest > batch) await ladder.drop(largest);
    const shown = preferredBatch > batch ? largest : batch;
    const [capturedMs, ms] = [ladder.times.get(shown)!, plainMs.get(shown)!];
    return { capture: { code: 'used', batch: shown, capturedMs, plainMs: ms }, predictor: ladder, preferredBatch };
  } catch (error) {
    await ladder.close();
    return { capture: endOf(error), preferredBatch: bestRung(rung => expectedMs(plainMs, rung), top) };
  }
}

/** Opens the session for `first`, or for single images where it spares nothing: the more images, the less the host's share. */
async function openFirst(
  ladder: CapturedLadder,
  first: number,
  plainMs: ReadonlyMap<number, number>,
  always: boolean
): Promise<number> {
  for (const batch of new Set([first, 1])) {
    await ladder.session(batch);
    const [capturedMs, ms] = [ladder.times.get(batch)!, plainMs.get(batch)!];
    if (always || capturedMs <= WORTHWHILE * ms) return batch;
    if (batch === 1) throw new CaptureEnd({ code: 'slower', batch, capturedMs, plainMs: ms });
    await ladder.drop(batch);
  }
  throw new RangeError('a ladder begins at one image');
}
