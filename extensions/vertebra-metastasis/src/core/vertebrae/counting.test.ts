import type { Vec3 } from '../geometry';
import { InputError } from '../types';
import { assignLevels, countPlaces, type PlacedBody, predictNext, shiftLevels } from './counting';
import { labelForLevel } from './labelSchemes';
import { isNumberedLevel, levelOrder, numberedLevel } from './levels';

const body = (y: number, z: number, lean = 0): PlacedBody => ({
  centroidLps: [0, y, z] as Vec3,
  fit: { height: 25, lean },
});

test('levels are counted up and down from the one that is known', () => {
  expect(assignLevels(5, 2, 'L1')).toEqual(['T11', 'T12', 'L1', 'L2', 'L3']);
  expect(assignLevels(3, 0, 'L5')).toEqual(['L5', 'S1', undefined]);
  expect(assignLevels(2, 1, 'C1')).toEqual([undefined, 'C1']);
});

test('variants stand between the usual levels', () => {
  expect(assignLevels(3, 1, 'T13')).toEqual(['T12', 'T13', 'L1']);
  expect(assignLevels(3, 1, 'L6')).toEqual(['L5', 'L6', 'S1']);
});

test('an anchor that is not there or no level is refused', () => {
  expect(() => assignLevels(3, 3, 'L1')).toThrow(InputError);
  expect(() => assignLevels(3, 0, 'X9')).toThrow(InputError);
});

test('shifting moves all levels by one', () => {
  expect(shiftLevels(['T12', 'L1', 'L5'], 1)).toEqual(['L1', 'L2', 'S1']);
  expect(shiftLevels(['C1', 'T1', undefined], -1)).toEqual([undefined, 'C7', undefined]);
});

test('a missing body keeps its place', () => {
  expect(countPlaces([body(0, 100), body(0, 70), body(0, 8), body(0, -22)])).toEqual([0, 1, 3, 4]);
});

test('the next body lies one step further along the spine', () => {
  const { above, below } = predictNext([body(0, 60), body(0, 30), body(0, 0)]);
  expect(below[2]).toBeCloseTo(-30 * 1.03, 1);
  expect(above[2]).toBeCloseTo(60 + 30 / 1.03, 1);
});

test('a single body is followed along its own axis', () => {
  const { above } = predictNext([body(0, 0, 0.5)]);
  expect(above[1]).toBeLessThan(-10);
  expect(above[2]).toBeGreaterThan(20);
  expect(() => predictNext([])).toThrow(InputError);
});

test('numbered bodies sort by their number', () => {
  expect(levelOrder(numberedLevel(2))).toBeLessThan(levelOrder(numberedLevel(11)));
  expect(isNumberedLevel('V3')).toBe(true);
  expect(isNumberedLevel('T3')).toBe(false);
});

test('labels of levels in the public schemes', () => {
  expect(labelForLevel('L3', 'verse')).toBe(22);
  expect(labelForLevel('L3', 'totalsegmentator')).toBe(29);
  expect(() => labelForLevel('V3', 'verse')).toThrow(InputError);
});
