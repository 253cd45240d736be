import { InputError } from '../types';
import { levelFromName, levelOrder, LEVELS, unanalysable } from './levels';

test('levels run from head to pelvis', () => {
  expect(LEVELS).toHaveLength(27);
  expect(LEVELS.slice(5, 9)).toEqual(['C6', 'C7', 'T1', 'T2']);
  expect([...['S1', 'L6', 'T13', 'C2', 'T12']].sort((a, b) => levelOrder(a) - levelOrder(b))).toEqual([
    ...['C2', 'T12', 'T13', 'L6', 'S1'],
  ]);
  expect(() => levelOrder('T14')).toThrow(InputError);
});

test.each([
  ['vertebrae_L1', 'L1'],
  ['vertebrae_T12', 'T12'],
  ['Vertebra C3', 'C3'],
  ['T10 vertebral body', 'T10'],
  ['Th7', 'T7'],
  ['Lumbar vertebra 4', 'L4'],
  ['lumbar 4', 'L4'],
  ['S1', 'S1'],
  ['T13', 'T13'],
  ['Vertebra lumbalis III', 'L3'],
  ['vertebra thoracica XII', 'T12'],
  ['vertebra cervicalis VII', 'C7'],
  ['vértebra lombar 2', 'L2'],
  ['vértebras torácicas 9', 'T9'],
  ['lumbale wervel 3', 'L3'],
  ['5e borstwervel', 'T5'],
  ['L4-wervel', 'L4'],
])('%s names %s', (name, level) => {
  expect(levelFromName(name)).toBe(level);
});

test.each(['L1-L2', 'vertebrae_L7', 'sacrum', 'liver', 'rib_left_1', 'Segment 12', 'T100', 'C0'])(
  '%s names no single vertebra',
  name => {
    expect(levelFromName(name)).toBeUndefined();
  }
);

test('only the atlas has no body', () => {
  expect(LEVELS.filter(unanalysable)).toEqual(['C1']);
});
