import { methodOf } from './method';

const method = {
  ...{ inversionSteps: 50, renderSteps: 20, targetProbability: 1e-3, attributionThreshold: 0.6, minPixels: 7 },
  skipMargin: 0.2,
};

it.each([
  ['fast', 0.2],
  ['thorough', undefined],
  ['reference', undefined],
])('%s takes the rules of the model and skips with the margin %s', (name, margin) => {
  const { sampler, skipMargin, ...rules } = methodOf({ method }, name);
  expect(sampler.id).toBe(name);
  expect(skipMargin).toBe(margin);
  expect(rules).toEqual({ targetProbability: 1e-3, attributionThreshold: 0.6, minPixels: 7 });
});

it('skips nothing where the model has no margin, and gives the reference the steps of the model', () => {
  expect(methodOf({ method: { ...method, skipMargin: undefined } }, 'fast').skipMargin).toBeUndefined();
  const { inversionEvaluations, renderEvaluations } = methodOf({ method }, 'reference').sampler;
  expect([inversionEvaluations, renderEvaluations]).toEqual([50, 20]);
});
