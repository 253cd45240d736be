import { defaultMethodOptions } from './method';
import { describeMasks, describeSampler, maskRecord, samplerRecord } from './provenance';

test('the sampler with its margins', () => {
  const method = {
    ...defaultMethodOptions(),
    attributionThreshold: 0.5,
    skipBelowThresholdBy: 0.2,
    trustAboveThresholdBy: 0.4,
    rescoreWithin: 0.1,
  };
  const record = samplerRecord(method, {});
  const { id, inversionEvaluations, renderEvaluations } = method.sampler;
  const margins = { notScoredBelow: 0.3, notScoredAbove: 0.9, rescoredWithin: 0.1 };
  expect(record).toEqual({ id, inversionEvaluations, renderEvaluations, ...margins });
  expect(describeSampler(record)).toMatch(
    /^fast, \d+ inversion and \d+ render evaluations; candidates first estimated below 0.3 not scored; those first estimated above 0\.9 scored by that estimate; candidates within 0.1 of the threshold rescored$/
  );
  const plain = {
    ...method,
    skipBelowThresholdBy: undefined,
    trustAboveThresholdBy: undefined,
    rescoreWithin: undefined,
  };
  expect(samplerRecord(plain, {})).toEqual({ id, inversionEvaluations, renderEvaluations });
});

test('regions that too few slices show are said to be excluded', () => {
  const record = samplerRecord(
    {
      ...defaultMethodOptions(),
      refineOutlines: true,
      leastSlices: 2,
      outlineAcrossSlices: true,
      followLesions: true,
      leastDifference: 0.04,
    },
    {}
  );
  expect(record).toMatchObject({
    outlinesRefined: true,
    leastSlices: 2,
    outlinedAcrossSlices: true,
    lesionsFollowed: true,
    leastDifference: 0.04,
  });
  expect(describeSampler(record)).toMatch(
    /; outlines drawn anew at the half level of the CT; lesions outlined at one level across slices; regions that the healthy edit changes by less than 0\.04 excluded; slices beside a lesion searched until it ends; regions in fewer than 2 neighbouring slices excluded$/
  );
  expect(samplerRecord(defaultMethodOptions(), {})).not.toHaveProperty('leastSlices');
});

test('a screening network is named, and what it excludes', () => {
  const network = { sliceSteps: [-4, -2, 0, 2, 4], encoderWeight: 1, networkWeight: 1 };
  const screening = { withinMm: 4, logitShift: -1, network };
  const record = samplerRecord(defaultMethodOptions(), { screening });
  expect(record).toMatchObject({ screenedWithNetwork: true });
  expect(record).not.toHaveProperty('leastKindLogit');
  expect(describeSampler(record)).toMatch(/; slices judged with a screening network before they are searched$/);
  const excluding = samplerRecord({ ...defaultMethodOptions(), leastKindLogit: -2 }, { screening });
  expect(describeSampler(excluding)).toMatch(
    /searched; regions excluded where the screening network's logit for their kind is below -2$/
  );
  expect(samplerRecord(defaultMethodOptions(), { screening: { ...screening, network: undefined } })).not.toHaveProperty(
    'screenedWithNetwork'
  );
});

test('masks; nothing to say where all were given', () => {
  const masks = [maskRecord({ level: 'T12', origin: 'search', corrected: true }), maskRecord({ level: 'L1' })];
  expect(masks[1]).toEqual({ level: 'L1', origin: 'given', corrected: false });
  expect(describeMasks(masks)).toBe('vertebral bodies: T12 mask found automatically, corrected by hand; L1 mask given');
  expect(describeMasks([masks[1]])).toBeUndefined();
});
