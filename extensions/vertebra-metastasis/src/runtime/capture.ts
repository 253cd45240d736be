import type { CaptureOutcome } from '../core';
import { runTime } from './captureCheck';
import { CapturedPredictor, CaptureEnd, endOf, type CapturedPredictorOptions } from './capturedPredictor';
import { bestBatchSize, expectedMs, BATCH_SIZES, msPerImage } from './batchSizes';

export interface CaptureOptions extends CapturedPredictorOptions {
  /** Captured also where that is slower; for tests on software adapters. */
  readonly always?: boolean;
}

export interface RunChoice {
  readonly capture: CaptureOutcome;
  /** Undefined: the plain session is to be used. */
  readonly predictor?: CapturedPredictor;
  /** The batch with the least time per image. */
  readonly preferredBatch: number;
}

/** The batch that capture is tried with, where the card is fast enough for it. */
const FIRST_BATCH_SIZE = 8;
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
  for (const batch of [1, FIRST_BATCH_SIZE]) await timePlain(batch);
  const canRun = (batchSize: number, more = 0) =>
    expectedMs(plainMs, batchSize) <= MAX_RUN_MS && bytes(batchSize) + more <= maxBytes;
  const first = canRun(FIRST_BATCH_SIZE) ? FIRST_BATCH_SIZE : 1;
  const top = Math.max(first, ...BATCH_SIZES.filter(batchSize => canRun(batchSize, bytes(first))));
  if (!plainMs.has(top)) await timePlain(top);

  const captured = new CapturedPredictor(options, msPerImage(plainMs));
  try {
    const batch = await openFirst(captured, first, plainMs, options.always ?? false);
    const largest = batch === first ? top : batch;
    await captured.session(largest);
    const preferredBatch = bestBatchSize(batchSize => captured.expected(batchSize), largest);
    if (preferredBatch <= batch && largest > batch) await captured.drop(largest);
    const shown = preferredBatch > batch ? largest : batch;
    const [capturedMs, ms] = [captured.times.get(shown)!, plainMs.get(shown)!];
    return { capture: { code: 'used', batch: shown, capturedMs, plainMs: ms }, predictor: captured, preferredBatch };
  } catch (error) {
    await captured.close();
    return { capture: endOf(error), preferredBatch: bestBatchSize(batchSize => expectedMs(plainMs, batchSize), top) };
  }
}

/** Opens the session for `first`, or for single images where it spares nothing: the more images, the less the host's share. */
async function openFirst(
  captured: CapturedPredictor,
  first: number,
  plainMs: ReadonlyMap<number, number>,
  always: boolean
): Promise<number> {
  for (const batch of new Set([first, 1])) {
    await captured.session(batch);
    const [capturedMs, ms] = [captured.times.get(batch)!, plainMs.get(batch)!];
    if (always || capturedMs <= WORTHWHILE * ms) return batch;
    if (batch === 1) throw new CaptureEnd({ code: 'slower', batch, capturedMs, plainMs: ms });
    await captured.drop(batch);
  }
  throw new RangeError('the smallest batch size is one image');
}
