/** The authors' sample vertebra, analysed as their notebook does: the proof that a conversion went well. */
import { attributeSlice, normalisePatch, PATCH_PIXELS, PATCH_SIZE, type SliceAttribution } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import { readNiftiLabelmap, readNiftiVolume } from '@spine/headless/nifti';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { methodOf } from '@spine/runtime/method';

/** What an analysis of one slice must give. */
export interface ExpectedAttribution {
  readonly malignancyProbability: number;
  readonly candidates: number;
  /** Of the candidates that are kept, in their order. */
  readonly kept: readonly { readonly kind: 'lytic' | 'blastic'; readonly pixels: number; readonly score: number }[];
}

/** Shown in the authors' notebook (commit 8b8c647). */
export const PUBLISHED_RESULT: ExpectedAttribution = {
  malignancyProbability: 0.967,
  candidates: 11,
  kept: [{ kind: 'blastic', pixels: 218, score: 0.733 }],
};

/** Their numbers have three digits and come from a GPU; a median threshold can move a pixel at the edge of a region. */
const TOLERANCE = { probability: 0.005, score: 0.02, pixels: 4 };

export interface SampleSlice {
  readonly patch: Float32Array;
  readonly bodyMask: Uint8Array;
}

/**
 * The central slice of a vertebra of 64 x 64 x n voxels (axis 0 anterior to posterior, 1 superior to inferior, 2 left-right).
 * @throws CommandError 'sample' for another shape
 */
export async function readSample(ct: string, mask: string): Promise<SampleSlice> {
  const { hu, dims } = await readNiftiVolume(ct);
  const body = await readNiftiLabelmap(mask);
  if (dims[0] !== PATCH_SIZE || dims[1] !== PATCH_SIZE || dims.join() !== body.dims.join()) {
    throw new CommandError(
      'sample',
      `${ct} has ${dims.join(' x ')} voxels and ${mask} ${body.dims.join(' x ')}; 64 x 64 x n expected`
    );
  }
  const slice = (data: ArrayLike<number>) => {
    const start = PATCH_PIXELS * Math.floor(dims[2] / 2);
    // NIfTI's first axis runs fastest; a patch's rows run anterior to posterior.
    return Float32Array.from(
      { length: PATCH_PIXELS },
      (_, i) => data[start + Math.floor(i / PATCH_SIZE) + PATCH_SIZE * (i % PATCH_SIZE)]
    );
  };
  return {
    patch: normalisePatch(slice(hu)),
    bodyMask: Uint8Array.from(slice(body.labels), value => (value > 0 ? 1 : 0)),
  };
}

/** With the authors' sampler, 250 + 100 steps. */
export async function analyseSample(
  folder: string,
  { patch, bodyMask }: SampleSlice,
  onProgress: (done: number, planned: number) => void = () => {}
): Promise<SliceAttribution> {
  const { network, manifest } = await loadModelFromFolder(folder, { threads: 2 });
  let [done, planned] = [0, 0];
  try {
    return await attributeSlice(network, manifest.classifier, patch, bodyMask, methodOf(manifest, 'reference'), {
      onPlan: count => (planned = count),
      onEvaluations: count => onProgress((done += count), planned),
    });
  } finally {
    await network.dispose();
  }
}

/**
 * The proof: the model of a folder on the sample, beside what it must give.
 * @returns one line a number
 * @throws CommandError 'verify' naming each number that differs
 */
export async function verifyModel(
  folder: string,
  sample: { readonly ct: string; readonly mask: string },
  expected: ExpectedAttribution = PUBLISHED_RESULT,
  onProgress?: (done: number, planned: number) => void
): Promise<string[]> {
  const found = await analyseSample(folder, await readSample(sample.ct, sample.mask), onProgress);
  const { lines, differing } = compareSample(found, expected);
  if (differing.length === 0) return lines;
  throw new CommandError(
    'verify',
    `${folder} does not give the authors' numbers for their sample: ${differing.join('; ')}. Do not use it; the files may be of another version, or damaged`
  );
}

/** The numbers of an analysis beside what they must be, and which differ. */
export function compareSample(
  found: SliceAttribution,
  expected: ExpectedAttribution
): { lines: string[]; differing: string[] } {
  const kept = found.candidates.filter(candidate => candidate.kept);
  const pairs: readonly (readonly [string, number | string, number | string, number])[] = [
    ['P(malignant)', found.malignancyProbability, expected.malignancyProbability, TOLERANCE.probability],
    ['candidates', found.candidates.length, expected.candidates, 0],
    ['kept', kept.length, expected.kept.length, 0],
    ...expected.kept.flatMap((region, i) => [
      [`kind of region ${i + 1}`, kept[i]?.kind ?? 'none', region.kind, 0] as const,
      [`pixels of region ${i + 1}`, kept[i]?.pixelCount ?? 0, region.pixels, TOLERANCE.pixels] as const,
      [`score of region ${i + 1}`, kept[i]?.attributionScore ?? 0, region.score, TOLERANCE.score] as const,
    ]),
  ];
  const differing: string[] = [];
  const lines = pairs.map(([what, value, wanted, tolerance]) => {
    const same =
      typeof value === 'number' && typeof wanted === 'number'
        ? Math.abs(value - wanted) <= tolerance
        : value === wanted;
    const shown = typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : value;
    if (!same) differing.push(`${what} is ${shown} instead of ${wanted}`);
    return `${same ? 'as expected' : 'DIFFERS    '}  ${what}: ${shown} (${wanted})`;
  });
  return { lines, differing };
}
