/** What files of former versions say is still understood; files of today are data, not sentences. */
import { readCoverage, readProvenance } from '@spine/dicom';

const MODEL = { id: 'default', name: 'Default', version: '0.4.0', sha256: 'ab'.repeat(32) };
const former = { model: MODEL, threshold: 0.5, provider: 'wasm' };

test('sampler and masks told in sentences', () => {
  const sampler =
    'fast, 44 inversion and 28 render evaluations; candidates first estimated below 0.3 not scored; candidates within 0.1 of the threshold refined';
  const masks = 'vertebral bodies: T12 mask found automatically; L1 mask by click, corrected by hand';
  expect(readProvenance({ schema: 1, provenance: { ...former, sampler, masks } })).toEqual({
    ...former,
    sampler: {
      id: 'fast',
      inversionEvaluations: 44,
      renderEvaluations: 28,
      notScoredBelow: 0.3,
      rescoredWithin: 0.1,
    },
    masks: [
      { level: 'T12', origin: 'search', corrected: false },
      { level: 'L1', origin: 'click', corrected: true },
    ],
  });
});

test('what today’s files say of a screening network is read back', () => {
  const sampler = { id: 'fast', inversionEvaluations: 44, renderEvaluations: 28 };
  const today = {
    ...former,
    sampler: {
      ...sampler,
      notScoredAbove: 0.9,
      lesionsFollowed: true,
      leastDifference: 0.04,
      screenedWithNetwork: true,
      leastKindLogit: -2.5,
    },
  };
  expect(readProvenance({ schema: 2, provenance: today })).toEqual(today);
});

test('sentences that are not understood stay as they are', () => {
  const provenance = { ...former, sampler: 'slow, 3 steps', masks: 'made elsewhere' };
  expect(readProvenance({ schema: 1, provenance })).toEqual({
    ...former,
    sampler: { words: 'slow, 3 steps' },
    masks: { words: 'made elsewhere' },
  });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['another schema', { schema: 3, provenance: { ...former, sampler: { words: 'x' } } }],
  ['a sentence where today is data', { schema: 2, provenance: { ...former, sampler: 'fast' } }],
  ['no model', { schema: 2, provenance: { threshold: 0.5, provider: 'wasm', sampler: { words: 'x' } } }],
  ['a threshold that is text', { schema: 2, provenance: { ...former, threshold: '0.5', sampler: { words: 'x' } } }],
])('%s is no provenance', (_, state) => expect(readProvenance(state)).toBeUndefined());

test('coverage is taken whole or not at all', () => {
  const one = {
    label: 1,
    level: 'T11',
    analysedMillilitres: 9.5,
    notAnalysedMillilitres: 1,
    searchedSlices: 8,
    screenedSlices: 4,
    skippedSlices: 2,
  };
  expect(readCoverage({ coverage: [one] })).toEqual([one]);
  for (const wrong of [{ ...one, analysedMillilitres: NaN }, { ...one, label: 'T11' }, { level: 'T11' }]) {
    expect(readCoverage({ coverage: [one, wrong] })).toBeUndefined();
  }
  expect(readCoverage(undefined)).toBeUndefined();
});
