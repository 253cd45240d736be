/** The outline refinement against an independent statement of its rule in SciPy (outline_reference.py made the numbers). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PATCH_PIXELS, refineOutlines, type LesionKind } from '@spine/core';

interface Case {
  readonly kind: LesionKind;
  readonly patch: readonly number[];
  readonly difference: readonly number[];
  readonly body: readonly number[];
  readonly candidate: readonly number[];
  readonly refined: readonly number[] | null;
}

const cases = JSON.parse(gunzipSync(readFileSync(join(__dirname, 'data/outline.json.gz'))).toString('utf8')) as Case[];

function maskOf(pixels: readonly number[]): Uint8Array {
  const mask = new Uint8Array(PATCH_PIXELS);
  for (const pixel of pixels) mask[pixel] = 1;
  return mask;
}

it.each(cases.map((one, number) => [number, one] as const))(
  'case %i has the pixels that SciPy gives',
  (_, { kind, patch, difference, body, candidate, refined }) => {
    const scored = { id: 0, kind, mask: maskOf(candidate), pixelCount: candidate.length, attributionScore: 0.9 };
    const [result] = refineOutlines(
      [{ ...scored, probability: 0.9, kept: false }],
      Float32Array.from(patch),
      maskOf(body),
      Float32Array.from(difference),
      1
    );
    expect(result.leftOut).toBe(refined ? undefined : 'contradicted');
    expect([...result.mask.keys()].filter(pixel => result.mask[pixel])).toEqual(refined ?? candidate);
  }
);

it('both kinds, a contradiction and a contrast within the noise are among the cases', () => {
  expect(new Set(cases.map(({ kind }) => kind)).size).toBe(2);
  expect(cases.filter(({ refined }) => !refined)).toHaveLength(2);
});
