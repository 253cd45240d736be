/** The time that is said before an analysis, against the number of noise predictions that analyses took. */
import { fastSampler, referenceSampler } from '../method';
import { expectedMinutes } from './expectedTime';

const spec = { spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 } };
const suspicious = { screenBelow: 0.5 };
const all = { slices: 'all', ...suspicious } as const;
const central = { slices: 'central', ...suspicious } as const;

test('one central slice with the reference takes what the method page counts', () => {
  // 450 + 350 times 7 candidates.
  const { typical, most } = expectedMinutes(60, spec, { sampler: referenceSampler() }, central);
  expect((most * 60_000) / 60).toBe(2900);
  expect(typical).toBe(most);
});

test('grows with the width that a model knows, and shrinks with the slices chosen and with what is skipped', () => {
  const method = { sampler: fastSampler({ id: 'fast' }) };
  const whole = expectedMinutes(20, spec, method, all).most;
  expect(expectedMinutes(20, { ...spec, trainedWidthFraction: 0.4 }, method, all).most).toBeCloseTo(
    (whole * 22) / 56,
    0
  );
  expect(expectedMinutes(20, spec, method, { ...all, slices: { every: 2 } }).most).toBeCloseTo(whole / 2, 5);
  expect(expectedMinutes(20, spec, { ...method, skipBelowThresholdBy: 0.2 }, all).most).toBeLessThan(whole);
  // docs/speed.md: noise predictions a searched slice.
  const slice = expectedMinutes(1, spec, { ...method, skipBelowThresholdBy: 0.2 }, central).most * 60_000;
  expect(Math.abs(slice - 116)).toBeLessThan(10);
  const margins = { skipBelowThresholdBy: 0.2, trustAboveThresholdBy: 0.4 };
  const trusting = expectedMinutes(1, spec, { ...method, ...margins }, central).most * 60_000;
  expect(Math.abs(trusting - 74)).toBeLessThan(10);
});

test('what is typical has only some slices suspicious, unless all are searched whatever they show', () => {
  const method = { sampler: fastSampler({ id: 'fast' }), skipBelowThresholdBy: 0.2 };
  const { typical, most } = expectedMinutes(20, spec, method, all);
  expect(typical / most).toBeGreaterThan(0.2);
  expect(typical / most).toBeLessThan(0.6);
  const everything = expectedMinutes(20, spec, method, { ...all, screenBelow: 0 });
  expect(everything).toEqual({ typical: most, most });
});
