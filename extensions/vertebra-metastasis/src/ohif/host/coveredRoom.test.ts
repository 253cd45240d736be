import { coveredPx } from './coveredRoom';

const box = (left: number, top: number, width: number, height: number) => ({
  ...{ left, top, height },
  ...{ right: left + width, bottom: top + height },
});

test('a banner over the lower edge takes its height and a gap, one beside or below the panel nothing', () => {
  const panel = box(900, 90, 380, 630);
  expect(coveredPx(panel, box(0, 626, 1280, 86))).toBe(102);
  expect(coveredPx(panel, box(0, 626, 600, 86))).toBe(0);
  expect(coveredPx(panel, box(0, 720, 1280, 86))).toBe(0);
  expect(coveredPx(panel, box(0, 0, 0, 0))).toBe(0);
});
