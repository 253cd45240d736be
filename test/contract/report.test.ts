/** Structured report and tables: valid, readable by others, and the same numbers in all three. */
import { PUBLISHED_RULES } from '@spine/core';
import {
  ctVolume,
  encodeDataset,
  decodeFile,
  items,
  item,
  lesionSeg,
  measurementReport,
  measurementsTable,
  readLesionSeg,
  rtStruct,
  storedPixels,
  text,
} from '@spine/dicom';
import type { ReportInput, NaturalizedInstance } from '@spine/dicom';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import Papa from 'papaparse';
import { CONTEXT, geometryCases, lesion } from './support/geometries';
import type { Case } from './support/geometries';
import { findPython } from './support/readers';
import {
  dcentvfy,
  dciodvfy,
  EXPLAINED_WARNINGS,
  hasTool,
  makeFolder,
  removeFolder,
  run,
  skip,
  writeDataset,
} from './support/tools';

const folder = makeFolder();
afterAll(() => removeFolder(folder));
const cases = geometryCases();
const inputOf = ({ series, labelmap, lesions }: Case): ReportInput => {
  const seg = lesionSeg({ ...CONTEXT, series, labelmap, segments: lesions });
  return { ...CONTEXT, series, labelmap, lesions, seg, volume: ctVolume(series, storedPixels) };
};

test.each(cases.map(one => [one.name, one] as const))('%s: dciodvfy and dsrdump accept the report', (_, one) => {
  if (!hasTool('dciodvfy') || !hasTool('dsrdump')) return skip('dciodvfy or dsrdump');
  const input = inputOf(one);
  const file = writeDataset(folder, 'sr.dcm', measurementReport({ ...input, contentCreatorName: 'Doe^Jane' }));
  const { errors, warnings } = dciodvfy(file);
  expect(errors).toEqual([]);
  expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
  const dump = run('dsrdump', file);
  expect(dump.match(/"Measurement Group"/g)).toHaveLength(one.lesions.length);
});

test('answers for whole vertebrae are qualitative evaluations with site, reader and date', () => {
  const answers = [
    { level: 'T10', answer: 'metastasis', reader: 'Doe^Jane', on: '20260504030201' },
    { level: 'L6', answer: 'no metastasis', on: '20260504030202' },
    { level: 'L1', answer: 'uncertain', reader: 'Roe^Rick', on: '20260504030203' },
  ] as const;
  const review = {
    rules: PUBLISHED_RULES,
    modelRules: [],
    rulesMoved: false,
    candidates: 0,
    kept: 0,
    levels: [],
    answers,
  };
  const file = writeDataset(folder, 'answers.dcm', measurementReport({ ...inputOf(cases[0]), review }));
  if (!hasTool('dciodvfy') || !hasTool('dsrdump')) return skip('dciodvfy or dsrdump');
  const { errors, warnings } = dciodvfy(file);
  expect(errors).toEqual([]);
  expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
  const dump = run('dsrdump', file);
  for (const value of ['Present', 'Absent', 'Undetermined']) {
    expect(dump).toMatch(new RegExp(`"Neoplasm, Secondary"\\)?=.*"${value}"`));
  }
  expect(dump).toMatch(/"Person Observer Name"\)?="?Roe\^Rick/);
  expect(dump).toContain('L6 vertebra');
});

describe('numbers', () => {
  // A lesion of known content: four voxels of 10, 20, 30 and 100 HU, each 0.5 x 0.8 x 2 mm.
  const [one] = cases;
  const labels = new Uint8Array(one.labelmap.labels.length);
  const hu = ctVolume(one.series, storedPixels).hu.slice();
  [10, 20, 30, 100].forEach((value, n) => {
    labels[500 + n] = 1;
    hu[500 + n] = value;
  });
  const labelmap = { ...one.labelmap, labels };
  const lesions = [lesion(1, { level: 'T10', score: 0.87654, trackingId: '=SUM(A1)', trackingUid: '2.25.77' })];
  const seg = lesionSeg({ ...CONTEXT, series: one.series, labelmap, segments: lesions });
  const input: ReportInput = {
    ...CONTEXT,
    series: one.series,
    labelmap,
    lesions,
    seg,
    volume: { ...labelmap, hu },
    now: new Date(2026, 4, 6, 7, 8, 9),
  };
  const table = measurementsTable(input);
  const report = decodeFile(encodeDataset(measurementReport(input)));
  const group = contentOf(contentOf(report, '126010')[0], '125007')[0];

  test('volume, statistics and score', () => {
    expect(table.lesions[0]).toMatchObject({
      voxels: 4,
      cubicMillimetres: 8,
      millilitres: 0.008,
      score: 0.8765,
      hu: { mean: 40, standardDeviation: 35.36, minimum: 10, maximum: 100, median: 25 },
    });
  });

  test('the report holds the same numbers, coded', () => {
    const value = (content: NaturalizedInstance) =>
      Number(text(item(content, 'MeasuredValueSequence'), 'NumericValue'));
    expect(contentOf(group, '118565006').map(value)).toEqual([8]);
    const attenuation = contentOf(group, '112031').map(content => [
      text(item(contentOf(content, '121401')[0], 'ConceptCodeSequence'), 'CodeValue'),
      value(content),
    ]);
    expect(attenuation).toEqual([
      ['373098007', 40],
      ['386136009', 35.36],
      ['255605001', 10],
      ['56851009', 100],
      ['373099004', 25],
    ]);
    expect(contentOf(group, 'ATTRIBUTION').map(value)).toEqual([0.8765]);
    expect(text(item(contentOf(group, '363698007')[0], 'ConceptCodeSequence'), 'CodeValue')).toBe('7610001');
    expect(text(contentOf(group, '112040')[0], 'UID')).toBe('2.25.77');
  });

  test('a segmentation that is read back has the score of report and tables', () => {
    expect(readLesionSeg(seg, one.series).segments[0].score).toBe(table.lesions[0].score);
  });

  test('the report refers to the segment of the stored SEG', () => {
    const reference = item(contentOf(group, '121191')[0], 'ReferencedSOPSequence');
    expect(text(reference, 'ReferencedSOPInstanceUID')).toBe(text(seg, 'SOPInstanceUID'));
    expect(Number(reference.ReferencedSegmentNumber)).toBe(1);
  });

  test('CSV and JSON hold the same numbers with provenance; typed text cannot run as a formula', () => {
    const [header, row, ...rest] = Papa.parse<string[]>(table.csv).data;
    expect(rest).toEqual([['']]);
    const cell = (name: string) => row[header.indexOf(name)];
    expect([cell('volume_mm3'), cell('hu_mean'), cell('hu_median'), cell('attribution_score')]).toEqual([
      '8',
      '40',
      '25',
      '0.8765',
    ]);
    expect(cell('tracking_id')).toBe("'=SUM(A1)");
    expect(table.csv).toContain(CONTEXT.model.sha256);
    expect(table.csv).not.toContain('Müller');
    const parsed = JSON.parse(table.json) as { researchUseOnly: boolean; provenance: object; lesions: unknown };
    expect(parsed.researchUseOnly).toBe(true);
    expect(parsed.lesions).toEqual(table.lesions);
    expect(parsed.provenance).toMatchObject({
      modelSha256: CONTEXT.model.sha256,
      attributionThreshold: 0.5,
      created: '20260506T070809',
    });
  });

  test('volumes follow real slice positions, not the mean spacing', () => {
    const slicePositionsMm = Float64Array.from(one.series.slicePositionsMm, (mm, k) => (k > 3 ? mm + 3 : mm));
    const uneven = measurementsTable({ ...input, series: { ...one.series, slicePositionsMm } });
    expect(table.lesions[0].cubicMillimetres).toBe(8);
    // Voxels 500 to 503 lie on slice 1 whose neighbours are where they were; slice 3 would be thicker.
    expect(uneven.lesions[0].cubicMillimetres).toBe(8);
    const onSlice3 = new Uint8Array(labels.length).fill(1, 3 * 480, 3 * 480 + 4);
    const moved = {
      ...input,
      labelmap: { ...labelmap, labels: onSlice3 },
      series: { ...one.series, slicePositionsMm },
    };
    expect(measurementsTable(moved).lesions[0].cubicMillimetres).toBe(4 * 3.5);
  });

  test('a lesion that is not in the stored SEG is refused', () => {
    expect(() => measurementsTable({ ...input, lesions: [lesion(2)] })).toThrow(
      'has no voxels; save the segmentation again'
    );
  });
});

test('highdicom reads the report as TID 1500 with every group', () => {
  const python = findPython();
  if (!python) return skip('a Python with pydicom and highdicom');
  const file = writeDataset(folder, 'tid1500.dcm', measurementReport(inputOf(cases[0])));
  const output = execFileSync(python, [join(__dirname, 'support/read_sr_highdicom.py'), file], { encoding: 'utf8' });
  expect(JSON.parse(output)).toMatchObject(
    cases[0].lesions.map(({ score }) => ({ finding: '52988006', measurements: 7, score }))
  );
}, 30_000);

test('dcentvfy finds CT, SEG, RT Structure Set and report of one patient and study consistent', () => {
  if (!hasTool('dcentvfy')) return skip('dcentvfy');
  const [one] = cases;
  const input = inputOf(one);
  const files = [
    ...one.ct.map((instance, n) => writeDataset(folder, `ct${n}.dcm`, instance)),
    writeDataset(folder, 'seg.dcm', input.seg),
    writeDataset(folder, 'rtstruct.dcm', rtStruct(input)),
    writeDataset(folder, 'report.dcm', measurementReport(input)),
  ];
  expect(dcentvfy(files)).toEqual([]);
});

/** Content items of a container (or children of an item) by the code of their concept name. */
function contentOf(container: NaturalizedInstance, code: string): NaturalizedInstance[] {
  return items(container, 'ContentSequence').filter(
    content => text(item(content, 'ConceptNameCodeSequence'), 'CodeValue') === code
  );
}
