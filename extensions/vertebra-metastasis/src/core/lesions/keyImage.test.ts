import { gridAlong, labelsOf, volumeOf } from '../testing/grids';
import { keyImage } from './keyImage';

const grid = gridAlong(
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [1, 1, 2],
  [120, 110, 70],
  [4, -7, 30]
);
/** 10 mm right of the middle, a ball of 8 mm radius; bright bone in front of it. */
const CENTRE = [-6, -7, 30] as const;
const away = (p: readonly number[]) => Math.hypot(...p.map((mm, axis) => mm - CENTRE[axis]));
const labelmap = labelsOf(grid, p => (away(p) <= 8 ? 3 : 0));
const volume = volumeOf(grid, ([, y]) => (y < -30 ? 1300 : 400));
const offsets = [...labelmap.labels.keys()].filter(at => labelmap.labels[at] === 3);
const image = keyImage(volume, labelmap, { label: 3, kind: 'lytic', offsets });
const pixel = (u: number, v: number) => [
  ...image.rgb.subarray(3 * (v * image.columns + u), 3 * (v * image.columns + u) + 3),
];
const isLine = ([red, green, blue]: number[]) => red !== green || green !== blue;
const MM = 320 / 90;

test('sagittal left with anterior left, axial right: grey in the bone window, the lesion in the middle of both', () => {
  expect([image.rows, image.columns]).toEqual([320, 644]);
  expect(image.pointLps.map((mm, axis) => Math.abs(mm - CENTRE[axis])).every(mm => mm <= 1)).toBe(true);
  expect(pixel(160, 160)).toEqual([128, 128, 128]);
  expect(pixel(324 + 160, 160)).toEqual([128, 128, 128]);
  // 35 mm in front of the lesion is bright: left in the sagittal view, above in the axial one.
  expect([pixel(160 - Math.round(35 * MM), 160), pixel(324 + 160, 160 - Math.round(35 * MM))]).toEqual([
    [255, 255, 255],
    [255, 255, 255],
  ]);
});

test('the outline runs around the lesion in both views, in the colour of its kind, and nowhere else', () => {
  for (const left of [0, 324]) {
    const radii: number[] = [];
    for (let v = 0; v < 320; v++) {
      for (let u = 0; u < 320; u++) {
        if (isLine(pixel(left + u, v))) radii.push(Math.hypot(u - 159.5, v - 159.5) / MM);
      }
    }
    expect(radii.length).toBeGreaterThan(100);
    expect(Math.min(...radii)).toBeGreaterThan(6);
    expect(Math.max(...radii)).toBeLessThan(10.5);
  }
  const [red, green, blue] = pixel(...firstLine());
  expect(red).toBeGreaterThan(green + 60);
  expect(red).toBeGreaterThan(blue + 60);
});

test('the edges say which side of the patient they are', () => {
  const { rgb, columns } = keyImage(
    volumeOf(grid, () => 400),
    labelmap,
    { label: 3, kind: 'lytic', offsets }
  );
  const letter = (left: number) =>
    Array.from({ length: 7 }, (_, row) =>
      Array.from({ length: 5 }, (__, column) =>
        rgb[3 * ((153 + 2 * row) * columns + left + 2 * column)] === 255 ? '#' : ' '
      ).join('')
    );
  expect(letter(4)).toEqual([' ### ', '#   #', '#   #', '#####', '#   #', '#   #', '#   #']);
  expect(letter(306)).toEqual(['#### ', '#   #', '#   #', '#### ', '#    ', '#    ', '#    ']);
  expect(letter(324 + 4)).toEqual(['#### ', '#   #', '#   #', '#### ', '# #  ', '#  # ', '#   #']);
  expect(letter(324 + 306)).toEqual(['#    ', '#    ', '#    ', '#    ', '#    ', '#    ', '#####']);
});

function firstLine(): [number, number] {
  for (let u = 0; u < 320; u++) if (isLine(pixel(u, 160))) return [u, 160];
  throw new Error('no line');
}
