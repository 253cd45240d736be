import { PATCH_PIXELS, PATCH_SIZE } from '@spine/core';
import { bootstrapInterval, seededRandom } from './bootstrap';
import { otsu, gradCam } from './baselines';
import { centralIndices } from './crops';
import { compareSlice } from './matching';
import { areaUnderCurve, figures } from './metrics';
import type { SliceOutcome } from './metrics';

/** A mask with filled rectangles [row, column, height, width]. */
function boxes(...list: [number, number, number, number][]): Uint8Array {
  const mask = new Uint8Array(PATCH_PIXELS);
  for (const [row, column, height, width] of list) {
    for (let r = row; r < row + height; r++) mask.fill(1, r * PATCH_SIZE + column, r * PATCH_SIZE + column + width);
  }
  return mask;
}
const none = new Uint8Array(PATCH_PIXELS);

describe('compareSlice', () => {
  it('finds a lesion at an intersection over union of a quarter and not below', () => {
    const truth = boxes([0, 0, 4, 10]);
    expect(compareSlice(boxes([0, 0, 1, 10]), truth)).toMatchObject({ found: 1, missed: 0, falseRegions: 0 });
    expect(compareSlice(boxes([0, 0, 1, 9]), truth)).toMatchObject({ found: 0, missed: 1, falseRegions: 1 });
  });
  it('lets one region find one lesion only', () => {
    const truth = boxes([0, 0, 4, 4], [0, 5, 4, 4]);
    expect(compareSlice(boxes([0, 0, 4, 9]), truth)).toMatchObject({ found: 1, missed: 1, falseRegions: 0 });
  });
  it('counts pixels for Dice and ignores specks as regions', () => {
    const counts = compareSlice(boxes([0, 0, 4, 5], [30, 30, 2, 2]), boxes([0, 0, 4, 10]));
    expect(counts).toMatchObject({ truePixels: 40, predictedPixels: 24, commonPixels: 20, falseRegions: 0 });
  });
});

const outcome = (
  patient: string,
  malignant: boolean,
  probability: number,
  predicted: Uint8Array,
  truth: Uint8Array,
  mimic = false
): SliceOutcome => ({
  vertebra: patient,
  patient,
  malignant,
  mimic,
  source: 'synthetic',
  sliceThicknessMm: 1,
  probability,
  counts: { lytic: compareSlice(predicted, truth), blastic: compareSlice(none, none) },
});

describe('figures', () => {
  const lesion = boxes([10, 10, 5, 5]);
  const outcomes = [
    outcome('a', true, 0.9, lesion, lesion),
    outcome('b', true, 0.4, none, lesion),
    outcome('c', false, 0.6, boxes([1, 1, 3, 3]), none),
    outcome('d', false, 0.1, none, none),
    outcome('e', false, 0.1, boxes([1, 1, 3, 3], [20, 20, 3, 3]), none, true),
  ];
  it('counts lesions, slices and false regions', () => {
    const result = figures(outcomes);
    expect(result.lytic).toMatchObject({
      f1: 2 / (2 + 1 + 3),
      precision: 1 / 4,
      recall: 1 / 2,
      dice: 0.5,
      lesions: 2,
      slices: 2,
    });
    expect(result.blastic).toMatchObject({ f1: null, dice: null });
    expect([result.falsePerHealthy, result.falsePerMimic]).toEqual([0.5, 2]);
    expect(result.auc).toBeCloseTo(5 / 6, 9);
  });
  it('draws whole patients, reproducibly', () => {
    const recall = (sample: readonly SliceOutcome[]) => figures(sample).lytic.recall;
    const first = bootstrapInterval(outcomes, recall, { resamples: 100, seed: 3 });
    expect(first).toEqual(bootstrapInterval(outcomes, recall, { resamples: 100, seed: 3 }));
    expect(first?.[0]).toBe(0);
    expect(first?.[1]).toBe(1);
  });
  it('has no interval for one patient', () => {
    expect(bootstrapInterval(outcomes.slice(0, 1), () => 1)).toBeNull();
  });
});

it('counts ties of the ROC curve half', () => {
  expect(areaUnderCurve([0.5, 0.9], [0.5, 0.1])).toBe(0.875);
  expect(areaUnderCurve([], [0.1])).toBeNull();
});

it('takes slices around the centre', () => {
  expect(centralIndices(64, 1)).toEqual([32]);
  expect(centralIndices(64, 3)).toEqual([30, 32, 34]);
  expect(centralIndices(2, 5)).toEqual([1]);
});

it("separates dark, middle and bright pixels of the body by Otsu's method", () => {
  const body = boxes([0, 0, 10, 30]);
  const random = seededRandom(1);
  const patch = Float32Array.from(
    { length: PATCH_PIXELS },
    (_, i) => [0.1, 0.5, 0.9][Math.floor((i % PATCH_SIZE) / 10)] + 0.02 * random() || 0
  );
  const { lytic, blastic } = otsu(patch, body);
  expect(lytic).toEqual(boxes([0, 0, 10, 10]));
  expect(blastic).toEqual(boxes([0, 20, 10, 10]));
});

it('lights up the quadrant that carries the evidence', () => {
  const codeMap = new Float32Array(2 * 4);
  codeMap.set([0, 5, 0, 0]);
  const classifier = { mean: [0, 0], scale: [1, 1], coef: [1, 0], intercept: 0 };
  const body = boxes([0, 0, 64, 64]);
  const patch = Float32Array.from({ length: PATCH_PIXELS }, (_, i) => (i % PATCH_SIZE) / 64);
  const { lytic, blastic } = gradCam(codeMap, classifier, patch, body);
  expect(blastic[5 * PATCH_SIZE + 60]).toBe(1);
  expect(blastic[60 * PATCH_SIZE + 60]).toBe(0);
  expect(lytic.some(v => v > 0)).toBe(false);
});
