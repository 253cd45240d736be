/** CT stacks: what is accepted is placed right, what is refused is refused by name. */
import type { NaturalizedInstance } from '@spine/dicom';
import { ctSeries, ctVolume, decodeFile, encodeDataset, storedPixels } from '@spine/dicom';
import { FEET_FIRST, syntheticCt } from './support/syntheticCt';

const changed = (ct: NaturalizedInstance[], n: number, change: NaturalizedInstance): NaturalizedInstance[] =>
  ct.map((instance, k) => (k === n ? { ...instance, ...change } : instance));
const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'accepted';
};

describe('refused, by name', () => {
  const ct = syntheticCt();
  const rotated = [0, 1, 0, 0, 0, -1];
  const cases: [string, NaturalizedInstance[]][] = [
    ['no-ct', []],
    ['not-ct', changed(ct, 2, { Modality: 'MR' })],
    ['not-ct', ct.map(one => ({ ...one, Modality: 'MR', SOPClassUID: '1.2.840.10008.5.1.4.1.1.4' }))],
    ['multi-frame-ct', changed(ct, 0, { SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1' })],
    ['mixed-series', changed(ct, 0, { SeriesInstanceUID: '1.2.3' })],
    ['too-few-slices', ct.slice(0, 2)],
    ['missing-slices', ct.filter((_, k) => k !== 4)],
    ['missing-slices', ct.filter((_, k) => k !== 3 && k !== 4)],
    ['uneven-slices', changed(ct, 7, { ImagePositionPatient: [-10, -20, -300 + 14.9] })],
    ['duplicate-positions', [...ct, { ...ct[3], SOPInstanceUID: '1.2.3' }]],
    ['gantry-tilt', syntheticCt({ shear: [0, 0.3, 0] })],
    ['gantry-tilt', syntheticCt({ shear: [0, -0.05, 0] })],
    ['mixed-orientation', changed(ct, 1, { ImageOrientationPatient: [1, 0, 0, 0, 0.99, 0.141] })],
    ['bad-orientation', ct.map(one => ({ ...one, ImageOrientationPatient: [1, 0, 0, 0.5, 0.866, 0] }))],
    ['mixed-geometry', changed(ct, 1, { Rows: 21 })],
    ['mixed-geometry', changed(ct, 1, { PixelSpacing: [1, 1.1] })],
    ['mixed-frame-of-reference', changed(ct, 1, { FrameOfReferenceUID: '1.2.3' })],
    ['no-frame-of-reference', ct.map(one => ({ ...one, FrameOfReferenceUID: null }))],
    ['not-axial', syntheticCt({ orientation: rotated })],
    ['missing-attribute', changed(ct, 5, { ImagePositionPatient: null })],
  ];
  test.each(cases)('%s (%#)', (code, instances) => {
    expect(codeOf(() => ctSeries(instances))).toBe(code);
  });

  test('the message says where slices are missing', () => {
    expect(() => ctSeries(ct.filter((_, k) => k !== 4))).toThrow(
      '1 CT slice(s) are missing between slices 4 and 5 (-294 and -290 mm)'
    );
  });
});

describe('accepted', () => {
  test('a scout in the series is left aside', () => {
    const scout = { ...syntheticCt()[0], ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'], Rows: 888 };
    expect(ctSeries([scout, ...syntheticCt()]).dims).toEqual([24, 20, 8]);
  });

  test('positions written to a tenth of a millimetre', () => {
    const ct = syntheticCt({ sliceSpacing: 0.625, slices: 30 }).map(one => ({
      ...one,
      ImagePositionPatient: (one.ImagePositionPatient as number[]).map(value => Number(value.toFixed(2))),
    }));
    expect(ctSeries(ct).spacingMm[2]).toBeCloseTo(0.625, 3);
  });

  test.each(['ascending', 'descending', 'shuffled'] as const)(
    '%s slices: the same volume, each voxel where it was',
    order => {
      const hu = (i: number, j: number, k: number) => i + 30 * j + 700 * (k % 3) - 500;
      const series = ctSeries(syntheticCt({ order, hu }));
      const volume = ctVolume(series, storedPixels);
      expect(volume.hu).toBeInstanceOf(Int16Array);
      expect(volume.hu[5 + 24 * (7 + 20 * 4)]).toBe(hu(5, 7, 4));
      const [x, y, z] = [0, 1, 2].map(
        row =>
          volume.indexToLps[4 * row] * 5 +
          volume.indexToLps[4 * row + 1] * 7 +
          volume.indexToLps[4 * row + 2] * 4 +
          volume.indexToLps[4 * row + 3]
      );
      expect([x, y, z]).toEqual([-5, -13, -292]);
    }
  );

  test('feet first: the stack runs towards the feet and stays right-handed', () => {
    const { directions, slicePositionsMm } = ctSeries(syntheticCt({ orientation: FEET_FIRST, origin: [0, 0, 0] }));
    expect(directions[2][2]).toBe(-1);
    expect([...slicePositionsMm]).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  });

  test('non-square pixels: PixelSpacing is rows first, spacingMm columns first', () => {
    expect(ctSeries(syntheticCt({ pixelSpacing: [0.9, 0.6] })).spacingMm).toEqual([0.6, 0.9, 2]);
  });
});

describe('stored pixels', () => {
  const one = (more: NaturalizedInstance): NaturalizedInstance => ({
    ...syntheticCt()[0],
    Rows: 1,
    Columns: 4,
    ...more,
  });

  test('12-bit signed values are sign extended and stray upper bits dropped', () => {
    const PixelData = new Uint16Array([0x0fff, 0xf001, 0x0800, 0x07ff]).buffer;
    const signed = storedPixels(one({ PixelData, PixelRepresentation: 1 }));
    expect([...signed]).toEqual([-1, 1, -2048, 2047]);
    expect([...storedPixels(one({ PixelData }))]).toEqual([4095, 1, 2048, 2047]);
  });

  test('a fractional slope gives float Hounsfield units', () => {
    const ct = syntheticCt().map(instance => ({ ...instance, RescaleSlope: 0.5 }));
    const { hu } = ctVolume(ctSeries(ct), storedPixels);
    expect(hu).toBeInstanceOf(Float32Array);
    expect(hu[1]).toBe((7 - 100 + 1024) * 0.5 - 1024);
  });

  test('pixels a viewer has rescaled are taken as they are', () => {
    const series = ctSeries(syntheticCt());
    const { hu } = ctVolume(series, () => new Float32Array(480).fill(37), { rescaled: true });
    expect(hu[100]).toBe(37);
  });

  test('compressed and truncated pixel data are refused by name', () => {
    const _meta = { TransferSyntaxUID: '1.2.840.10008.1.2.4.70' };
    expect(codeOf(() => storedPixels(one({ _meta })))).toBe('compressed-pixel-data');
    expect(codeOf(() => storedPixels(one({ PixelData: new ArrayBuffer(6) })))).toBe('pixel-data-length');
    expect(codeOf(() => storedPixels(one({ PixelData: undefined })))).toBe('no-pixel-data');
    expect(codeOf(() => decodeFile(new ArrayBuffer(200)))).toBe('not-dicom');
  });

  test('a CT survives our own encoding', () => {
    const ct = syntheticCt().map(instance => decodeFile(encodeDataset(instance)));
    expect(ctVolume(ctSeries(ct), storedPixels)).toEqual(ctVolume(ctSeries(syntheticCt()), storedPixels));
  });
});
