import type { SegmentedBody, Vec3 } from '../../core';
import {
  addBody,
  bodyAt,
  type BodyMap,
  editedBodies,
  emptyBodies,
  levelsKnown,
  nameBody,
  nextBodies,
  removeBodies,
  restoreBody,
  shiftBodies,
} from './sessionBodies';

const GRID = {
  dims: [10, 10, 40] as const,
  indexToLps: Float64Array.from([4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1]),
};
/** A block of 4 x 4 x 4 voxels (16 mm) that starts in slice k. */
function body(k: number): SegmentedBody {
  const mask = { min: [3, 3, k] as Vec3, dims: [4, 4, 4] as const, labels: new Uint8Array(64).fill(1), voxels: 64 };
  const centroidLps: Vec3 = [18, 18, 4 * (k + 1.5)];
  return {
    mask,
    centroidLps,
    millilitres: 4,
    confidence: 0.8,
    fit: { height: 16, lean: 0 },
  } as unknown as SegmentedBody;
}
const add = (map: BodyMap, k: number, index: number) => addBody(map, body(k), 'click', index);
const levels = ({ segments }: BodyMap) => segments.map(({ index, level }) => [index, level]);
/** Heads up: the body in the highest slice is the uppermost. */
const three = add(add(add(emptyBodies(GRID), 20, 1), 15, 2), 25, 3);

test('bodies are numbered from the head until one is named; then all are counted, gaps included', () => {
  expect(levels(three)).toEqual([
    [3, 'V1'],
    [1, 'V2'],
    [2, 'V3'],
  ]);
  expect(levelsKnown(three)).toBe(false);
  const named = nameBody(three, 1, 'L1');
  expect(levels(named)).toEqual([
    [3, 'T12'],
    [1, 'L1'],
    [2, 'L2'],
  ]);
  expect(levels(add(named, 5, 4))).toEqual([
    [3, 'T12'],
    [1, 'L1'],
    [2, 'L2'],
    [4, 'L4'],
  ]);
});

test('a second name changes that body alone; shifting moves all and stops at the end of the spine', () => {
  const named = nameBody(nameBody(three, 1, 'L5'), 2, 'L6');
  expect(levels(named)).toEqual([
    [3, 'L4'],
    [1, 'L5'],
    [2, 'L6'],
  ]);
  const usual = nameBody(three, 1, 'L1');
  expect(levels(shiftBodies(usual, -1))).toEqual([
    [3, 'T11'],
    [1, 'T12'],
    [2, 'L1'],
  ]);
  const top = nameBody(three, 3, 'C1');
  expect(shiftBodies(top, -1)).toBe(top);
});

test('a body that is there already is refused by name; voxels of neighbours stay with them', () => {
  expect(() => add(nameBody(three, 1, 'L1'), 21, 9)).toThrow('L1 is segmented here already');
  const squeezed = add(emptyBodies(GRID), 20, 1);
  const both = add(squeezed, 17, 2);
  const count = (label: number) => both.labelmap.labels.filter(value => value === label).length;
  expect([count(1), count(2)]).toEqual([64, 48]);
  expect(squeezed.labelmap.labels.includes(2)).toBe(false);
});

test('the next ones are proposed with their levels, inside the CT and the spine only', () => {
  const { above, below } = nextBodies(nameBody(three, 1, 'L1'));
  expect([above?.level, below?.level]).toEqual(['T11', 'L3']);
  expect(above!.lps[2]).toBeGreaterThan(4 * 27);
  expect(nextBodies(nameBody(three, 2, 'L5')).below).toBeUndefined();
  expect(nextBodies(emptyBodies(GRID))).toEqual({});
});

test('edits by hand mark what they touched; an emptied body goes', () => {
  const labels = three.labelmap.labels.slice();
  const at = labels.indexOf(1);
  labels[at - 1] = 1;
  const edited = editedBodies(three, labels)!;
  expect([...edited.changed]).toEqual([1]);
  expect(edited.map.segments.map(({ index, algorithmType }) => [index, algorithmType])).toEqual([
    [3, 'SEMIAUTOMATIC'],
    [1, 'SEMIAUTOMATIC'],
    [2, 'SEMIAUTOMATIC'],
  ]);
  expect(editedBodies(three, three.labelmap.labels.slice())).toBeUndefined();
  const emptied = editedBodies(
    three,
    labels.map(label => (label === 2 ? 0 : label))
  )!;
  expect(levels(emptied.map)).toEqual([
    [3, 'V1'],
    [1, 'V2'],
  ]);
  expect(levels(removeBodies(three, [3]))).toEqual([
    [1, 'V1'],
    [2, 'V2'],
  ]);
  expect(levels(restoreBody(removeBodies(three, [3]), three, 3))).toEqual(levels(three));
  expect(bodyAt(three, [18, 18, 4 * 21])?.index).toBe(1);
  expect(bodyAt(three, [0, 0, 0])).toBeUndefined();
});
