import { methodOf } from './method';

const method = {
  inversionSteps: 50,
  renderSteps: 20,
  targetProbability: 1e-3,
  attributionThreshold: 0.6,
  minPixels: 7,
  skipBelowThresholdBy: 0.2,
  rescoreWithin: 0.1,
};

it.each([
  ['fast', 0.2, 0.1],
  ['thorough', undefined, 0.1],
  ['guided', 0.2, 0.2],
  ['reference', undefined, undefined],
])('%s takes the rules of the model, skips with the margin %s and refines within %s', (name, skip, refine) => {
  const { sampler, skipBelowThresholdBy, rescoreWithin, inferScores, ...rules } = methodOf({ method }, name);
  expect(inferScores !== undefined).toBe(name === 'guided');
  expect(sampler.id).toBe(name);
  expect([skipBelowThresholdBy, rescoreWithin]).toEqual([skip, refine]);
  expect(rules).toEqual({ targetProbability: 1e-3, attributionThreshold: 0.6, minPixels: 7 });
});

it('redraws outlines and asks for neighbouring slices as the model does, but never with the reference', () => {
  const ours = { method: { ...method, refineOutlines: true, leastSlices: 2 } };
  expect(methodOf(ours, 'fast')).toMatchObject({ refineOutlines: true, leastSlices: 2 });
  const reference = methodOf(ours, 'reference');
  expect([reference.refineOutlines, reference.leastSlices]).toEqual([undefined, undefined]);
  expect(methodOf({ method }, 'fast').leastSlices).toBeUndefined();
});

it('skips and refines nothing where the model has no margin, and gives the reference the steps of the model', () => {
  const without = methodOf(
    { method: { ...method, skipBelowThresholdBy: undefined, rescoreWithin: undefined } },
    'fast'
  );
  expect([without.skipBelowThresholdBy, without.rescoreWithin]).toEqual([undefined, undefined]);
  const { inversionEvaluations, renderEvaluations } = methodOf({ method }, 'reference').sampler;
  expect([inversionEvaluations, renderEvaluations]).toEqual([50, 20]);
});
