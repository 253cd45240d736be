/** What the panel says of models and of where they run, in both languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ArithmeticOutcome, CaptureOutcome, NoWebGpu, ProviderReason } from '../../core/provider';
import { de } from './de';
import { en } from './en';

const MODELS = join(__dirname, '../../../../../models');
const read = (path: string) => JSON.parse(readFileSync(join(MODELS, path), 'utf8'));
const shipped = (read('index.json').models as { path: string }[]).map(({ path }) => read(path));

test('every sentence of the models that are shipped is known in German', () => {
  expect(shipped.length).toBeGreaterThan(1);
  for (const { description, intendedUse, limits } of shipped) {
    // A model may come without a description.
    for (const sentence of [description, intendedUse, ...limits].filter(Boolean)) {
      expect(de.modelText(sentence)).toEqual({ text: expect.not.stringContaining(sentence) });
    }
  }
});

test('a sentence without translation is shown as it is and marked as English', () => {
  expect(de.modelText('Trained elsewhere.')).toEqual({ text: 'Trained elsewhere.', lang: 'en' });
  expect(en.modelText('Trained elsewhere.')).toEqual({ text: 'Trained elsewhere.' });
});

const CAUSES: readonly NoWebGpu[] = [
  { code: 'chosen' },
  { code: 'unsupported' },
  { code: 'no-adapter' },
  { code: 'software', adapter: 'SwiftShader' },
  { code: 'self-test', adapter: 'nvidia', error: 0.02, tolerance: 0.001 },
  { code: 'failed', adapter: 'nvidia', message: 'out of memory' },
];

const CAPTURES: readonly CaptureOutcome[] = [
  { code: 'used', batch: 32, capturedMs: 11.3, plainMs: 38.6 },
  { code: 'off' },
  { code: 'software' },
  { code: 'slower', batch: 1, capturedMs: 60, plainMs: 61 },
  { code: 'disagrees', error: 0.02, tolerance: 0.001 },
  { code: 'failed', message: 'out of memory' },
  { code: 'device-lost' },
];

const ARITHMETICS: readonly ArithmeticOutcome[] = [
  { code: 'not-offered' },
  { code: 'float16', error: 2e-3, bound: 0.01, float16Ms: 4.2, float32Ms: 9 },
  { code: 'off' },
  { code: 'slower', float16Ms: 9, float32Ms: 8.5 },
  { code: 'disagrees', error: 0.02, bound: 0.01 },
  { code: 'failed', message: 'no such shader' },
];

test('which provider runs and why is one sentence, another one in German', () => {
  const wasm = (why: NoWebGpu, isolated = true): ProviderReason => ({ provider: 'wasm', threads: 4, isolated, why });
  const reasons = [...CAUSES.map(why => wasm(why)), wasm({ code: 'chosen' }, false)];
  const webgpu = (capture: CaptureOutcome, arithmetic = ARITHMETICS[0]): ProviderReason => ({
    provider: 'webgpu',
    adapter: 'nvidia',
    worstError: 2e-6,
    arithmetic,
    capture,
  });
  for (const strings of [en, de]) {
    const calculated = ARITHMETICS.slice(1).map(arithmetic => webgpu(CAPTURES[0], arithmetic));
    const onGpu = CAPTURES.map(capture => webgpu(capture));
    const said = [...reasons, ...onGpu, ...calculated].map(strings.providerReason);
    expect(new Set(said).size).toBe(said.length);
    for (const sentence of said) expect(sentence).toMatch(/^Web(GPU|Assembly) \(.+\): .+\.$/);
  }
  expect(en.providerReason(wasm({ code: 'unsupported' }))).toBe(
    'WebAssembly (4 threads): this browser offers no WebGPU.'
  );
  expect(en.providerReason(wasm({ code: 'chosen' }, false))).toBe(
    'WebAssembly (1 thread, as the page is not cross-origin isolated): chosen in the settings.'
  );
  expect(en.providerReason(webgpu(CAPTURES[0]))).toBe(
    'WebGPU (nvidia): the self-test agrees with the reference to 2e-6; it calculates in float32, as the adapter offers no float16; captured graphs are used: 11.3 ms a run of 32 images, 38.6 ms without.'
  );
  expect(en.providerReason(webgpu(CAPTURES[1], ARITHMETICS[1]))).toContain(
    'float16, which agrees with float32 to 2e-3 (allowed 0.01) and takes 4.2 instead of 9.0 ms a run'
  );
  expect(de.providerReason(webgpu(CAPTURES[1], ARITHMETICS[1]))).toContain('(erlaubt 0,01) und 4,2 statt 9,0 ms');
  expect(de.providerReason(webgpu(CAPTURES[0]))).toContain('Selbsttest');
  expect(de.providerReason(webgpu(CAPTURES[0]))).toContain('11,3 ms je Lauf mit 32 Bildern, sonst 38,6 ms');
  expect(de.providerReason(webgpu(CAPTURES[4]))).toContain('2,0e-2 ab (erlaubt 0,001)');
  expect(de.providerReason(wasm(CAUSES[4]))).toContain('2,0e-2');
});
