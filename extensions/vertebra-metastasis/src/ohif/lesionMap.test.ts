import { type Labelmap, type LesionLabelmap, type LesionSegment } from '../core';
import { editedMap, emptyMap, lesionFromName, type LesionMap, renameVertebra, replaceVertebrae } from './lesionMap';

/** A row of voxels of 1 ml each, drawn as digits; '.' is background. */
function row(picture: string): Labelmap {
  const labels = Uint8Array.from(picture, character => (character === '.' ? 0 : Number(character)));
  const indexToLps = Float64Array.from([10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 1]);
  return { labels, dims: [picture.length, 1, 1], indexToLps };
}
const draw = ({ labelmap }: LesionMap) => [...labelmap.labels].map(label => label || '.').join('');

function fresh(picture: string, segments: readonly [LesionSegment['level'], LesionSegment['kind'], number][]) {
  const labelmap = row(picture);
  const count = (index: number) => labelmap.labels.filter(label => label === index).length;
  return {
    labelmap,
    segments: segments.map(([level, kind, score], n) => {
      const voxels = count(n + 1);
      return { index: n + 1, level, vertebraLabel: LABEL[level], kind, voxels, millilitres: voxels, score };
    }),
    notAnalysed: [],
    lost: [],
  } satisfies LesionLabelmap;
}

const LABEL: Record<string, number> = { T11: 18, T12: 19, L1: 20 };
const vertebra = (level: string) => ({ level, label: LABEL[level] });
const EMPTY = emptyMap(row('..........'));
const T11 = fresh('.11..2....', [
  ['T11', 'lytic', 0.9],
  ['T11', 'blastic', 0.6],
]);

test('vertebrae are added one by one, sorted from head to pelvis and numbered without gaps', () => {
  const lower = replaceVertebrae(EMPTY, [vertebra('L1')], fresh('........11', [['L1', 'blastic', 0.8]]));
  expect(draw(lower)).toBe('........11');
  const both = replaceVertebrae(lower, [vertebra('T11')], T11);
  expect(draw(both)).toBe('.11..2..33');
  expect(
    both.segments.map(({ index, level, kind, voxels, millilitres }) => [index, level, kind, voxels, millilitres])
  ).toEqual([
    [1, 'T11', 'lytic', 2, 2],
    [2, 'T11', 'blastic', 1, 1],
    [3, 'L1', 'blastic', 2, 2],
  ]);
  expect(draw(lower)).toBe('........11');
});

test('analysing a vertebra again replaces its lesions alone; the tracking identity of a lesion stays', () => {
  const both = replaceVertebrae(
    replaceVertebrae(EMPTY, [vertebra('T11')], T11),
    [vertebra('L1')],
    fresh('........11', [['L1', 'lytic', 0.8]])
  );
  const again = replaceVertebrae(both, [vertebra('T11')], fresh('1.........', [['T11', 'lytic', 0.7]]));
  expect(draw(again)).toBe('1.......22');
  expect(again.segments.map(({ trackingUid }) => trackingUid)).toEqual([
    both.segments[0].trackingUid,
    both.segments[2].trackingUid,
  ]);
  expect(draw(replaceVertebrae(again, [vertebra('T11')], fresh('..........', [])))).toBe('........11');
});

test('an edit by hand makes the touched segment semi-automatic and counts its voxels', () => {
  const map = replaceVertebrae(EMPTY, [vertebra('T11')], T11);
  const { map: edited, unnamed } = editedMap(map, row('.111.2....').labels, () => undefined);
  expect(unnamed).toEqual([]);
  expect(edited.segments.map(({ voxels, algorithmType }) => [voxels, algorithmType])).toEqual([
    [3, 'SEMIAUTOMATIC'],
    [1, 'AUTOMATIC'],
  ]);
});

test('a segment erased by hand leaves no gap in the numbers', () => {
  const map = replaceVertebrae(EMPTY, [vertebra('T11')], T11);
  const { map: edited } = editedMap(map, row('.....2....').labels, () => undefined);
  expect(draw(edited)).toBe('.....1....');
  expect(edited.segments).toMatchObject([{ index: 1, kind: 'blastic' }]);
});

test('a drawn segment is understood by its name and joins one of the same vertebra and kind', () => {
  const map = replaceVertebrae(EMPTY, [vertebra('T11')], T11);
  const names: Record<number, string> = { 3: 'L2 sclerotic spot', 4: 'T11 lytic, second' };
  const { map: edited } = editedMap(map, row('.11.42..33').labels, index => names[index]);
  expect(draw(edited)).toBe('.11.12..33');
  expect(edited.segments.map(({ level, kind, algorithmType }) => [level, kind, algorithmType])).toEqual([
    ['T11', 'lytic', 'SEMIAUTOMATIC'],
    ['T11', 'blastic', 'AUTOMATIC'],
    ['L2', 'blastic', 'MANUAL'],
  ]);
  const later = editedMap(map, row('.11.42.333').labels, index => names[index], edited).map;
  expect(later.segments[2].trackingUid).toBe(edited.segments[2].trackingUid);
});

test('a drawn segment without a telling name is reported and not renumbered away', () => {
  const map = replaceVertebrae(EMPTY, [vertebra('T11')], T11);
  const { map: edited, unnamed } = editedMap(map, row('.11..2...7').labels, () => 'Segment 3');
  expect(unnamed).toEqual(['Segment 3']);
  expect(draw(edited)).toBe('.11..2...7');
});

test('a relabelled vertebra keeps voxels and identity', () => {
  const map = replaceVertebrae(EMPTY, [vertebra('T11')], T11);
  const renamed = renameVertebra(map, vertebra('T11'), 'T12');
  expect(draw(renamed)).toBe(draw(map));
  expect(renamed.segments.map(({ level, trackingUid }) => [level, trackingUid])).toEqual(
    map.segments.map(({ trackingUid }) => ['T12', trackingUid])
  );
});

test('two vertebrae may share a name until the second is corrected as well', () => {
  const both = replaceVertebrae(
    replaceVertebrae(EMPTY, [vertebra('T11')], T11),
    [vertebra('L1')],
    fresh('........11', [['L1', 'lytic', 0.8]])
  );
  const shared = renameVertebra(both, vertebra('L1'), 'T11');
  const swapped = renameVertebra(shared, vertebra('T11'), 'L1');
  expect(swapped.segments.map(({ level, kind, voxels }) => [level, kind, voxels])).toEqual([
    ['T11', 'lytic', 2],
    ['L1', 'lytic', 2],
    ['L1', 'blastic', 1],
  ]);
  expect(draw(swapped)).toBe('.22..3..11');
});

test.each([
  ['T10 blastic lesion', { level: 'T10', kind: 'blastic' }],
  ['L3 osteolytisch', { level: 'L3', kind: 'lytic' }],
  ['Segment 3', undefined],
  ['L1 mixed lytic and blastic', undefined],
])('"%s" says %p', (name, expected) => {
  expect(lesionFromName(name)).toEqual(expected);
});
