import type { ComposedSegment, Lesion3d, LesionName } from '../../core';
import { type LesionEntry, lesionFromName, type LesionMap } from './lesionMap';
import { identify, type Identities, lesionEntry, residualStroke, strokeBetween } from './reviewMap';

const labels = (picture: string) => Uint8Array.from(picture, one => (one === '.' ? 0 : Number(one)));
const indexToLps = Float64Array.from([10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 1]);
const segment = (index: number, level: string, kind: LesionEntry['kind'], vertebraLabel?: number): LesionEntry => ({
  index,
  label: `${level} ${kind} 1`,
  level,
  kind,
  vertebraLabel,
  voxels: 1,
  millilitres: 1,
  algorithmType: 'AUTOMATIC',
  trackingId: 'id',
  trackingUid: `1.${index}`,
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
  ['L1 mixed lytic and blastic', { level: 'L1', kind: 'mixed' }],
  ['L1 lytic and blastic', undefined],
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

const found = (name: string, offsets: readonly number[], more: Partial<Lesion3d> = {}): Lesion3d => ({
  id: name,
  name,
  index: 1,
  level: 'T11',
  vertebraLabel: 18,
  kind: 'lytic',
  offsets,
  voxels: offsets.length,
  millilitres: offsets.length,
  longestAxialMm: 10,
  perpendicularAxialMm: 10,
  longestMm: 10,
  rawScore: 0.9,
  slices: [{ slice: 0, offsetMm: 0, score: 0.9, candidates: ['18/0/0'] }],
  flags: [],
  touched: false,
  ...more,
});

test('found, corrected and drawn lesions are told apart; identity and stored type stay', () => {
  const types = [{}, { touched: true }, { touched: true, slices: [] }].map(more =>
    lesionEntry(found('T11 lytic 1', [1, 2], more), { trackingUid: '1.2' })
  );
  expect(types.map(({ algorithmType }) => algorithmType)).toEqual(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']);
  const stored = { algorithmType: 'SEMIAUTOMATIC', score: 0.8 } as const;
  expect(lesionEntry(found('T11 lytic 1', [1], { rawScore: undefined }), { trackingUid: '1.2', stored })).toMatchObject(
    {
      algorithmType: 'SEMIAUTOMATIC',
      score: 0.8,
      trackingUid: '1.2',
      trackingId: 'T11 lytic 1',
    }
  );
});

test('an identity goes with the voxels: split, joined, gone and back', () => {
  const identities: Identities = new Map();
  const uids = (...lesions: Lesion3d[]) => {
    const known = identify(lesions, identities);
    return lesions.map(lesion => known.get(lesion)!.trackingUid);
  };
  const [a, b] = uids(found('a', [1, 2, 3, 4]), found('b', [10, 11]));
  expect(a).not.toBe(b);
  // A stroke moves both a little, and the order turns round.
  expect(uids(found('b', [10, 11, 12]), found('a', [2, 3, 4, 5]))).toEqual([b, a]);
  expect(uids(found('both', [2, 3, 4, 5, 10, 11, 12]))).toEqual([a]);
  expect(uids(found('a', [2, 3, 4, 5]), found('b', [10, 11, 12]))).toEqual([a, b]);
  const [left, right] = uids(found('a1', [2]), found('a2', [3, 4, 5]));
  expect(right).toBe(a);
  expect([a, b]).not.toContain(left);
  expect(uids(found('a', [2, 3, 4, 5]))).toEqual([a]);
  // Another vertebra, the same voxels: somebody else.
  expect(uids(found('c', [2, 3, 4, 5], { vertebraLabel: 19 }))).not.toContain(a);
});
