/** Vertebra masks of other software: recognised by code, name or label, and placed by position. */
import { ctSeries, decodeFile, encodeDataset, lesionSeg, readVertebrae } from '@spine/dicom';
import { caseOf, CONTEXT } from './support/geometries';
import { foreignSeg } from './support/foreignSeg';
import type { ForeignOptions, ForeignSegment } from './support/foreignSeg';
import { difference, labelmapOf } from './support/masks';
import { FEET_FIRST, syntheticCt } from './support/syntheticCt';

const series = ctSeries(syntheticCt({ order: 'shuffled' }));
const block = (top: number) => (i: number, j: number, k: number) =>
  i > 4 && i < 9 && j > 2 && j < 15 - i && k >= top && k < top + 2;
const code = (CodeValue: string, CodingSchemeDesignator = 'SCT', CodeMeaning = 'x') => [
  { CodeValue, CodingSchemeDesignator, CodeMeaning },
];
const named = (...labels: string[]): ForeignSegment[] =>
  labels.map((SegmentLabel, n) => ({ SegmentNumber: n + 1, SegmentLabel, inside: block(2 * n) }));
const levels = (segments: readonly ForeignSegment[]) =>
  readVertebrae(foreignSeg(series, segments), series).vertebrae.map(({ label, level, region }) => [
    label,
    level,
    region,
  ]);

describe('recognised', () => {
  test.each([
    [
      'TotalSegmentator',
      ['vertebrae_L1', 'vertebrae_T12'],
      [
        [2, 'T12', 'vertebra'],
        [1, 'L1', 'vertebra'],
      ],
    ],
    [
      'VerSe and TPTBox',
      ['T10', 'Th11'],
      [
        [1, 'T10', 'vertebra'],
        [2, 'T11', 'vertebra'],
      ],
    ],
    [
      'bodies by name',
      ['T10 vertebral body', 'L6 corpus'],
      [
        [1, 'T10', 'body'],
        [2, 'L6', 'body'],
      ],
    ],
    [
      'VerSe integers, counted head to foot',
      ['20', '19'],
      [
        [2, 'T12', 'vertebra'],
        [1, 'L1', 'vertebra'],
      ],
    ],
    [
      'TotalSegmentator integers, counted foot to head',
      ['label 31', 'label 32'],
      [
        [2, 'T12', 'vertebra'],
        [1, 'L1', 'vertebra'],
      ],
    ],
  ])('%s', (_, labels, expected) => {
    expect(levels(named(...labels))).toEqual(expected);
  });

  test('by code: level as type, as region, under the old category and the retired scheme', () => {
    const one = (n: number, coded: object): ForeignSegment => ({
      SegmentNumber: n,
      SegmentLabel: `Segment ${n}`,
      inside: block(2 * (n - 1)),
      ...coded,
    });
    const segments = [
      one(1, {
        SegmentedPropertyCategoryCodeSequence: code('123037004'),
        SegmentedPropertyTypeCodeSequence: code('7610001'),
      }),
      one(2, {
        SegmentedPropertyCategoryCodeSequence: code('91723000'),
        SegmentedPropertyTypeCodeSequence: code('3572006'),
        AnatomicRegionSequence: code('12989004'),
      }),
      one(3, {
        SegmentedPropertyCategoryCodeSequence: code('T-D000A', 'SRT'),
        SegmentedPropertyTypeCodeSequence: code('T-117C0', 'SRT'),
      }),
      one(4, {
        SegmentedPropertyTypeCodeSequence: code('51282000'),
        PrimaryAnatomicStructureSequence: code('66794005'),
      }),
    ];
    expect(levels(segments)).toEqual([
      [1, 'T10', 'vertebra'],
      [2, 'T11', 'body'],
      [3, 'T12', 'vertebra'],
      [4, 'L1', 'vertebra'],
    ]);
  });

  test('a body mask goes before a whole vertebra of the same level; other structures are left out and named', () => {
    const { vertebrae, unused } = readVertebrae(
      foreignSeg(series, named('T10', 'T10 body', 'T10 disc', 'liver')),
      series
    );
    expect(vertebrae.map(({ label, region }) => [label, region])).toEqual([[2, 'body']]);
    expect(unused).toEqual([
      { label: 1, name: 'T10', reason: 'body-used' },
      { label: 3, name: 'T10 disc', reason: 'not-recognised' },
      { label: 4, name: 'liver', reason: 'not-recognised' },
    ]);
  });

  test('our own lesions are no vertebrae', () => {
    const { series: own, labelmap, lesions } = caseOf('own', {});
    const seg = decodeFile(encodeDataset(lesionSeg({ ...CONTEXT, series: own, labelmap, segments: lesions })));
    expect(() => readVertebrae(seg, own)).toThrow('No segment');
  });
});

describe('placed', () => {
  const segments = named('T10', 'T11', 'T12');
  const variants: [string, ForeignOptions][] = [
    ['BINARY', {}],
    ['BINARY, frames in reverse', { frames: 'reversed' }],
    ['LABELMAP, 8 bit', { type: 'LABELMAP' }],
    ['LABELMAP, 16 bit', { type: 'LABELMAP', bits: 16 }],
    ['FRACTIONAL, cut at one half', { type: 'FRACTIONAL' }],
    ['rows upside down, as the orientation says', { flipRows: true }],
    ['by referenced slices alone', { withoutPositions: true, frames: 'reversed' }],
  ];
  for (const [ctName, options] of [
    ['head first', {}],
    ['feet first', { orientation: FEET_FIRST }],
    ['descending', { order: 'descending' }],
  ] as const) {
    test.each(variants)(`${ctName}: %s`, (_, variant) => {
      const ct = ctSeries(syntheticCt(options));
      const { labelmap, vertebrae } = readVertebrae(foreignSeg(ct, segments, variant), ct);
      const expected = labelmapOf(
        ct,
        segments.map(({ SegmentNumber, inside }) => ({ label: SegmentNumber, inside }))
      );
      expect(difference(labelmap.labels, expected.labels)).toBe('');
      expect(vertebrae.map(({ voxels }) => voxels)).toEqual(
        [1, 2, 3].map(label => expected.labels.filter(value => value === label).length)
      );
    });
  }

  test.each([8, 16] as const)('LABELMAP with %d bits and RLE compression, as OHIF stores it', bits => {
    const seg = foreignSeg(series, segments, { type: 'LABELMAP', bits });
    const size = (24 * 20 * bits) / 8;
    const frames = Array.from({ length: 8 }, (_, k) =>
      rleFrame(new Uint8Array(seg.PixelData as ArrayBuffer, k * size, size), bits / 8)
    );
    const compressed = { ...seg, PixelData: frames, _meta: { TransferSyntaxUID: '1.2.840.10008.1.2.5' } };
    const expected = readVertebrae(seg, series).labelmap.labels;
    expect(difference(readVertebrae(compressed, series).labelmap.labels, expected)).toBe('');
  });

  test('overlapping masks: the lower segment number keeps the voxels, and they are counted', () => {
    const all = () => true;
    const { vertebrae, overlappingVoxels } = readVertebrae(
      foreignSeg(
        series,
        [
          { SegmentNumber: 1, SegmentLabel: 'T10', inside: block(0) },
          { SegmentNumber: 2, SegmentLabel: 'T11', inside: all },
        ],
        { frames: 'reversed' }
      ),
      series
    );
    const first = vertebrae[0].voxels;
    expect(overlappingVoxels).toBe(first);
    expect(vertebrae[1].voxels).toBe(24 * 20 * 8 - first);
  });
});

describe('refused, by name', () => {
  const never = () => false;
  const empty = (label: string, n: number): ForeignSegment => ({
    SegmentNumber: n,
    SegmentLabel: label,
    inside: never,
  });
  const read = (segments: readonly ForeignSegment[], options?: ForeignOptions) => () =>
    readVertebrae(foreignSeg(series, segments, options), series);
  test.each([
    ['frame-of-reference', read(named('T10'), { frameOfReferenceUID: '1.2.3' })],
    ['seg-grid', read(named('T10'), { shiftMm: 0.7 })],
    ['seg-outside', read(named('T10'), { shiftMm: 200 })],
    ['empty-mask', read([empty('T10', 1), empty('T11', 2)])],
    ['empty-mask', read([empty('20', 1)])],
    ['no-vertebrae', read(named('liver', 'Segment 7'))],
    ['not-seg', () => readVertebrae(syntheticCt()[0], series)],
    ['no-pixel-data', () => readVertebrae({ ...foreignSeg(series, named('T10')), PixelData: undefined }, series)],
    [
      'pixel-data-length',
      () => readVertebrae({ ...foreignSeg(series, named('T10')), PixelData: new ArrayBuffer(10) }, series),
    ],
  ])('%s (%#)', (expected, action) => {
    expect(action).toThrow(expect.objectContaining({ code: expected }));
  });

  test('one empty mask among others is named and left out', () => {
    const { vertebrae, unused } = readVertebrae(foreignSeg(series, [...named('T10'), empty('T11', 2)]), series);
    expect(vertebrae.map(({ level }) => level)).toEqual(['T10']);
    expect(unused).toEqual([{ label: 2, name: 'T11', reason: 'empty' }]);
  });
});

/** RLE Lossless without runs: literals of up to 128 bytes, most significant plane first. */
function rleFrame(pixels: Uint8Array, planes: number): ArrayBuffer {
  const packed = Array.from({ length: planes }, (_, plane) => {
    const bytes = pixels.filter((_, n) => n % planes === planes - 1 - plane);
    return Array.from({ length: Math.ceil(bytes.length / 128) }, (_, n) => bytes.slice(n * 128, n * 128 + 128)).flatMap(
      part => [part.length - 1, ...part]
    );
  });
  const frame = new Uint8Array(64 + packed.flat().length);
  const header = new DataView(frame.buffer);
  header.setUint32(0, planes, true);
  packed.forEach((_, plane) => header.setUint32(4 + 4 * plane, 64 + packed.slice(0, plane).flat().length, true));
  frame.set(packed.flat(), 64);
  return frame.buffer;
}
