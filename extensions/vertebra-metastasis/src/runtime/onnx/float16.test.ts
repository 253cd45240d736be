import { float32OfHalf, halfBits } from './float16';

const all = Array.from({ length: 0x7c00 }, (_, bits) => bits);

it('gives every finite half back', () => {
  const values = Float32Array.from(all, float32OfHalf);
  expect(halfBits(values)).toEqual(Uint16Array.from(all));
  expect(halfBits(values.map(value => -value))).toEqual(Uint16Array.from(all, bits => bits | 0x8000));
});

it('rounds to the nearest, ties to even', () => {
  // Halfway between neighbours, a little below and a little above.
  const middles = all.slice(0, -1).map(bits => (float32OfHalf(bits) + float32OfHalf(bits + 1)) / 2);
  const off = (factor: number) => halfBits(Float32Array.from(middles, value => value * factor));
  expect(off(1)).toEqual(Uint16Array.from(all.slice(0, -1), bits => (bits % 2 ? bits + 1 : bits)));
  expect(off(1 - 1e-6)).toEqual(Uint16Array.from(all.slice(0, -1)));
  expect(off(1 + 1e-6)).toEqual(Uint16Array.from(all.slice(0, -1), bits => bits + 1));
});

it('makes what is too large infinite, and reads infinity and NaN', () => {
  expect([...halfBits(Float32Array.of(65519, 65520, -1e9))]).toEqual([0x7bff, 0x7c00, 0xfc00]);
  expect([float32OfHalf(0x7c00), float32OfHalf(0xfc00), float32OfHalf(0x7e00)]).toEqual([Infinity, -Infinity, NaN]);
});
