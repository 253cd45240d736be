import { fastSampler, samplerById } from '../method';
import { expectedMinutes } from './expectedTime';
import { PRESET_IDS, presetOf, PRESETS } from './presets';

test('each preset is recognised, and what somebody changed in one is none', () => {
  for (const id of PRESET_IDS) expect(presetOf({ ...PRESETS[id] })).toBe(id);
  expect(presetOf({ ...PRESETS.standard, slices: { every: 2 } })).toBeUndefined();
  expect(presetOf({ ...PRESETS.standard, screenBelow: 0 })).toBeUndefined();
  expect(presetOf({ ...PRESETS.reference, sampler: 'thorough' })).toBeUndefined();
});

test('they stand in the order of the time they take', () => {
  const spec = { spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 } };
  const minutes = PRESET_IDS.map(id => {
    const method = { sampler: samplerById(PRESETS[id].sampler), skipBelowThresholdBy: undefined };
    return expectedMinutes(50, spec, method, PRESETS[id]).typical;
  });
  expect([...minutes].sort((a, b) => a - b)).toEqual(minutes);
  expect(fastSampler().id).toBe(PRESETS.standard.sampler);
});
