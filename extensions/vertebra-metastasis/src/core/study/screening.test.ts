import type { ScreeningNetworkUse } from '../geometry';
import { PATCH_PIXELS } from '../types';
import { screenTogether, type ScreeningEngine, type SlicesToScreen, withNeighbours } from './screening';
import { type ScreenableSlice, stacksOf } from './stacks';

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

describe('withNeighbours', () => {
  const offsets = [-1.6, -0.8, 0, 0.8, 1.6];
  const logits = [-2, 1, 4, 1, 0];
  const own = logits.map(sigmoid);

  it('averages logits over the slices within reach and shifts them', () => {
    const [edge, middle] = withNeighbours(own, offsets, [0, 2], { withinMm: 0.8, logitShift: -0.5 });
    expect(edge).toBeCloseTo(sigmoid(-0.5 - 0.5), 9);
    expect(middle).toBeCloseTo(sigmoid(2 - 0.5), 9);
  });
  it('is the slice alone within 0 mm and without a shift', () => {
    withNeighbours(own, offsets, [0, 1, 2, 3, 4], { withinMm: 0, logitShift: 0 }).forEach((value, n) =>
      expect(value).toBeCloseTo(own[n], 9)
    );
  });
  it('looks at the other slices of a suspicious vertebra less strictly', () => {
    const screening = { withinMm: 0, logitShift: -1.5, suspiciousVertebraShift: 1.5 };
    withNeighbours(own, offsets, [0, 1, 2, 3, 4], screening).forEach((value, n) =>
      expect(value).toBeCloseTo(own[n], 9)
    );
    const healthy = own.map(probability => Math.min(probability, own[1]));
    const [value] = withNeighbours(healthy, offsets, [1], screening);
    expect(value).toBeCloseTo(sigmoid(1 - 1.5), 9);
  });
  it('does not search a slice that shows nothing by itself, whatever its neighbours show', () => {
    const screening = { withinMm: 1.6, logitShift: 0, leastOwnProbability: 0.3 };
    const [weak, strong] = withNeighbours(own, offsets, [0, 1], screening);
    expect(weak).toBeCloseTo(own[0], 9);
    expect(strong).toBeCloseTo(sigmoid(1), 9);
    const [unlikely] = withNeighbours([0.25, 0.01], [0, 0.8], [0], screening);
    expect(unlikely).toBeLessThan(0.25);
  });
  it('lets no certainty of one slice outvote all others', () => {
    const [value] = withNeighbours([1, sigmoid(-20), sigmoid(-20)], [0, 0.8, 1.6], [0], { withinMm: 2, logitShift: 0 });
    expect(value).toBeLessThan(0.05);
  });
});

/** Slice number `n` of a body: its patch holds n everywhere, its mask the first `bodyPixels` pixels. */
const slice = (n: number, bodyPixels = 60): ScreenableSlice => ({
  offsetMm: n * 0.8,
  patch: new Float32Array(PATCH_PIXELS).fill(n),
  bodyMask: Uint8Array.from({ length: PATCH_PIXELS }, (_, i) => (i < bodyPixels ? 1 : 0)),
});
const STEPS = [-4, -2, 0, 2, 4];

describe('stacksOf', () => {
  const channels = (stacks: Float32Array, n: number) =>
    Array.from({ length: 6 }, (_, c) => stacks.subarray((6 * n + c) * PATCH_PIXELS, (6 * n + c + 1) * PATCH_PIXELS));
  const places = { sliceSteps: STEPS, sliceMm: 0.8 };

  it('holds the slices 3.2 and 1.6 mm away on both sides, in the order of their offsets, and the body mask', () => {
    const body = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map(n => slice(n));
    const all = channels(stacksOf([body[4]], body, places), 0);
    expect(all.slice(0, 5).map(([first]) => first)).toEqual(STEPS);
    for (const channel of all.slice(0, 5)) expect(new Set(channel).size).toBe(1);
    expect(all[5]).toEqual(Float32Array.from(body[4].bodyMask));
  });
  it('repeats the slice itself beyond the ends of the body, and where a neighbour has too little of it', () => {
    const body = [slice(-2, 49), slice(-1), slice(0), slice(1), slice(2, 50)];
    const found = (n: number) =>
      channels(stacksOf([slice(n)], body, places), 0)
        .slice(0, 5)
        .map(([first]) => first);
    expect(found(0)).toEqual([0, 0, 0, 2, 0]);
    expect(found(2)).toEqual([2, 0, 2, 2, 2]);
    expect(found(-1)).toEqual([-1, -1, -1, 1, -1]);
  });
  it('stacks one slice after the other', () => {
    const body = [-2, -1, 0, 1, 2].map(n => slice(n));
    const stacks = stacksOf(body, body, places);
    expect(body.map((_, n) => channels(stacks, n)[2][0])).toEqual([-2, -1, 0, 1, 2]);
  });
});

describe('screenTogether', () => {
  /** Encoder: P 0.5 everywhere; the network: lytic logit of a slice = its number, blastic one = -its number. */
  const counted: number[] = [];
  const engine: ScreeningEngine = {
    screenSlices: async (_, count) => new Float64Array(count).fill(0.5),
    screenKinds: async (stacks, count) => {
      counted.push(count);
      const middle = (n: number) => stacks[(6 * n + 2) * PATCH_PIXELS];
      return Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 ? -1 : 1) * middle(Math.floor(i / 2)));
    },
  };
  const network: ScreeningNetworkUse = { sliceSteps: STEPS, encoderWeight: 1, networkWeight: 0.5 };
  const body = [-3, -2, -1, 0, 1, 2, 3].map(n => slice(n));
  const slices = (...numbers: number[]): SlicesToScreen => ({
    body,
    sliceMm: 0.8,
    known: ({ offsetMm }) => Math.abs(offsetMm) < 2,
    chosenMm: numbers.map(n => n * 0.8),
  });

  it('adds the logits of both networks by their weights, of the kind that is likelier', async () => {
    const alone = { withinMm: 0, logitShift: -0.5, network };
    const found = await screenTogether(engine, slices(-2, 0, 1), alone);
    expect(found.map(one => one.malignancyProbability)).toEqual(
      [1, 0, 0.5].map(logit => expect.closeTo(sigmoid(logit - 0.5), 9))
    );
    expect(found[0].kindLogits).toEqual({ lytic: -2, blastic: 2 });
    const doubled = { ...alone, network: { ...network, encoderWeight: 2 } };
    const [certain] = await screenTogether(
      { ...engine, screenSlices: async (_, count) => new Float64Array(count).fill(0.8) },
      slices(0),
      doubled
    );
    expect(certain.malignancyProbability).toBeCloseTo(sigmoid(2 * Math.log(4) - 0.5), 9);
  });
  it('averages over the neighbours that may be judged, and lets the network see those that may not', async () => {
    const [edge] = await screenTogether(engine, slices(2), { withinMm: 0.8, logitShift: 0, network });
    expect(edge.malignancyProbability).toBeCloseTo(sigmoid((0.5 * (1 + 2)) / 2), 9);
    expect(edge.kindLogits).toEqual({ lytic: 1.5, blastic: -1.5 });
  });
  it('asks about the slices that are needed, once', async () => {
    counted.length = 0;
    await screenTogether(engine, slices(0), { withinMm: 0.8, logitShift: 0, network });
    await screenTogether(engine, slices(0), { withinMm: 0.8, logitShift: 0, suspiciousVertebraShift: 1, network });
    expect(counted).toEqual([3, 5]);
  });
  it('a slice that shows too little by both networks together is not searched', async () => {
    const screening = { withinMm: 10, logitShift: 3, leastOwnProbability: 0.55, network };
    const [weak, strong] = await screenTogether(engine, slices(0, 1), screening);
    expect(weak.malignancyProbability).toBeCloseTo(0.5, 9);
    expect(strong.malignancyProbability).toBeGreaterThan(0.9);
  });
  it('is the encoder alone where the model has no network, bit for bit', async () => {
    const own = [0.1, 0.2, 0.7, 0.4, 0.9];
    const plain: ScreeningEngine = { screenSlices: async (_, count) => Float64Array.from(own.slice(0, count)) };
    const screening = { withinMm: 0.8, logitShift: -1, suspiciousVertebraShift: 1 };
    const found = await screenTogether(plain, slices(-2, 0), screening);
    expect(found).toEqual(
      withNeighbours(
        own,
        [-2, -1, 0, 1, 2].map(n => n * 0.8),
        [0, 2],
        screening
      ).map(malignancyProbability => ({
        malignancyProbability,
      }))
    );
    expect(await screenTogether(plain, slices(-2, 0), undefined)).toEqual(
      own.slice(0, 2).map(malignancyProbability => ({ malignancyProbability }))
    );
  });
  it('says so where the network was not opened', async () => {
    const plain: ScreeningEngine = { screenSlices: engine.screenSlices };
    await expect(screenTogether(plain, slices(0), { withinMm: 0, logitShift: 0, network })).rejects.toThrow(
      /screening network that was not opened/
    );
  });
});
