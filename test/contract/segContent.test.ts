/** What the SEG says about lesions, and what of it comes back. */
import { LEVELS, maskRecord } from '@spine/core';
import {
  decodeFile,
  encodeDataset,
  item,
  items,
  lesionSeg,
  measureLesions,
  readLesionSeg,
  rtStruct,
  text,
} from '@spine/dicom';
import { algorithmParameters } from '@spine/dicom/context';
import type { LesionSegInput, NaturalizedInstance } from '@spine/dicom';
import { caseOf, CONTEXT, lesion, MODEL } from './support/geometries';
import { difference } from './support/masks';
import { findPython, ontoCt, readWithHighdicom } from './support/readers';
import { dciodvfy, EXPLAINED_WARNINGS, hasTool, makeFolder, removeFolder, skip, writeDataset } from './support/tools';

const { series, labelmap, ct } = caseOf('content', {});
const lesions = [
  lesion(1, { level: 'T10', trackingId: 'Lesion A', trackingUid: '2.25.1234' }),
  lesion(2, { level: 'T10', algorithmType: 'SEMIAUTOMATIC', confirmed: true }),
  lesion(3, { level: 'T13', algorithmType: 'MANUAL', score: undefined }),
  lesion(4, { level: 'L6' }),
];
const input: LesionSegInput = { ...CONTEXT, series, labelmap, segments: lesions };
const stored = (more: Partial<LesionSegInput> = {}) => decodeFile(encodeDataset(lesionSeg({ ...input, ...more })));
const codeIn = (dataset: NaturalizedInstance, keyword: string) => text(item(dataset, keyword), 'CodeValue');
const folder = makeFolder();
afterAll(() => removeFolder(folder));

describe('standard attributes', () => {
  const seg = stored({ contentCreatorName: 'Doe^Jane' });
  const segments = items(seg, 'SegmentSequence');

  test('the object belongs to patient, study and frame of reference of the CT, in a series of its own', () => {
    expect(text(seg, 'StudyInstanceUID')).toBe(series.studyInstanceUID);
    expect(text(seg, 'FrameOfReferenceUID')).toBe(series.frameOfReferenceUID);
    expect(text(seg, 'SeriesInstanceUID')).not.toBe(series.seriesInstanceUID);
    expect(item(seg, 'PatientName').Alphabetic).toBe('Müller^Jörg');
    expect(text(seg, 'StudyDescription')).toBe('Synthetic spine');
    expect(text(seg, 'SeriesDescription')).toContain('Research use only');
    expect(text(seg, 'SpecificCharacterSet')).toBe('ISO_IR 192');
    expect(item(seg, 'ContentCreatorName').Alphabetic).toBe('Doe^Jane');
    expect(item(seg, '_meta').TransferSyntaxUID).toBe('1.2.840.10008.1.2.1');
  });

  test('the referenced series holds every slice of the CT', () => {
    const referenced = items(item(seg, 'ReferencedSeriesSequence'), 'ReferencedInstanceSequence');
    expect(referenced.map(one => text(one, 'ReferencedSOPInstanceUID')).sort()).toEqual(
      ct.map(one => text(one, 'SOPInstanceUID')).sort()
    );
  });

  test('each frame names slice, purpose, derivation and position', () => {
    const groups = items(seg, 'PerFrameFunctionalGroupsSequence');
    for (const group of groups) {
      const derivation = item(group, 'DerivationImageSequence');
      const source = item(derivation, 'SourceImageSequence');
      expect(codeIn(derivation, 'DerivationCodeSequence')).toBe('113076');
      expect(codeIn(source, 'PurposeOfReferenceCodeSequence')).toBe('121322');
      expect(text(source, 'ReferencedSOPClassUID')).toBe('1.2.840.10008.5.1.4.1.1.2');
      expect(source.ReferencedFrameNumber).toBeUndefined();
      const slice = ct.find(one => text(one, 'SOPInstanceUID') === text(source, 'ReferencedSOPInstanceUID'))!;
      expect(item(group, 'PlanePositionSequence').ImagePositionPatient).toEqual(slice.ImagePositionPatient);
    }
    const dimension = items(seg, 'DimensionIndexSequence');
    expect(dimension.map(({ DimensionIndexPointer }) => DimensionIndexPointer)).toEqual([0x0062000b, 0x00200032]);
  });

  test('category, type, modifier and region of each segment', () => {
    const coded = segments.map(segment => [
      codeIn(segment, 'SegmentedPropertyCategoryCodeSequence'),
      codeIn(segment, 'SegmentedPropertyTypeCodeSequence'),
      codeIn(item(segment, 'SegmentedPropertyTypeCodeSequence'), 'SegmentedPropertyTypeModifierCodeSequence'),
      codeIn(segment, 'AnatomicRegionSequence'),
    ]);
    expect(coded).toEqual([
      ['49755003', '52988006', 'LYTIC', '7610001'],
      ['49755003', '14799000', 'BLASTIC', '7610001'],
      ['49755003', '52988006', 'LYTIC', '51282000'],
      ['49755003', '52988006', 'BLASTIC', '51282000'],
    ]);
  });

  test('the algorithm with model hash, sampler and threshold; none for what a person drew', () => {
    const identification = item(segments[0], 'SegmentationAlgorithmIdentificationSequence');
    expect(codeIn(identification, 'AlgorithmFamilyCodeSequence')).toBe('123110');
    for (const part of [MODEL.sha256, 'reference, 250 + 100 steps', 'threshold 0.5']) {
      expect(text(identification, 'AlgorithmParameters')).toContain(part);
    }
    expect(segments.map(segment => text(segment, 'SegmentAlgorithmType'))).toEqual([
      'AUTOMATIC',
      'SEMIAUTOMATIC',
      'MANUAL',
      'AUTOMATIC',
    ]);
    expect(items(segments[2], 'SegmentationAlgorithmIdentificationSequence')).toEqual([]);
  });

  test('volumes in words are those of the tables, by the real positions of the slices', () => {
    const slicePositionsMm = Float64Array.from(series.slicePositionsMm, (mm, k) => mm + (k % 3) / 5);
    const uneven = { ...series, slicePositionsMm };
    const seg = lesionSeg({ ...input, series: uneven });
    const volume = { hu: new Int16Array(labelmap.labels.length), dims: labelmap.dims, indexToLps: labelmap.indexToLps };
    const measured = measureLesions({ ...input, series: uneven, volume, lesions });
    expect(items(seg, 'SegmentSequence').map(one => text(one, 'SegmentDescription'))).toEqual(
      measured.map(({ millilitres }) => expect.stringContaining(`; ${millilitres.toFixed(3)} ml; `))
    );
    expect(readLesionSeg(seg, uneven).segments[0].millilitres).toBeCloseTo(measured[0].millilitres, 6);
    expect(measured[1].millilitres).not.toBeCloseTo((measured[1].voxels * 2) / 1000, 4);
  });

  test('lytic is red and blastic blue for a viewer that reads CIELab as dcmjs does', () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { data } = require('dcmjs') as { data: { Colors: { dicomlab2RGB(lab: unknown): number[] } } };
    const [lytic, blastic] = segments.map(segment => data.Colors.dicomlab2RGB(segment.RecommendedDisplayCIELabValue));
    expect(lytic[0]).toBeGreaterThan(0.7);
    expect(Math.max(lytic[1], lytic[2])).toBeLessThan(0.3);
    expect(blastic[2]).toBeGreaterThan(0.7);
    expect(blastic[0]).toBeLessThan(0.3);
  });
});

describe('continuing another day', () => {
  test('levels, kinds, scores, tracking, review and state come back', () => {
    const state = { rejected: [{ level: 'T9', reason: 'Schmorl node – sicher' }], big: 'x'.repeat(70_000) };
    const back = readLesionSeg(stored({ state, version: 3 }), series);
    expect(back).toMatchObject({ state, version: 3 });
    expect(back.segments).toMatchObject([
      { level: 'T10', kind: 'lytic', score: 0.51, trackingId: 'Lesion A', trackingUid: '2.25.1234', confirmed: false },
      { level: 'T10', kind: 'blastic', score: 0.52, algorithmType: 'SEMIAUTOMATIC', confirmed: true },
      { level: 'T13', kind: 'lytic', algorithmType: 'MANUAL' },
      { level: 'L6', kind: 'blastic', score: 0.54 },
    ]);
    expect(back.segments[2].score).toBeUndefined();
    expect(back.segments[0].millilitres).toBeCloseTo((back.segments[0].voxels * 2) / 1000, 9);
  });

  test('scores are data: what a description says is read only where a file has none', () => {
    const dataset = stored();
    for (const segment of dataset.SegmentSequence as { SegmentDescription: string }[]) {
      segment.SegmentDescription = 'Confirmed by a person; attribution score 0.99; 1.000 ml; 9 voxels';
    }
    expect(readLesionSeg(dataset, series).segments.map(({ score }) => score)).toEqual([0.51, 0.52, undefined, 0.54]);
    const without = Object.fromEntries(Object.entries(dataset).filter(([key]) => !key.startsWith('0071')));
    expect(readLesionSeg(without, series).segments.map(({ score }) => score)).toEqual([0.99, 0.99, 0.99, 0.99]);
  });

  test('what was read can be written again with the same tracking', () => {
    const back = readLesionSeg(stored(), series);
    const again = readLesionSeg(stored({ labelmap: back.labelmap, segments: back.segments, version: 2 }), series);
    expect(again.segments).toEqual(back.segments);
    expect(again.seriesInstanceUID).not.toBe(back.seriesInstanceUID);
  });

  test('an archive that drops private elements loses the state and nothing else', () => {
    const dataset = stored({ state: { a: 1 } });
    const stripped = Object.fromEntries(Object.entries(dataset).filter(([key]) => !key.startsWith('0071')));
    expect(readLesionSeg(stripped, series)).toMatchObject({
      state: undefined,
      segments: readLesionSeg(dataset, series).segments,
    });
  });

  test('each save is a series of its own and says which one it is', () => {
    const [first, second] = [stored({ version: 1 }), stored({ version: 2 })];
    for (const keyword of ['SeriesInstanceUID', 'SOPInstanceUID', 'SeriesNumber', 'SeriesDescription']) {
      expect(text(first, keyword)).not.toBe(text(second, keyword));
    }
  });
});

describe('refused', () => {
  const write = (more: Partial<LesionSegInput>) => () => lesionSeg({ ...input, ...more });
  test.each([
    ['no segments', { segments: [] }, 'There is no lesion to save'],
    ['a gap in the numbers', { segments: [lesion(1), lesion(3), lesion(4)] }, 'numbered from 1 without gaps'],
    ['a label without segment', { segments: lesions.slice(0, 3) }, 'holds the value 4'],
    ['a segment without voxels', { segments: [...lesions, lesion(5)] }, 'Segment 5 has no voxels'],
    ['another grid', { series: caseOf('other', { slices: 9 }).series }, "do not lie on the CT's voxel grid"],
  ] as [string, Partial<LesionSegInput>, string][])('%s', (_, more, message) => {
    expect(write(more)).toThrow(message);
  });

  test('another frame of reference, and a SEG of other software', () => {
    const elsewhere = { ...series, frameOfReferenceUID: '1.2.3' };
    expect(() => readLesionSeg(stored(), elsewhere)).toThrow('another frame of reference');
    const foreign = { ...stored(), SegmentSequence: [{ SegmentNumber: 1, SegmentLabel: 'Liver' }] };
    expect(() => readLesionSeg(foreign, series)).toThrow('written by this software');
  });
});

describe('LABELMAP encoding', () => {
  test('our reader and highdicom return the voxels', () => {
    const seg = lesionSeg({ ...input, encoding: 'LABELMAP' });
    expect(text(seg, 'SOPClassUID')).toBe('1.2.840.10008.5.1.4.1.1.66.7');
    expect(difference(readLesionSeg(decodeFile(encodeDataset(seg)), series).labelmap.labels, labelmap.labels)).toBe('');
    const python = findPython();
    if (!python) return skip('a Python with pydicom and highdicom');
    const [readout] = readWithHighdicom(python, [writeDataset(folder, 'labelmap.dcm', seg)]);
    expect(difference(ontoCt(readout, series), labelmap.labels)).toBe('');
  }, 30_000);
});

test('however many masks were made in the session, no text is longer than DICOM allows', () => {
  const masks = LEVELS.map(level => maskRecord({ level, origin: 'search', corrected: true }));
  const seg = lesionSeg({ ...input, masks });
  expect(algorithmParameters({ ...input, masks }).length).toBeGreaterThan(1024);
  const identification = item(item(seg, 'SegmentSequence'), 'SegmentationAlgorithmIdentificationSequence');
  expect(text(identification, 'AlgorithmParameters')).toContain('S1 mask found automatically');
  const contours = rtStruct({ ...input, masks, lesions: input.segments });
  expect(text(contours, 'StructureSetDescription').length).toBeLessThanOrEqual(1024);
  if (!hasTool('dciodvfy')) return skip('dciodvfy');
  for (const dataset of [seg, contours]) {
    expect(dciodvfy(writeDataset(folder, 'masks.dcm', dataset)).errors).toEqual([]);
  }
});

test('dciodvfy accepts reviewed, edited, drawn and stateful segments', () => {
  if (!hasTool('dciodvfy')) return skip('dciodvfy');
  const seg = lesionSeg({ ...input, state: { note: 'ä' }, contentCreatorName: 'Doe^Jane', version: 12 });
  const { errors, warnings } = dciodvfy(writeDataset(folder, 'reviewed.dcm', seg));
  expect(errors).toEqual([]);
  expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
});
