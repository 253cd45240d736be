import { withNeighbours } from './screening';

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
