/** The time of one evaluation, measured in the batches that an analysis has. */
import { evaluationTime } from './evaluationTime';

afterEach(() => jest.restoreAllMocks());

test.each([1, 8])('is that of one image, in batches of %i', async preferredBatch => {
  let clock = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => clock);
  const predictNoise = jest.fn((images: Float32Array) => {
    clock += 240;
    return Promise.resolve(images);
  });
  expect(await evaluationTime({ preferredBatch, codeSize: 4, predictNoise })).toBe(240 / preferredBatch);
  const [images, , codes, batch] = predictNoise.mock.calls[0] as unknown as [
    Float32Array,
    number,
    Float32Array,
    number,
  ];
  expect([images.length, codes.length, batch]).toEqual([preferredBatch * 4096, preferredBatch * 4, preferredBatch]);
  expect(Math.min(...Array.from(images, Math.abs).filter(Boolean))).toBeGreaterThan(1e-6);
});
