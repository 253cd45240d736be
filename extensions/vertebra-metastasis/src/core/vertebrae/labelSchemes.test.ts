import type { LabelExtent } from '../geometry';
import { InputError } from '../types';
import { detectLabelScheme, levelFromLabel, parseLabelScheme } from './labelSchemes';

/** Labels from head to pelvis, 30 mm apart. */
const stacked = (...headToPelvis: number[]): LabelExtent[] =>
  headToPelvis.map((label, n) => ({
    label,
    voxels: 100,
    min: [0, 0, 0],
    max: [1, 1, 1],
    touchesEdge: false,
    centreLps: [0, 0, -30 * n],
  }));

test.each<[string, number[], string]>([
  ['TotalSegmentator L1 to S1', [31, 30, 29, 28, 27, 26], 'totalsegmentator'],
  ['TotalSegmentator with the sacrum', [28, 27, 26, 25], 'totalsegmentator'],
  ['VerSe lumbar', [20, 21, 22, 23, 24], 'verse'],
  ['VerSe with L6, sacrum', [23, 24, 25, 26], 'verse'],
  ['VerSe with T13', [18, 19, 28, 20], 'verse'],
  ['VerSe cervical', [1, 2, 3], 'verse'],
  ['one VerSe label', [22], 'verse'],
  ['one TotalSegmentator label', [40], 'totalsegmentator'],
  ['TotalSegmentator v1 lumbar', [22, 21, 20, 19, 18], 'totalsegmentator-v1'],
])('%s', (_, labels, scheme) => {
  expect(detectLabelScheme(stacked(...labels))).toBe(scheme);
});

test.each<[number[], string]>([
  [[25], 'ambiguous-labels'],
  [[26], 'ambiguous-labels'],
  [[60, 61], 'unexplained-labels'],
  [[24, 23, 99], 'unexplained-labels'],
])('labels %p are refused by name', (labels, code) => {
  expect(() => detectLabelScheme(stacked(...labels))).toThrow(expect.objectContaining({ code }));
});

test('labels mean what their scheme says', () => {
  expect([1, 8, 19, 20, 24, 25, 28].map(label => levelFromLabel(label, 'verse'))).toEqual([
    ...['C1', 'T1', 'T12', 'L1', 'L5', 'L6', 'T13'],
  ]);
  expect([50, 44, 43, 32, 31, 27, 26].map(label => levelFromLabel(label, 'totalsegmentator'))).toEqual([
    ...['C1', 'C7', 'T1', 'T12', 'L1', 'L5', 'S1'],
  ]);
  expect([18, 22, 23, 41].map(label => levelFromLabel(label, 'totalsegmentator-v1'))).toEqual([
    'L5',
    'L1',
    'T12',
    'C1',
  ]);
  expect(levelFromLabel(26, 'verse')).toBeUndefined();
  expect(() => levelFromLabel(51, 'totalsegmentator')).toThrow(InputError);
  expect(() => parseLabelScheme('nonsense')).toThrow(InputError);
});
