import { selectSeries, type SeriesFacts } from './seriesRules';

const base: SeriesFacts = {
  study: '1',
  series: '1.1',
  modality: 'CT',
  description: 'Thorax 1.0 B31f',
  bodyPart: 'CHEST',
  imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  kernel: 'B31f',
  sliceThicknessMm: 1,
  orientation: [1, 0, 0, 0, 1, 0],
  manufacturerModel: 'CT 1',
  images: 300,
};
const series = (uid: string, change: Partial<SeriesFacts>): SeriesFacts => ({ ...base, series: uid, ...change });

test.each<[string, Partial<SeriesFacts>, string]>([
  ['another modality', { modality: 'MR' }, 'not-ct'],
  ['a localizer', { imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }, 'not-a-volume'],
  ['a dose report picture', { imageType: ['DERIVED', 'SECONDARY', 'DOSE'] }, 'not-a-volume'],
  ['a head', { bodyPart: 'HEAD' }, 'body-part'],
  ['a knee', { bodyPart: 'KNEE' }, 'body-part'],
  ['a sagittal reformat', { orientation: [0, 1, 0, 0, 0, -1] }, 'not-axial'],
  ['thick slices', { sliceThicknessMm: 7.5 }, 'too-thick'],
  ['a single image', { images: 1 }, 'too-few-images'],
  ['a short stack', { images: 20, sliceThicknessMm: 2 }, 'too-few-images'],
])('%s is passed over with its reason', (_, change, code) => {
  const { chosen, passedOver } = selectSeries([series('1.2', change)]);
  expect(chosen).toBeUndefined();
  expect(passedOver).toEqual([expect.objectContaining({ series: '1.2', code })]);
  expect(passedOver[0].reason.length).toBeGreaterThan(10);
});

test('one series of a study is taken: soft before sharp, original before derived, thin before thick', () => {
  const all = [
    series('sharp', { kernel: 'B70f', sliceThicknessMm: 0.6 }),
    series('thick', { sliceThicknessMm: 5 }),
    series('derived', { imageType: ['DERIVED', 'PRIMARY', 'AXIAL'] }),
    series('best', { sliceThicknessMm: 1.5 }),
  ];
  for (const order of [all, [...all].reverse()]) {
    const { chosen, passedOver } = selectSeries(order);
    expect(chosen?.series).toBe('best');
    expect(passedOver.map(({ code }) => code)).toEqual(Array(3).fill('another-preferred'));
    expect(passedOver[0].reason).toMatch(/soft kernel B31f, 1.5 mm, 300 images/);
  }
});

test('a sharp or tilted series is taken where there is no better one', () => {
  expect(selectSeries([series('x', { kernel: 'LUNG' })]).chosen?.series).toBe('x');
  const tilted = [1, 0, 0, 0, Math.cos(0.3), Math.sin(0.3)];
  expect(selectSeries([series('x', { orientation: tilted })]).chosen?.series).toBe('x');
});

test('unknown attributes do not exclude a series', () => {
  const bare = series('x', {
    kernel: '',
    bodyPart: '',
    imageType: [],
    sliceThicknessMm: undefined,
    orientation: undefined,
  });
  expect(selectSeries([bare]).chosen?.series).toBe('x');
});
