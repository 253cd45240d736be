import type { ComposedSegment, LesionName } from '../../core';
import { type LesionEntry, lesionFromName, type LesionMap } from './lesionMap';
import { type Identities, lesionEntry, residualStroke, strokeBetween } from './reviewMap';

const labels = (picture: string) => Uint8Array.from(picture, one => (one === '.' ? 0 : Number(one)));
const indexToLps = Float64Array.from([10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 1]);
const segment = (index: number, level: string, kind: LesionEntry['kind'], vertebraLabel?: number): LesionEntry => ({
  ...{ index, level, kind, vertebraLabel, voxels: 1, millilitres: 1 },
  ...{ algorithmType: 'AUTOMATIC', trackingId: 'id', trackingUid: `1.${index}` },
});
const map = (picture: string, ...segments: LesionEntry[]): LesionMap => ({
  labelmap: { labels: labels(picture), dims: [picture.length, 1, 1], indexToLps },
  segments,
});
/** T11 has the mask 18. */
const resolve = (name: LesionName): LesionName => (name.level === 'T11' ? { ...name, vertebraLabel: 18 } : name);

test.each([
  ['T10 blastic lesion', { level: 'T10', kind: 'blastic' }],
  ['L3 osteolytisch', { level: 'L3', kind: 'lytic' }],
  ['Segment 3', undefined],
  ['L1 mixed lytic and blastic', undefined],
])('"%s" says %p', (name, expected) => {
  expect(lesionFromName(name)).toEqual(expected);
});

test('a brush stroke names what gained and lost voxels; a nameless segment is left for later', () => {
  const shown = map('.11.', segment(1, 'T11', 'lytic', 18));
  const names: Record<number, string> = { 5: 'L2 blastic', 6: 'Segment 6' };
  const edit = strokeBetween(labels('.11.'), labels('56.1'), shown, index => names[index], resolve)!;
  expect([...edit.stroke.offsets]).toEqual([0, 2, 3]);
  expect([...edit.stroke.values].map(n => n && edit.stroke.lesions[n - 1].kind)).toEqual(['blastic', 0, 'lytic']);
  expect(edit.stroke.lesions).toEqual([
    { vertebraLabel: undefined, level: 'L2', kind: 'blastic' },
    { vertebraLabel: 18, level: 'T11', kind: 'lytic' },
  ]);
  expect(edit.unnamed).toEqual(['Segment 6']);
  expect([...edit.taken]).toEqual([...labels('51.1')]);
  expect(strokeBetween(labels('.11.'), labels('.11.'), shown, () => undefined, resolve)).toBeUndefined();
});

test('what a stored result has beyond its candidates is one stroke, and nothing when they explain all', () => {
  const stored = map('.112', segment(1, 'T11', 'lytic'), segment(2, 'L2', 'blastic'));
  const composed = (picture: string) => ({
    labelmap: map(picture).labelmap,
    segments: [{ ...segment(1, 'T11', 'lytic', 18), touched: false, confirmed: false }] as ComposedSegment[],
  });
  const residual = residualStroke(stored, composed('11..'), resolve)!;
  expect([...residual.offsets]).toEqual([0, 2, 3]);
  expect([...residual.values]).toEqual([0, 1, 2]);
  expect(residual.touched).toEqual([]);
  expect(residualStroke(map('.11.', segment(1, 'T11', 'lytic')), composed('.11.'), resolve)).toBeUndefined();
});

test('found, corrected and drawn lesions are told apart; identity and stored type stay', () => {
  const identities: Identities = new Map();
  const composed = { index: 1, level: 'T11', vertebraLabel: 18, kind: 'lytic', voxels: 2, millilitres: 2 } as const;
  const types = [{ score: 0.9, touched: false }, { score: 0.9, touched: true }, { touched: true }].map(found =>
    lesionEntry({ ...composed, ...found, confirmed: false }, identities)
  );
  expect(types.map(({ algorithmType }) => algorithmType)).toEqual(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']);
  expect(new Set(types.map(({ trackingUid }) => trackingUid)).size).toBe(1);
  identities.set('#18 lytic', { trackingUid: '1.2', stored: { algorithmType: 'SEMIAUTOMATIC', score: 0.8 } });
  expect(lesionEntry({ ...composed, touched: false, confirmed: false }, identities)).toMatchObject({
    ...{ algorithmType: 'SEMIAUTOMATIC', score: 0.8, trackingUid: '1.2', trackingId: 'T11 lytic lesion' },
  });
});
