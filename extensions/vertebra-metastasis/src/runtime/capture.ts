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
  const { plain, samples, bytes, maxBytes, always = false } = options;
  const plainMs = new Map<number, number>();
  const timePlain = async (batch: number) => plainMs.set(batch, await runTime(plain, (await samples(batch))[0]));
  for (const batch of [1, FIRST_RUNG]) await timePlain(batch);
  const canRun = (rung: number) => expectedMs(plainMs, rung) <= MAX_RUN_MS;
  const first = canRun(FIRST_RUNG) && bytes(FIRST_RUNG) <= maxBytes ? FIRST_RUNG : 1;
  const larger = LADDER.filter(rung => rung > first && canRun(rung) && bytes(first) + bytes(rung) <= maxBytes);
  const top = larger[larger.length - 1] ?? first;
  if (!plainMs.has(top)) await timePlain(top);

  const ladder = new CapturedLadder(options, msPerImage(plainMs));
  try {
    for (const rung of new Set([first, top])) {
      await ladder.session(rung);
      const [capturedMs, ms] = [ladder.times.get(rung)!, plainMs.get(rung)!];
      if (capturedMs > WORTHWHILE * ms && !always) {
        throw new CaptureEnd({ code: 'slower', batch: rung, capturedMs, plainMs: ms });
      }
    }
  } catch (error) {
    await ladder.close();
    return { capture: endOf(error), preferredBatch: bestRung(rung => expectedMs(plainMs, rung), top) };
  }
  const preferredBatch = bestRung(rung => ladder.expected(rung), top);
  if (preferredBatch <= first && top !== first) await ladder.drop(top);
  const batch = preferredBatch > first ? top : first;
  return {
    capture: { code: 'used', batch, capturedMs: ladder.times.get(batch)!, plainMs: plainMs.get(batch)! },
    predictor: ladder,
    preferredBatch,
  };
}
