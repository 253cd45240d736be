import { join } from 'node:path';
import { loadModelFromFolder } from './nodeModel';
import { parseArithmetic, parseProvider, providerText, sessionOptions } from './nodeProvider';

test.each(['cpu', 'webgpu', 'cuda', 'cuda:1', ' cuda:12 '])('%s is a provider', text => {
  expect(providerText(parseProvider(text))).toBe(text.trim());
});

test.each(['gpu', 'cuda:', 'cuda:-1', 'cuda:x', 'cpu:0', 'webgpu:1', 'CUDA', ''])('%p is refused', text => {
  expect(() => parseProvider(text)).toThrow(/--provider/);
});

test('an arithmetic is one of three', () => {
  expect(['auto', 'float16', 'float32'].map(parseArithmetic)).toEqual(['auto', 'float16', 'float32']);
  expect(() => parseArithmetic('int8')).toThrow(/--arithmetic int8: auto, float16 or float32/);
});

test('a card is asked for alone, by its number: nothing falls back to the CPU unseen', () => {
  const options = sessionOptions(parseProvider('cuda:1'), 2);
  expect(options.executionProviders).toEqual([{ name: 'cuda', deviceId: 1 }]);
  expect(options.extra).toMatchObject({ session: { disable_cpu_ep_fallback: '1' } });
  expect(sessionOptions(parseProvider('cpu'), 2)).toMatchObject({ executionProviders: ['cpu'], intraOpNumThreads: 2 });
});

// CUDA's part of onnxruntime-node is never installed by this project (.npmrc).
test('a card that is not there is named, with what it needs and the way out', async () => {
  const opening = loadModelFromFolder(join(__dirname, '../../models/tiny'), { provider: parseProvider('cuda:7') });
  await expect(opening).rejects.toMatchObject({ code: 'provider-unavailable' });
  await expect(opening).rejects.toThrow(/--provider cuda:7 cannot be used here: .*CUDA 12.*--provider cpu works/);
});
