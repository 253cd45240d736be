import { methodOf } from './method';

const patch = {};
const method = {
  inversionSteps: 50,
  renderSteps: 20,
  targetProbability: 1e-3,
  attributionThreshold: 0.6,
  minPixels: 7,
  skipBelowThresholdBy: 0.2,
  trustAboveThresholdBy: 0.4,
  rescoreWithin: 0.1,
};

it.each([
  ['fast', 0.2, 0.4, 0.1],
  ['thorough', undefined, undefined, 0.1],
  ['guided', 0.2, 0.4, 0.2],
  ['reference', undefined, undefined, undefined],
])(
  '%s takes the rules of the model: margins %s and %s of estimates, refines within %s',
  (name, skip, trust, refine) => {
    const { sampler, skipBelowThresholdBy, trustAboveThresholdBy, rescoreWithin, inferScores, ...rules } = methodOf(
      { method, patch },
      name
    );
    expect(inferScores !== undefined).toBe(name === 'guided');
    expect(sampler.id).toBe(name);
    expect([skipBelowThresholdBy, trustAboveThresholdBy, rescoreWithin]).toEqual([skip, trust, refine]);
    expect(rules).toEqual({ targetProbability: 1e-3, attributionThreshold: 0.6, minPixels: 7 });
  }
);

it('redraws outlines and asks for neighbouring slices as the model does, but never with the reference', () => {
  const rules = {
    refineOutlines: true,
    leastSlices: 2,
    outlineAcrossSlices: true,
    followLesions: true,
    leastDifference: 0.04,
  };
  const ours = { method: { ...method, ...rules }, patch };
  expect(methodOf(ours, 'fast')).toMatchObject(rules);
  for (const name of Object.keys(rules)) expect(methodOf(ours, 'reference')).not.toHaveProperty(name);
  expect(methodOf({ method, patch }, 'fast').leastSlices).toBeUndefined();
});

it('asks the screening network for the kind as the model does, but never with the reference', () => {
  const steps: [-4, -2, 0, 2, 4] = [-4, -2, 0, 2, 4];
  const network = { sliceSteps: steps, encoderWeight: 1, networkWeight: 1, leastKindLogit: -2 };
  const ours = { method, patch: { screening: { withinMm: 4, logitShift: 0, network } } };
  expect(methodOf(ours, 'fast').leastKindLogit).toBe(-2);
  expect(methodOf(ours, 'guided').leastKindLogit).toBe(-2);
  expect(methodOf(ours, 'reference')).not.toHaveProperty('leastKindLogit');
  expect(methodOf({ method, patch }, 'fast')).not.toHaveProperty('leastKindLogit');
});

it('scores all and refines nothing where the model has no margin, and gives the reference the steps of the model', () => {
  const none = { skipBelowThresholdBy: undefined, trustAboveThresholdBy: undefined, rescoreWithin: undefined };
  const without = methodOf({ method: { ...method, ...none }, patch }, 'fast');
  for (const name of Object.keys(none)) expect(without).not.toHaveProperty(name);
  const { inversionEvaluations, renderEvaluations } = methodOf({ method, patch }, 'reference').sampler;
  expect([inversionEvaluations, renderEvaluations]).toEqual([50, 20]);
});
