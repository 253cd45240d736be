import type { AdapterFacts, ArithmeticWish, CaptureWish, PreferredProvider } from './provider';
import { adapterFacts, planArithmetic, planCapture, planWebGpu, wasmThreads } from './provider';

const unsupported: AdapterFacts = { kind: 'unsupported' };
const noAdapter: AdapterFacts = { kind: 'no-adapter' };
const software: AdapterFacts = { kind: 'adapter', fallback: true, description: 'SwiftShader', float16: false };
const hardware: AdapterFacts = { kind: 'adapter', fallback: false, description: 'nvidia hopper', float16: false };

describe('choice of the provider', () => {
  it.each<[AdapterFacts, PreferredProvider, true | object]>([
    [unsupported, 'auto', { code: 'unsupported' }],
    [unsupported, 'webgpu', { code: 'unsupported' }],
    [unsupported, 'wasm', { code: 'chosen' }],
    [noAdapter, 'auto', { code: 'no-adapter' }],
    [noAdapter, 'webgpu', { code: 'no-adapter' }],
    [software, 'auto', { code: 'software', adapter: 'SwiftShader' }],
    [software, 'webgpu', true],
    [software, 'wasm', { code: 'chosen' }],
    [hardware, 'auto', true],
    [hardware, 'webgpu', true],
    [hardware, 'wasm', { code: 'chosen' }],
  ])('%o, wish %s', (facts, preferred, expected) => {
    const plan = planWebGpu(facts, preferred);
    if (expected === true) expect(plan).toEqual({ attempt: true });
    else expect(plan).toEqual({ attempt: false, why: expected });
  });

  it.each<[boolean, CaptureWish, ReturnType<typeof planCapture>]>([
    [false, 'auto', 'auto'],
    [true, 'auto', { code: 'software' }],
    [true, 'always', 'always'],
    [false, 'never', { code: 'off' }],
    [false, 'after-loss', { code: 'device-lost' }],
  ])('captures graphs: software adapter %s, wish %s', (fallback, wish, expected) => {
    expect(planCapture({ fallback }, wish)).toEqual(expected);
  });

  it.each<[boolean, ArithmeticWish, ReturnType<typeof planArithmetic>]>([
    [true, 'auto', 'auto'],
    [true, 'always', 'always'],
    [true, 'never', { code: 'off' }],
    [false, 'auto', { code: 'not-offered' }],
    [false, 'always', { code: 'not-offered' }],
  ])('calculates in float16: shader-f16 %s, wish %s', (float16, wish, expected) => {
    expect(planArithmetic({ float16 }, wish)).toEqual(expected);
  });

  it('uses threads only where the page is cross-origin isolated, and four at most', () => {
    expect([wasmThreads(true, 16), wasmThreads(true, 2), wasmThreads(true, 1), wasmThreads(false, 16)]).toEqual([
      4, 2, 1, 1,
    ]);
  });

  it('reads the adapter in the old and the new form of the API', async () => {
    const navigatorWith = (adapter: unknown) => ({ gpu: { requestAdapter: async () => adapter } });
    expect(await adapterFacts({})).toEqual(unsupported);
    expect(await adapterFacts(navigatorWith(null))).toEqual(noAdapter);
    expect(await adapterFacts(navigatorWith({ info: { vendor: 'nvidia', architecture: 'hopper' } }))).toEqual(hardware);
    expect(
      await adapterFacts(navigatorWith({ info: { description: 'SwiftShader', isFallbackAdapter: true } }))
    ).toEqual(software);
    const features = new Set(['shader-f16']);
    expect(await adapterFacts(navigatorWith({ features, info: { description: 'card' } }))).toMatchObject({
      float16: true,
    });
    expect(await adapterFacts(navigatorWith({ isFallbackAdapter: true }))).toEqual({
      kind: 'adapter',
      fallback: true,
      description: 'unnamed adapter',
      float16: false,
    });
  });
});
