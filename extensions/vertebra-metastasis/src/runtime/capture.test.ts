/** Which runs are chosen and when they are given up, with predictors that need no graphics card. */
import { type CaptureOptions, chooseRuns } from './capture';
import { ddimStep } from '../core';
import type { NoiseInputs, NoisePredictor, StepInputs } from './noisePredictor';

const PIXELS = 4096;
const MEGABYTE = 1e6;

type Fault = 'keeps-inputs' | 'throws' | 'not-a-number' | 'moves-wrongly';
interface Fake extends NoisePredictor {
  readonly batchSize?: number;
  runs: number;
  released: boolean;
  fault?: Fault;
  ms(batch: number): number;
}

/** noise = noisy x time + code, image by image. A fault shows as onnxruntime's would. */
function fakePredictor(ms: (batch: number) => number, batchSize?: number): Fake {
  let kept: Float32Array | undefined;
  const compute = ({ batch, noisy, time, codeScale }: NoiseInputs) => {
    const [factor, codes] = [time.scale.data[0] as number, codeScale.data as Float32Array];
    return Float32Array.from({ length: batch * PIXELS }, (_, i) => noisy[i] * factor + codes[Math.floor(i / PIXELS)]);
  };
  return {
    ms,
    batchSize,
    runs: 0,
    released: false,
    async predict(inputs) {
      this.runs++;
      if (this.released) throw new Error('run after release');
      if (this.fault === 'throws') throw new Error('the graph would not be captured');
      const noise = compute(inputs);
      if (this.fault === 'not-a-number') noise[5] = NaN;
      if (this.fault === 'keeps-inputs') return (kept ??= noise);
      return noise;
    },
    async advance({ batch, noisy, codeScale, steps }: StepInputs) {
      if (batchSize === undefined) throw new Error('a plain session moves nothing');
      let images = noisy;
      for (const { time, alphaBar, target } of steps) {
        images = ddimStep(images, await this.predict({ batch, noisy: images, codeScale, time }), alphaBar, target);
      }
      return this.fault === 'moves-wrongly' ? images.map(value => value + 0.01) : images;
    },
    async release() {
      this.released = true;
    },
  };
}

function inputs(batch: number, seed: number): NoiseInputs {
  const tensor = (...values: number[]) => ({ data: Float32Array.from(values) }) as never;
  return {
    batch,
    noisy: Float32Array.from({ length: batch * PIXELS }, (_, i) => Math.sin(i + seed)),
    time: { scale: tensor(seed), shift: tensor(seed) },
    codeScale: tensor(...Array.from({ length: batch }, (_, image) => image * seed)),
  };
}

/** A card that needs `overhead` ms for a captured run, `host` ms more for a plain one, and `perImage` ms. */
function card({ host = 26, overhead = 7.5, perImage = 0.12, fault = undefined as Fault | undefined } = {}) {
  const plain = fakePredictor(batch => host + overhead + perImage * batch);
  const opened: Fake[] = [];
  const ends: unknown[] = [];
  const options: CaptureOptions = {
    plain,
    open: async batchSize => {
      const session = fakePredictor(() => overhead + perImage * batchSize, batchSize);
      session.fault = fault;
      opened.push(session);
      return session;
    },
    samples: async batch => [inputs(batch, 1), inputs(batch, 2)],
    tolerance: 1e-3,
    bytes: batchSize => 12 * MEGABYTE + batchSize * MEGABYTE,
    maxBytes: 200 * MEGABYTE,
    time: async (predictor, { batch }) => (predictor as Fake).ms(batch),
    onEnd: why => ends.push(why),
  };
  const open = () => opened.filter(({ released }) => !released).map(({ batchSize }) => batchSize);
  return { plain, opened, open, ends, options };
}

describe('choice of how the noise predictor runs', () => {
  it('captures large batches where the host is what a run waits for', async () => {
    const { options, open } = card();
    const choice = await chooseRuns(options);
    expect(choice).toMatchObject({ preferredBatch: 32, capture: { code: 'used', batch: 32 } });
    expect(open()).toEqual([8, 32]);
    const wanted = inputs(5, 3);
    expect(await choice.predictor!.predict(wanted)).toEqual(await options.plain.predict(wanted));
  });

  it('does not fill batches that spare nothing, and gives their memory back', async () => {
    const { options, open } = card({ host: 20, overhead: 5, perImage: 6 });
    expect(await chooseRuns(options)).toMatchObject({ preferredBatch: 8, capture: { code: 'used', batch: 8 } });
    expect(open()).toEqual([8]);
  });

  it('stays with small batches within the memory that is allowed', async () => {
    const { options, open } = card();
    const choice = await chooseRuns({ ...options, maxBytes: 60 * MEGABYTE });
    expect(choice.preferredBatch).toBe(16);
    expect(open()).toEqual([8, 16]);
  });

  it('captures single images where eight at a time keep the card busy', async () => {
    const { options, open } = card({ host: 20, overhead: 5, perImage: 24 });
    expect(await chooseRuns(options)).toMatchObject({ capture: { code: 'used', batch: 1 } });
    expect(open()).toEqual([1]);
  });

  it('tries single images where eight take longer than the page may wait', async () => {
    const { options, open } = card({ host: 30, perImage: 60 });
    expect(await chooseRuns(options)).toMatchObject({ preferredBatch: 1, capture: { code: 'used', batch: 1 } });
    expect(open()).toEqual([1]);
  });

  it('captures nothing where that is not faster, unless it must', async () => {
    const slow = card({ host: 0.5 });
    const choice = await chooseRuns(slow.options);
    expect(choice).toMatchObject({ preferredBatch: 32, capture: { code: 'slower', batch: 1 } });
    expect(choice.predictor).toBeUndefined();
    expect(slow.open()).toEqual([]);
    expect(await chooseRuns({ ...slow.options, always: true })).toMatchObject({ capture: { code: 'used' } });
  });

  it.each<[Fault, object]>([
    ['keeps-inputs', { code: 'disagrees', tolerance: 1e-3 }],
    ['not-a-number', { code: 'disagrees', error: Infinity }],
    ['moves-wrongly', { code: 'disagrees', tolerance: 1e-3 }],
    ['throws', { code: 'failed', message: 'the graph would not be captured' }],
  ])('captures nothing when a captured graph %s', async (fault, capture) => {
    const { options, open, plain } = card({ fault });
    const choice = await chooseRuns({ ...options, always: true });
    expect(choice).toMatchObject({ capture });
    expect(choice.predictor).toBeUndefined();
    expect(open()).toEqual([]);
    expect(plain.released).toBe(false);
  });

  it('says what the plain session throws', async () => {
    const { options } = card();
    const time = () => Promise.reject(new Error('the device is lost'));
    await expect(chooseRuns({ ...options, time })).rejects.toThrow('the device is lost');
  });
});

describe('captured sessions in use', () => {
  it('opens a session of its own where padding would cost more than a quarter', async () => {
    const { options, open, opened } = card({ host: 30, overhead: 8, perImage: 2 });
    const { predictor } = await chooseRuns(options);
    expect(open()).toEqual([8, 32]);
    const ran = async (batch: number) => {
      const before = opened.map(({ runs }) => runs);
      await predictor!.predict(inputs(batch, 4));
      return opened.filter(({ runs }, n) => runs > (before[n] ?? 0)).map(({ batchSize }) => batchSize);
    };
    expect(await ran(8)).toEqual([8]);
    expect(await ran(12)).toEqual([16]);
    expect(await ran(2)).toEqual([2]);
    // The fifth would be one too many: it runs in a larger one.
    expect(await ran(4)).toEqual([8]);
    expect(await ran(1)).toEqual([2]);
    expect(open()).toEqual([8, 32, 16, 2]);
  });

  it('goes on without capture after a failure, with the prediction that failed', async () => {
    const { options, opened, open, ends, plain } = card();
    const { predictor } = await chooseRuns(options);
    const wanted = inputs(3, 5);
    const expected = await plain.predict(wanted);
    opened[0].fault = 'throws';
    expect(await predictor!.predict(wanted)).toEqual(expected);
    expect(await predictor!.predict(wanted)).toEqual(expected);
    expect(ends).toEqual([{ code: 'failed', message: 'the graph would not be captured' }]);
    expect(open()).toEqual([]);
    expect(opened).toHaveLength(2);
  });

  it('moves images on the card, as many steps at once as a tenth of a second has, and plainly after a failure', async () => {
    const { options, opened, ends } = card({ overhead: 11, perImage: 0.25 });
    const { predictor } = await chooseRuns(options);
    // 19 ms for a run of 32.
    expect(predictor!.stepsAtOnce).toBe(5);
    const { batch, noisy, codeScale, time } = inputs(2, 6);
    const steps = [0.5, 0.4, 0.6].map(alphaBar => ({ timestep: 0, alphaBar, target: alphaBar - 0.1, time }));
    let expected = noisy;
    for (const { alphaBar, target } of steps) {
      expected = ddimStep(
        expected,
        await options.plain.predict({ batch, noisy: expected, codeScale, time }),
        alphaBar,
        target
      );
    }
    const before = (options.plain as Fake).runs;
    expect(await predictor!.advance({ batch, noisy, codeScale, steps })).toEqual(expected);
    expect((options.plain as Fake).runs).toBe(before);
    for (const session of opened) session.fault = 'throws';
    expect(await predictor!.advance({ batch, noisy, codeScale, steps })).toEqual(expected);
    expect(ends).toEqual([{ code: 'failed', message: 'the graph would not be captured' }]);
    expect(predictor!.stepsAtOnce).toBe(1);
  });

  it('runs batches beyond the captured sizes plainly', async () => {
    const { options, plain } = card();
    const { predictor } = await chooseRuns(options);
    const before = plain.runs;
    await predictor!.predict(inputs(40, 1));
    expect(plain.runs).toBe(before + 1);
  });

  it('frees every session with the network', async () => {
    const { options, open, plain } = card();
    const { predictor } = await chooseRuns(options);
    await predictor!.release();
    expect(open()).toEqual([]);
    expect(plain.released).toBe(true);
  });
});
