import { type CaptureOutcome, ddimStep } from '../core';
import { advanceError, captureError, runTime } from './captureCheck';
import { expectedMs, batchSizeFor } from './batchSizes';
import type { NoiseInputs, NoisePredictor, StepInputs } from './noisePredictor';

export interface CapturedPredictorOptions {
  /** Runs whatever captured sessions cannot. */
  readonly plain: NoisePredictor;
  /** Opens a session with its graph captured for batches of `batchSize`. */
  readonly open: (batchSize: number) => Promise<NoisePredictor>;
  /** Two predictions that differ in every input. */
  readonly samples: (batch: number) => Promise<readonly [NoiseInputs, NoiseInputs]>;
  /** Largest difference allowed from `plain`. */
  readonly tolerance: number;
  /** Memory that a session captured for `batchSize` takes on the graphics card, and what all of them may take together. */
  readonly bytes: (batchSize: number) => number;
  readonly maxBytes: number;
  /** Milliseconds of one run. */
  readonly time?: (predictor: NoisePredictor, inputs: NoiseInputs) => Promise<number>;
  /** Told when capture, once used, is given up. */
  readonly onEnd?: (why: CaptureOutcome) => void;
}

/** A session of its own is opened where its run is expected to take at most this share of the one that would do as well. */
const OWN_SESSION = 0.75;
/** Sessions at a time: each takes about half a second to open. */
const MAX_SESSIONS = 4;

/** Steps in a row until an analysis looks whether it was cancelled or paused. */
const [MOST_STEPS, STEPS_MS] = [32, 100];

/** Why captured graphs are not used (any longer). */
export class CaptureEnd extends Error {
  constructor(readonly outcome: CaptureOutcome) {
    super(`capture: ${outcome.code}`);
  }
}

export function endOf(error: unknown): CaptureOutcome {
  if (error instanceof CaptureEnd) return error.outcome;
  return { message: error instanceof Error ? error.message : String(error), code: 'failed' };
}

/**
 * Captured sessions for several batches. Each is checked against the plain one before it is used. After the first that
 * differs or fails all are closed, and the prediction that it was for, and all later ones, are made by the plain one.
 */
export class CapturedPredictor implements NoisePredictor {
  /** Milliseconds of a run of each session that is or was open. */
  readonly times = new Map<number, number>();
  private readonly sessions = new Map<number, NoisePredictor>();
  private ended = false;

  /** @param perImage milliseconds that each further image costs the plain session */
  constructor(
    private readonly options: CapturedPredictorOptions,
    private readonly perImage: number
  ) {}

  async predict(inputs: NoiseInputs): Promise<Float32Array> {
    const batchSize = this.batchSizeOf(inputs.batch);
    if (batchSize !== undefined) {
      try {
        return await (await this.session(batchSize)).predict(inputs);
      } catch (error) {
        await this.close();
        this.options.onEnd?.(endOf(error));
      }
    }
    return this.options.plain.predict(inputs);
  }

  /** Steps with the images on the card between them; one by one where that failed or is not offered. */
  async advance(inputs: StepInputs): Promise<Float32Array> {
    const batchSize = this.batchSizeOf(inputs.batch);
    if (batchSize !== undefined) {
      try {
        const session = await this.session(batchSize);
        if (session.advance) return await session.advance(inputs);
      } catch (error) {
        await this.close();
        this.options.onEnd?.(endOf(error));
      }
    }
    let { noisy } = inputs;
    const { batch, codeScale, steps } = inputs;
    for (const { time, alphaBar, target } of steps) {
      noisy = ddimStep(noisy, await this.predict({ batch, noisy, time, codeScale }), alphaBar, target);
    }
    return noisy;
  }

  get stepsAtOnce(): number {
    const slowest = Math.max(...this.times.values());
    return this.ended ? 1 : Math.max(1, Math.min(MOST_STEPS, Math.floor(STEPS_MS / slowest)));
  }

  /** Milliseconds of a run, measured where it could be. */
  expected(batchSize: number): number {
    return expectedMs(this.times, batchSize, this.times.size > 1 ? undefined : this.perImage);
  }

  /** Opens, checks and times the session for a batch size. @throws CaptureEnd, or what onnxruntime threw */
  async session(batchSize: number): Promise<NoisePredictor> {
    const open = this.sessions.get(batchSize);
    if (open) return open;
    const { plain, samples, tolerance, time = runTime } = this.options;
    const opened = await this.options.open(batchSize);
    this.sessions.set(batchSize, opened);
    const both = await samples(batchSize);
    const error = await captureError(opened, plain, both);
    if (!(error <= tolerance)) throw new CaptureEnd({ code: 'disagrees', error, tolerance });
    if (opened.advance) {
      const wrong = await advanceError(opened, plain, both);
      if (!(wrong <= tolerance)) throw new CaptureEnd({ code: 'disagrees', error: wrong, tolerance });
    }
    this.times.set(batchSize, await time(opened, both[0]));
    return opened;
  }

  /** Closes the session of a batch size that did not prove worth its memory. */
  async drop(batchSize: number): Promise<void> {
    const session = this.sessions.get(batchSize);
    this.sessions.delete(batchSize);
    await session?.release();
  }

  /** Closes all captured sessions for good; the plain one stays. */
  async close(): Promise<void> {
    this.ended = true;
    const open = [...this.sessions.values()];
    this.sessions.clear();
    // A session that failed may fail to close as well; the reason that counts is told already.
    await Promise.allSettled(open.map(session => session.release()));
  }

  async release(): Promise<void> {
    await this.close();
    await this.options.plain.release();
  }

  /** The size to run a batch in; undefined: the plain session. */
  private batchSizeOf(batch: number): number | undefined {
    if (this.ended) return undefined;
    const open = batchSizeFor(batch, this.sessions.keys());
    const own = batchSizeFor(batch);
    if (own === undefined || own === open || !this.fits(own)) return open;
    return open !== undefined && this.expected(own) > OWN_SESSION * this.expected(open) ? open : own;
  }

  private fits(batchSize: number): boolean {
    const { bytes, maxBytes } = this.options;
    const taken = [...this.sessions.keys()].reduce((sum, open) => sum + bytes(open), 0);
    return this.sessions.size < MAX_SESSIONS && taken + bytes(batchSize) <= maxBytes;
  }
}
