import { defaultMethodOptions } from './method';
import { describeMasks, describeSampler, maskRecord, samplerRecord } from './provenance';

test('the sampler with its margins', () => {
  const method = {
    ...defaultMethodOptions(),
    attributionThreshold: 0.5,
    skipBelowThresholdBy: 0.2,
    rescoreWithin: 0.1,
  };
  const record = samplerRecord(method);
  const { id, inversionEvaluations, renderEvaluations } = method.sampler;
  expect(record).toEqual({ id, inversionEvaluations, renderEvaluations, notScoredBelow: 0.3, rescoredWithin: 0.1 });
  expect(describeSampler(record)).toMatch(
    /^fast, \d+ inversion and \d+ render evaluations; candidates first estimated below 0.3 not scored; candidates within 0.1 of the threshold rescored$/
  );
  const plain = { ...method, skipBelowThresholdBy: undefined, rescoreWithin: undefined };
  expect(samplerRecord(plain)).toEqual({ id, inversionEvaluations, renderEvaluations });
});

test('regions that too few slices show are said to be excluded', () => {
  const record = samplerRecord({ ...defaultMethodOptions(), refineOutlines: true, leastSlices: 2 });
  expect(record).toMatchObject({ outlinesRefined: true, leastSlices: 2 });
  expect(describeSampler(record)).toMatch(
    /; outlines drawn anew at the half level of the CT; regions in fewer than 2 neighbouring slices excluded$/
  );
  expect(samplerRecord(defaultMethodOptions())).not.toHaveProperty('leastSlices');
});

test('masks; nothing to say where all were given', () => {
  const masks = [maskRecord({ level: 'T12', origin: 'search', corrected: true }), maskRecord({ level: 'L1' })];
  expect(masks[1]).toEqual({ level: 'L1', origin: 'given', corrected: false });
  expect(describeMasks(masks)).toBe('vertebral bodies: T12 mask found automatically, corrected by hand; L1 mask given');
  expect(describeMasks([masks[1]])).toBeUndefined();
});
