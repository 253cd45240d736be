/** The time that is said before an analysis, against the number of noise predictions that analyses took. */
import { fastSampler, referenceSampler } from '../method';
import { expectedMinutes } from './expectedTime';

const spec = { spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 } };

test('one central slice with the reference takes what the method page counts', () => {
  // 450 + 350 times 7 candidates.
  const minutes = expectedMinutes(60, spec, { sampler: referenceSampler() }, 'central');
  expect((minutes * 60_000) / 60).toBe(2900);
});

test('grows with the width that a model knows, and shrinks with the slices chosen and with what is skipped', () => {
  const method = { sampler: fastSampler({ id: 'fast' }) };
  const all = expectedMinutes(20, spec, method, 'all');
  expect(expectedMinutes(20, { ...spec, trainedWidthFraction: 0.4 }, method, 'all')).toBeCloseTo((all * 22) / 56, 0);
  expect(expectedMinutes(20, spec, method, { every: 2 })).toBeCloseTo(all / 2, 5);
  expect(expectedMinutes(20, spec, { ...method, skipBelowThresholdBy: 0.2 }, 'all')).toBeLessThan(all);
  // docs/speed.md: 172 noise predictions on average, 136 to 346.
  const slice = expectedMinutes(1, spec, { ...method, skipBelowThresholdBy: 0.2 }, 'central') * 60_000;
  expect(Math.abs(slice - 172)).toBeLessThan(10);
});
