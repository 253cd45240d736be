import { PUBLISHED_ARCHITECTURE } from './architecture';
import { multiplications } from './cost';

test('the published architecture takes 13.35 and 1.53 billion multiplications', () => {
  const { noisePredictor, encoder } = multiplications(PUBLISHED_ARCHITECTURE);
  expect(noisePredictor / 1e9).toBeCloseTo(13.35, 1);
  expect(encoder / 1e9).toBeCloseTo(1.53, 1);
});
