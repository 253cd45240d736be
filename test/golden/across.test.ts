/** Outlines across slices against an independent statement of their rule in SciPy (across_reference.py made the numbers). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type LesionKind, outlineAcrossSlices, PATCH_PIXELS } from '@spine/core';

interface Structure {
  readonly kind: LesionKind;
  /** Pixels by slice. */
  readonly candidate: readonly (readonly number[])[];
  readonly outline: readonly (readonly number[])[] | null;
}

interface Case {
  readonly hu: readonly (readonly number[])[];
  readonly difference: readonly (readonly number[])[];
  readonly body: readonly (readonly number[])[];
  readonly structures: readonly Structure[];
}

const RULE = { sliceMm: 0.8, attributionThreshold: 0.5, minPixels: 1 };
const cases = JSON.parse(gunzipSync(readFileSync(join(__dirname, 'data/across.json.gz'))).toString('utf8')) as Case[];

function maskOf(pixels: readonly number[]): Uint8Array {
  const mask = new Uint8Array(PATCH_PIXELS);
  for (const pixel of pixels) mask[pixel] = 1;
  return mask;
}
const pixelsOf = (mask: ArrayLike<number>) => Array.from(mask, (inside, i) => (inside ? i : -1)).filter(i => i >= 0);

it.each(cases.map((one, number) => [number, one] as const))('case %i has the voxels that SciPy gives', (_, given) => {
  const slices = given.hu.map((hu, at) => ({
    offsetMm: at * RULE.sliceMm,
    hu: Float32Array.from(hu),
    bodyMask: maskOf(given.body[at]),
    differenceMap: Float32Array.from(given.difference[at]),
    candidates: given.structures.flatMap(({ kind, candidate }, id) => {
      const pixelCount = candidate[at].length;
      const scored = { attributionScore: 0.9, probability: 0.9, kept: true };
      return pixelCount > 0 ? [{ id, kind, mask: maskOf(candidate[at]), pixelCount, ...scored }] : [];
    }),
  }));
  const found = outlineAcrossSlices(slices, RULE);
  given.structures.forEach(({ candidate, outline }, id) =>
    candidate.forEach((before, at) => {
      if (before.length === 0) return;
      const one = found[at].find(({ id: same }) => same === id)!;
      const after = outline?.[at] ?? before;
      expect(pixelsOf(one.mask)).toEqual(after.length > 0 ? after : before);
      expect(one.leftOut !== undefined).toBe(after.length === 0);
    })
  );
});

it('both kinds are redrawn in most cases, and a structure without contrast to the bone around is contradicted', () => {
  const structures = cases.flatMap(one => one.structures);
  const isEmpty = ({ outline }: Structure) => outline?.every(pixels => pixels.length === 0) ?? false;
  const refused = structures.filter(isEmpty);
  expect(new Set(structures.filter(one => !isEmpty(one)).map(({ kind }) => kind)).size).toBe(2);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(structures.length / 2);
});
