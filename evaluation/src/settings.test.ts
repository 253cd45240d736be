import { candidate, METHOD, square } from '@spine/core/testing/study';
import { describeScreening, describeSettings, unsupportedRegions } from './settings';

const network = { sliceSteps: [-4, -2, 0, 2, 4], encoderWeight: 0.5, networkWeight: 1 };
const screening = { withinMm: 4, logitShift: -1.5, suspiciousVertebraShift: 2, leastOwnProbability: 0.25 };

test('how slices are judged is said with every number', () => {
  expect(describeScreening({})).toBe('slices judged alone');
  expect(describeScreening({ screening: { withinMm: 3, logitShift: 0 } })).toBe(
    'slices judged with their neighbours (mean logit over 3 mm, shift 0) by the encoder'
  );
  expect(describeScreening({ screening: { ...screening, network } })).toBe(
    'slices judged with their neighbours (mean logit over 4 mm, shift -1.5, 2 more in a suspicious vertebra, own P at least 0.25) by 0.5 x encoder + 1 x screening network'
  );
  const settings = describeSettings({ ...METHOD, leastKindLogit: -2 }, { screening: { ...screening, network } });
  expect(settings).toMatch(/^sampler fast, .* kind is below -2; slices judged with their neighbours/);
});

test('regions that the screening network keeps from counting are counted: those that would count without it', () => {
  const one = { ...candidate(0, 'lytic', square(3), 0.9), leftOut: 'unsupported' as const };
  const others = [
    candidate(1, 'lytic', square(3), 0.9),
    { ...one, leftOut: 'isolated' as const },
    { ...one, attributionScore: 0.3 },
    { ...one, pixelCount: 2 },
  ];
  expect(unsupportedRegions([one, ...others], METHOD)).toBe(1);
});
