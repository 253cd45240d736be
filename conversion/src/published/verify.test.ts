/** The sample's comparison, on the golden slice of the tiny model: reading it as a vertebra, and telling numbers that differ. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normalisePatch, type SliceAttribution } from '@spine/core';
import { readNpy } from '@spine/headless/npy';
import { ROOT } from '../../../test/support/shared';
import { writeNifti } from '@spine/phantoms/files/niftiWrite';
import { compareSample, type ExpectedAttribution, readSample } from './verify';

const GOLDEN = join(ROOT, 'test/golden/data/case-3-synthetic');
const golden = JSON.parse(readFileSync(join(GOLDEN, 'result.json'), 'utf8'));
const array = (name: string) => readNpy(join(GOLDEN, `${name}.npy`)).data as ArrayLike<number>;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'verify-'))));
afterAll(() => rmSync(folder, { recursive: true }));

it('takes the central slice, rows anterior to posterior, scaled as the method scales it', async () => {
  const raw = Int16Array.from(array('raw'), value => Math.round(1000 * value));
  const mask = Uint8Array.from(array('body_mask'));
  const volume = <T extends Int16Array | Uint8Array>(data: T, slice: T): T => {
    slice.forEach((value, i) => (data[4096 + Math.floor(i / 64) + 64 * (i % 64)] = value));
    return data;
  };
  const affine = [
    [-0.8, 0, 0],
    [0, -0.675, 0],
    [0, 0, 0.8],
  ].map(row => [...row, 0]);
  writeNifti(join(folder, 'ct.nii'), volume(new Int16Array(3 * 4096), raw), [64, 64, 3], affine);
  writeNifti(join(folder, 'seg.nii'), volume(new Uint8Array(3 * 4096), mask), [64, 64, 3], affine);
  const sample = await readSample(join(folder, 'ct.nii'), join(folder, 'seg.nii'));
  expect([...sample.bodyMask]).toEqual(Array.from(mask, value => (value ? 1 : 0)));
  expect([...sample.patch]).toEqual([...normalisePatch(Float32Array.from(raw))]);
  writeNifti(join(folder, 'small.nii'), new Int16Array(32 * 64 * 3), [32, 64, 3], affine);
  await expect(readSample(join(folder, 'small.nii'), join(folder, 'seg.nii'))).rejects.toThrow(/64 x 64 x n expected/);
});

describe('the comparison', () => {
  const candidates = golden.candidates.map(
    (candidate: { kind: string; pixelCount: number; attributionScore: number }) => ({
      ...candidate,
      kept: candidate.attributionScore > golden.attributionThreshold,
    })
  );
  const found = { malignancyProbability: golden.malignancyProbability, candidates } as unknown as SliceAttribution;
  const expected: ExpectedAttribution = {
    malignancyProbability: Number(golden.malignancyProbability.toFixed(3)),
    candidates: candidates.length,
    kept: candidates
      .filter(({ kept }: { kept: boolean }) => kept)
      .map((candidate: { kind: 'lytic'; pixelCount: number; attributionScore: number }) => ({
        kind: candidate.kind,
        pixels: candidate.pixelCount,
        score: Number(candidate.attributionScore.toFixed(3)),
      })),
  };

  it("agrees with the authors' numbers to three digits", () => {
    expect(expected.kept.length).toBeGreaterThan(0);
    expect(compareSample(found, expected)).toEqual({
      differing: [],
      lines: expect.not.arrayContaining([expect.stringMatching(/DIFFERS/)]),
    });
  });

  it.each<[string, Partial<ExpectedAttribution>]>([
    ['P(malignant)', { malignancyProbability: 0.5 }],
    ['candidates', { candidates: 2 }],
    ['kept', { kept: [] }],
    [
      'kind of region 1',
      { kept: [{ ...expected.kept[0], kind: expected.kept[0].kind === 'lytic' ? 'blastic' : 'lytic' }] },
    ],
    ['pixels of region 1', { kept: [{ ...expected.kept[0], pixels: 1 }] }],
    ['score of region 1', { kept: [{ ...expected.kept[0], score: 0 }] }],
  ])('names %s when it differs', (what, change) => {
    const { differing, lines } = compareSample(found, { ...expected, ...change });
    expect(differing.some(one => one.startsWith(`${what} is `))).toBe(true);
    expect(lines.some(line => line.startsWith('DIFFERS') && line.includes(what))).toBe(true);
  });
});
