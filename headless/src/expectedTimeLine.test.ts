import { referenceSampler } from '@spine/core';
import { methodOf } from '@spine/runtime/method';
import shipped from '../../models/default/manifest.json';
import { parseManifest } from '@spine/runtime/manifest';
import { expectedTimeLine } from './expectedTimeLine';

const all = { slices: 'all', screenBelow: 0.5 } as const;

const manifest = parseManifest(shipped);

test('says minutes per vertebra before it begins', () => {
  expect(expectedTimeLine(12.5, manifest, methodOf(manifest, 'fast'), all, 3)).toMatch(
    /^about \d+ (s|min) for a suspicious vertebra, up to \d+ (s|min) where all of its slices are suspicious, seconds for a healthy one; 3 to analyse$/
  );
  // One slice, or every slice whatever it shows: nothing to leave open.
  for (const settings of [
    { ...all, slices: 'central' as const },
    { ...all, screenBelow: 0 },
  ]) {
    expect(expectedTimeLine(12.5, manifest, methodOf(manifest, 'fast'), settings, 3)).toMatch(
      /^about \d+ (s|min) for a suspicious vertebra, seconds for a healthy one; 3 to analyse$/
    );
  }
});

test('names the ways out where a vertebra takes more than ten minutes', () => {
  const method = { ...methodOf(manifest, 'reference'), sampler: referenceSampler() };
  expect(expectedTimeLine(12.5, manifest, method, all, 1)).toMatch(
    /^about \d+ min .*; --preset standard: about \d+ (s|min); --preset quick: about \d+ s$/
  );
  // Already the quickest: nothing to offer.
  expect(expectedTimeLine(9000, manifest, methodOf(manifest, 'fast'), { ...all, slices: 'central' }, 1)).not.toContain(
    '--preset'
  );
});
