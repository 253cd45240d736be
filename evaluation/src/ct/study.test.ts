import { analyseStudy, lesionLabelmap } from '@spine/core';
import { candidate, LABELS, METHOD, scriptedEngine, spine, square } from '@spine/core/testing/study';
import { sliceThrough } from './pictures';
import { keptRegionsOf } from './regions';
import { centralSlices, type ShippedModel } from './study';

const input = spine();
const targets = [{ level: 'T12', label: LABELS.T12 }];
const rules = { threshold: 0.5, minPixels: 5 };
/** Two separate lytic columns through the body, a blastic one, and a candidate that is not kept. */
const candidates = [
  candidate(0, 'lytic', square(2, -8), 0.8),
  candidate(1, 'lytic', square(3, 8), 1.4),
  candidate(2, 'blastic', square(2, 0, -8), 0.9),
  candidate(3, 'blastic', square(2, 0, 8), 0.3),
];
const model = { rules } as ShippedModel;

async function analysed() {
  const options = { slices: 'all', method: METHOD, screenBelow: 0 } as const;
  const study = await analyseStudy(scriptedEngine(candidates), input, targets, options);
  const lesions = lesionLabelmap(input.volume, input.bodies, study.analyses, rules);
  const regions = keptRegionsOf(input.bodies, study.analyses, lesions, rules);
  return { ct: { ...input, targets }, study, lesions, regions };
}

test('separates what is shown of one kind into regions, each with the score of its own candidates', async () => {
  const { regions, lesions } = await analysed();
  expect(regions.map(({ level, kind, score }) => [level, kind, score])).toEqual([
    ['T12', 'lytic', 1.4],
    ['T12', 'lytic', 0.8],
    ['T12', 'blastic', 0.9],
  ]);
  const ofKind = (kind: string) =>
    regions.filter(one => one.kind === kind).reduce((ml, one) => ml + one.millilitres, 0);
  for (const { kind, millilitres } of lesions.segments) expect(ofKind(kind)).toBeCloseTo(millilitres, 9);
});

test('the central slices alone show less, with their own P(malignant)', async () => {
  const all = await analysed();
  const central = centralSlices(model, all);
  const [whole, middle] = [all.study.analyses[0], central.study.analyses[0]];
  expect(middle.slices.map(({ offsetMm }) => offsetMm)).toEqual([0]);
  const [{ malignancyProbability, attribution }] = middle.slices;
  expect(middle.malignancyProbability).toBe(malignancyProbability ?? attribution.malignancyProbability);
  expect(whole.slices.length).toBeGreaterThan(10);
  expect(central.regions).toHaveLength(3);
  for (const [n, { millilitres }] of central.regions.entries()) {
    expect(millilitres).toBeGreaterThan(0);
    expect(millilitres).toBeLessThan(all.regions[n].millilitres / 4);
  }
  expect(
    centralSlices(model, { ...all, study: { ...all.study, analyses: [{ ...whole, slices: [] }] } }).regions
  ).toEqual([]);
});

test('a picture is taken where most of a region lies', async () => {
  const { ct, study } = await analysed();
  const [{ dims, indexToLps }, analysis] = [ct.bodies, study.analyses[0]];
  const column = Math.round((6 - indexToLps[3]) / indexToLps[0]);
  const inColumn = (i: number, count: number) => Array.from({ length: count }, (_, j) => i + dims[0] * (20 + j));
  const offsetMm = sliceThrough(ct, analysis, [...inColumn(column, 5), ...inColumn(column - 9, 3)]);
  expect(Math.abs(analysis.centreLps[0] + offsetMm - (indexToLps[3] + indexToLps[0] * column))).toBeLessThanOrEqual(
    0.41
  );
});
