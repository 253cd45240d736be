/** RT Structure Set: valid, and the lesions it holds are ours when another program fills its contours. */
import { measureLabels } from '@spine/core';
import { ctSeries, ctVolume, items, lesionSeg, measureLesions, rtStruct, storedPixels, text } from '@spine/dicom';
import type { NaturalizedInstance, RtStructInput } from '@spine/dicom';
import { CONTEXT, GEOMETRIES, geometryCases, lesion } from './support/geometries';
import { ball, dice, grown, labelmapOf } from './support/masks';
import { rasterise } from './support/plastimatch';
import { syntheticCt } from './support/syntheticCt';
import type { SyntheticCt } from './support/syntheticCt';
import { dciodvfy, EXPLAINED_WARNINGS, hasTool, makeFolder, removeFolder, skip, writeDataset } from './support/tools';

const folders: string[] = [];
const folder = () => folders[folders.push(makeFolder()) - 1];
afterAll(() => folders.forEach(removeFolder));

const geometries = geometryCases();
const structureOf = (more: Partial<RtStructInput> & Pick<RtStructInput, 'series' | 'labelmap' | 'lesions'>) =>
  rtStruct({ ...CONTEXT, ...more });
const names = (dataset: NaturalizedInstance) =>
  items(dataset, 'StructureSetROISequence').map(roi => text(roi, 'ROIName'));
const contoursOf = (dataset: NaturalizedInstance, name: string) =>
  items(items(dataset, 'ROIContourSequence')[names(dataset).indexOf(name)], 'ContourSequence');

describe.each(geometries.map(one => [one.name, one] as const))('%s', (_, { series, labelmap, lesions }) => {
  const dataset = structureOf({ series, labelmap, lesions });

  test('dciodvfy finds no error and no warning but the explained ones', () => {
    if (!hasTool('dciodvfy')) return skip('dciodvfy');
    const { errors, warnings } = dciodvfy(writeDataset(folder(), 'rtstruct.dcm', dataset));
    expect(errors).toEqual([]);
    expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
  });

  test('every contour lies on the plane of the CT slice it names and has at least three points', () => {
    const slices = new Map(series.instances.map((instance, k) => [text(instance, 'SOPInstanceUID'), k]));
    for (const roi of items(dataset, 'ROIContourSequence')) {
      for (const contour of items(roi, 'ContourSequence')) {
        const points = (contour.ContourData as string[]).map(Number);
        expect(points.length).toBe(3 * Number(contour.NumberOfContourPoints));
        expect(points.length).toBeGreaterThanOrEqual(9);
        const k = slices.get(text(items(contour, 'ContourImageSequence')[0], 'ReferencedSOPInstanceUID'))!;
        const along = (n: number) =>
          series.directions[2].reduce((sum, value, axis) => sum + value * points[3 * n + axis], 0);
        for (let n = 0; n < points.length / 3; n++)
          expect(Math.abs(along(n) - series.slicePositionsMm[k])).toBeLessThan(1e-3);
      }
    }
  });
});

test('says what was not assessed, as much as fits beside the model, and which contour ends where the search did', () => {
  const { series, labelmap, lesions } = geometries[0];
  const levels = Array.from({ length: 24 }, (_, n) => `T${n + 1}`);
  const notAssessed = [
    { part: 'screened-vertebrae' as const, levels: ['T9', 'T10'] },
    ...levels.map(level => ({ part: 'screened-slices' as const, level, count: 3, of: 9 })),
  ];
  const [first, ...rest] = lesions;
  const dataset = structureOf({ series, labelmap, lesions: [{ ...first, atLeast: true }, ...rest], notAssessed });
  const words = text(dataset, 'StructureSetDescription');
  expect(words).toContain('Not assessed: T9, T10: screened as not suspicious, not searched for lesions; T1: 3 of 9');
  expect(words).toContain('... (all of it in the structured report).');
  expect(words).toContain(CONTEXT.model.sha256);
  expect(words.length).toBeLessThanOrEqual(1024);
  const described = items(dataset, 'StructureSetROISequence').map(roi => text(roi, 'ROIDescription'));
  expect(described[0]).toContain('borders on a part that was not searched: may be larger');
  expect(described.slice(1).join()).not.toContain('may be larger');
});

describe('plastimatch fills the contours', () => {
  // One lesion above 1 ml with two holes, one lesion of a single voxel, one at the edge of the last slice.
  const options = { columns: 64, rows: 60, slices: 18, pixelSpacing: [0.9, 0.7] as const, sliceSpacing: 1.5 };
  const make = (more: SyntheticCt) => {
    const ct = syntheticCt({ ...options, ...more });
    const series = ctSeries(ct);
    const shell = ball(series, [30, 28, 8], 12);
    const aside = 30 + Math.round(7 / series.spacingMm[0]);
    const holes = [ball(series, [30, 28, 8], 4), ball(series, [aside, 28, 8], 2)];
    const labelmap = labelmapOf(series, [
      { label: 1, inside: (i, j, k) => shell(i, j, k) && !holes.some(hole => hole(i, j, k)) },
      { label: 2, inside: (i, j, k) => i === 50 && j === 5 && k === 0 },
      { label: 3, inside: (i, j, k) => k === 17 && i < 5 && j > 52 },
    ]);
    return { ct, series, labelmap, lesions: [lesion(1), lesion(2), lesion(3)] };
  };
  const only = (labels: ArrayLike<number>, label: number) =>
    Uint8Array.from(labels, value => (value === label ? 1 : 0));

  test.each(GEOMETRIES)(
    '%s: the same voxels, holes included',
    (_, geometry) => {
      if (!hasTool('plastimatch')) return skip('plastimatch');
      const { ct, series, labelmap, lesions } = make(geometry);
      const { millilitres } = measureLabels(ctVolume(series, storedPixels), labelmap).get(1)!;
      expect(millilitres).toBeGreaterThan(1);
      const masks = rasterise(folder(), ct, structureOf({ series, labelmap, lesions }));
      const found = ['LES_T8_lytic', 'LES_T8_blastic', 'LES_T9_lytic'].map((name, n) =>
        dice(masks.get(name)!.data, only(labelmap.labels, n + 1))
      );
      expect(found).toEqual([1, 1, 1]);
    },
    30_000
  );

  test('forty lesions of one to a few voxels, one on each slice', () => {
    if (!hasTool('plastimatch')) return skip('plastimatch');
    const { ct, series, labelmap, lesions } = geometries[geometries.length - 1];
    const structure = structureOf({ series, labelmap, lesions });
    const masks = rasterise(folder(), ct, structure);
    const found = names(structure).map((name, n) => dice(masks.get(name)!.data, only(labelmap.labels, n + 1)));
    expect(found).toEqual(lesions.map(() => 1));
  }, 60_000);

  test('simplified by half a millimetre: at most half the points, Dice at least 0.97 above 1 ml', () => {
    if (!hasTool('plastimatch')) return skip('plastimatch');
    const { ct, series, labelmap, lesions } = make({});
    const points = (toleranceMm: number) =>
      contoursOf(structureOf({ series, labelmap, lesions, toleranceMm }), 'LES_T8_lytic').reduce(
        (sum, contour) => sum + Number(contour.NumberOfContourPoints),
        0
      );
    expect(points(0.5)).toBeLessThan(points(0) / 2);
    const masks = rasterise(folder(), ct, structureOf({ series, labelmap, lesions, toleranceMm: 0.5 }));
    expect(dice(masks.get('LES_T8_lytic')!.data, only(labelmap.labels, 1))).toBeGreaterThanOrEqual(0.97);
  }, 30_000);

  test('a margin grows by its size in all directions, and only inside the body when asked', () => {
    if (!hasTool('plastimatch')) return skip('plastimatch');
    const ct = syntheticCt(options);
    const series = ctSeries(ct);
    const labelmap = labelmapOf(series, [{ label: 1, inside: ball(series, [30, 28, 8], 5) }]);
    const bodies = {
      labelmap: labelmapOf(series, [{ label: 7, inside: (i, j) => i > 8 && i < 34 && j > 5 && j < 50 }]),
      vertebrae: [{ label: 7, level: 'T8' }],
    };
    const input = { series, labelmap, bodies, lesions: [lesion(1)], marginMm: 4 };
    const free = rasterise(folder(), ct, structureOf(input)).get('T8_lytic_m4')!.data;
    const clipped = rasterise(folder(), ct, structureOf({ ...input, clipMarginToBody: true })).get('T8_lytic_m4')!.data;
    expect(dice(free, grown(series, labelmap.labels, 4))).toBeGreaterThan(0.99);
    const insideBody = free.map((value, n) => (bodies.labelmap.labels[n] || labelmap.labels[n] ? value : 0));
    expect(dice(clipped, insideBody)).toBeGreaterThan(0.99);
    expect(dice(clipped, free)).toBeLessThan(0.9);
  }, 30_000);
});

describe('what planning systems see', () => {
  const { series, labelmap, ct } = geometries[0];
  const lesions = [
    lesion(1, { level: 'T10' }),
    lesion(2, { level: 'T10', confirmed: true, algorithmType: 'SEMIAUTOMATIC' }),
    lesion(3, { level: 'T10' }),
    lesion(4, { level: 'T13' }),
  ];
  const bodies = {
    labelmap: labelmapOf(series, [{ label: 3, inside: (i, j) => i < 12 && j < 9 }]),
    vertebrae: [{ label: 3, level: 'T10', origin: 'click' as const }],
  };
  const dataset = structureOf({ series, labelmap, lesions, bodies, marginMm: 2.5 });
  const column = (sequence: string, keyword: string) => items(dataset, sequence).map(one => text(one, keyword));

  test('names are unique, at most 16 characters, and say GTV only for confirmed lesions', () => {
    expect(names(dataset)).toEqual([
      'LES_T10_lytic',
      'T10_lytic_m2.5',
      'GTV_T10_blastic',
      'T10_blastic_m2.5',
      'LES_T10_lytic_2',
      'T10_lytic_m2.5_2',
      'LES_T13_blastic',
      'T13_blastic_m2.5',
      'T10_body',
    ]);
    expect(Math.max(...names(dataset).map(name => name.length))).toBeLessThanOrEqual(16);
  });

  test.each([
    [12.5, 'T10_blasti_m12.5'],
    [0.25, 'T10_blasti_m0.25'],
  ])('the name of a margin of %d mm keeps its millimetres when it has to be shortened', (marginMm, name) => {
    const blastic = [lesion(2, { level: 'T10', kind: 'blastic' }), lesion(4, { level: 'T10', kind: 'blastic' })];
    const [, first, , second] = names(structureOf({ series, labelmap, lesions: blastic, marginMm }));
    expect(first).toBe(name);
    expect(second).toMatch(new RegExp(`^T10_bla.*_m${name.split('_m')[1]}_2$`));
    expect(second.length).toBeLessThanOrEqual(16);
  });

  test('types and algorithms', () => {
    expect(column('RTROIObservationsSequence', 'RTROIInterpretedType')).toEqual([
      '',
      'CONTROL',
      'GTV',
      'CONTROL',
      '',
      'CONTROL',
      '',
      'CONTROL',
      'ORGAN',
    ]);
    expect(column('StructureSetROISequence', 'ROIGenerationAlgorithm').slice(0, 4)).toEqual([
      'AUTOMATIC',
      'AUTOMATIC',
      'SEMIAUTOMATIC',
      'SEMIAUTOMATIC',
    ]);
    expect(column('StructureSetROISequence', 'ROIGenerationAlgorithm').at(-1)).toBe('SEMIAUTOMATIC');
  });

  test('decimal strings have at most 16 characters', () => {
    const longest = items(dataset, 'ROIContourSequence').flatMap(roi =>
      items(roi, 'ContourSequence').flatMap(contour => contour.ContourData as string[])
    );
    expect(Math.max(...longest.map(value => value.length))).toBeLessThanOrEqual(16);
  });

  test('volumes are those of the measurements', () => {
    const seg = lesionSeg({ ...CONTEXT, series, labelmap, segments: lesions });
    const measured = measureLesions({
      ...CONTEXT,
      series,
      labelmap,
      lesions,
      seg,
      volume: ctVolume(ctSeries(ct), storedPixels),
    });
    const volumes = column('StructureSetROISequence', 'ROIVolume');
    expect([volumes[0], volumes[2]].map(Number)).toEqual([measured[0].millilitres, measured[1].millilitres]);
  });

  test.each([
    ['no lesions', { lesions: [] }, 'no lesion to save or contour'],
    ['a margin out of range', { marginMm: -1 }, 'out of range'],
    ['clipping without bodies', { clipMarginToBody: true, bodies: undefined }, 'There are no vertebral bodies'],
    [
      'clipping to a body that is not there',
      { lesions: [lesion(1, { level: 'L5' })], clipMarginToBody: true },
      'no body mask of L5',
    ],
    ['a lesion without voxels', { lesions: [lesion(9)] }, 'has no voxels'],
  ] as [string, Partial<RtStructInput>, string][])('refused: %s', (_, more, message) => {
    expect(() => structureOf({ series, labelmap, lesions, bodies, marginMm: 2, ...more })).toThrow(message);
  });
});
