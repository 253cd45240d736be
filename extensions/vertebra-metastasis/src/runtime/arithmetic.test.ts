/** float16 is chosen by what it gives and by what it spares; a failure leaves float32 as it was. */
import { PATCH_PIXELS } from '../core';
import { chooseArithmetic, FLOAT16_BOUND } from './arithmetic';
import type { NoiseInputs, NoisePredictor } from './noisePredictor';

const samples = [1, 2].map(
  value => ({ batch: 1, noisy: new Float32Array(PATCH_PIXELS).fill(value) }) as never as NoiseInputs
);

/** Predicts twice the image and `offset`, where it does not throw. */
function predictor(offset = 0, failing = false) {
  const seen = { released: 0 };
  const made: NoisePredictor = {
    async predict({ noisy }) {
      if (failing) throw new Error('no such shader');
      return noisy.map((value, i) => 2 * value + (i === 77 && value === 2 ? offset : 0));
    },
    async release() {
      seen.released++;
    },
  };
  return { made, seen };
}

function choose(half: ReturnType<typeof predictor>, halfMs: number, always = false) {
  const float32 = predictor();
  const openFloat16 = async () => half.made;
  const time = async (one: NoisePredictor) => (one === float32.made ? 10 : halfMs);
  return chooseArithmetic({ float32: float32.made, openFloat16, samples, always, time });
}

it('is used where every prediction agrees within the bound and a run is faster', async () => {
  const half = predictor(0.9 * FLOAT16_BOUND);
  const { outcome, float16 } = await choose(half, 5);
  expect(outcome).toMatchObject({ code: 'float16', bound: FLOAT16_BOUND, float16Ms: 5, float32Ms: 10 });
  expect((outcome as { error: number }).error).toBeCloseTo(0.9 * FLOAT16_BOUND, 6);
  expect(float16).toBe(half.made);
  expect(half.seen.released).toBe(0);
});

it.each<[string, ReturnType<typeof predictor>, number, object]>([
  [
    'one pixel of one prediction is off',
    predictor(1.1 * FLOAT16_BOUND),
    5,
    { code: 'disagrees', bound: FLOAT16_BOUND },
  ],
  ['a number is missing', predictor(NaN), 5, { code: 'disagrees', error: Infinity }],
  ['a run takes as long', predictor(), 9.5, { code: 'slower', float16Ms: 9.5, float32Ms: 10 }],
  ['it throws', predictor(0, true), 5, { code: 'failed', message: 'no such shader' }],
])('is closed, and why is told, where %s', async (_, half, halfMs, expected) => {
  const { outcome, float16 } = await choose(half, halfMs);
  expect(outcome).toMatchObject(expected);
  expect(float16).toBeUndefined();
  expect(half.seen.released).toBe(1);
});

it('is told where it does not even open', async () => {
  const openFloat16 = async () => Promise.reject(new Error('out of memory'));
  const { outcome } = await chooseArithmetic({ float32: predictor().made, openFloat16, samples, time: async () => 1 });
  expect(outcome).toEqual({ code: 'failed', message: 'out of memory' });
});

it('may be asked for where it is slower, but never where it disagrees', async () => {
  expect((await choose(predictor(), 20, true)).outcome.code).toBe('float16');
  expect((await choose(predictor(1), 20, true)).outcome.code).toBe('disagrees');
});
