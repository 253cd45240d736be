import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LatentClassifierWeights } from '@spine/core';
import { readNpy } from '@spine/headless/npy';
import { ROOT, sharedFolder, skipLine } from './shared';

/** result.json of a golden case, as the authors' code gave it. */
export interface GoldenResult {
  readonly malignancyProbability: number;
  readonly healthyProbability: number;
  readonly targetProbability: number;
  readonly inversionSteps: number;
  readonly renderSteps: number;
  readonly attributionThreshold: number;
  readonly minPixels: number;
  readonly candidates: readonly {
    readonly kind: string;
    readonly pixelCount: number;
    readonly probability: number;
    readonly attributionScore: number;
    readonly firstPixel: readonly [number, number];
  }[];
}

/** One golden case: a folder of .npy arrays and the classifier they were made with. */
export class GoldenCase {
  constructor(
    readonly name: string,
    readonly folder: string,
    /** Numbers of the candidates to harmonise and score; all when absent. */
    readonly scored?: readonly number[]
  ) {}

  floats(array: string): Float32Array {
    return Float32Array.from(readNpy(join(this.folder, `${array}.npy`)).data);
  }

  mask(array: string): Uint8Array {
    return Uint8Array.from(this.floats(array));
  }

  get classifier(): LatentClassifierWeights {
    return JSON.parse(readFileSync(join(this.folder, 'classifier.json'), 'utf8')) as LatentClassifierWeights;
  }

  get result(): GoldenResult {
    return JSON.parse(readFileSync(join(this.folder, 'result.json'), 'utf8')) as GoldenResult;
  }
}

/** The case that lives in the repository. */
export function syntheticCase(): GoldenCase {
  return new GoldenCase('case-3-synthetic', join(ROOT, 'test/golden/data/case-3-synthetic'));
}

/**
 * Cases made from real CT, which the shared folder holds. Cases beside them that are not named here run, too.
 * case-1-real-t10: of nine candidates eight are dropped by the threshold, most of them close to it.
 * case-2-inserted: of eleven candidates ten are dropped, all of them far from it.
 */
const REAL_CASES = ['case-1-real-t10', 'case-2-inserted'];

/**
 * What `npm test` leaves to `npm run test:golden` (without SPINE_GOLDEN): nearly two thirds of the evaluations of all three cases, for no branch
 * that the rest does not take. The synthetic case keeps regions of both signs, scores above 1 among them, and fails on every constant
 * that is changed (`npm run test:mutations`). Of case 1 every candidate is proposed, and three are harmonised and scored: the first, whose
 * images are golden, and of each sign the one with the score closest to the threshold, one above and one below.
 */
const COVERED_BY_OTHERS = ['case-2-inserted'];
const COVERING_CANDIDATES: Readonly<Record<string, readonly number[]>> = { 'case-1-real-t10': [0, 2, 4] };

/** All cases: the repository's own, and those made from real CT where the shared folder is; for `npm test`, without those covered by others. */
export function goldenCases(): GoldenCase[] {
  const cases = [syntheticCase()];
  const covering = process.env.SPINE_GOLDEN === 'covering';
  const shared = sharedFolder('golden');
  const found = shared ? readdirSync(shared).filter(name => name.startsWith('case-')) : [];
  for (const name of new Set([...REAL_CASES, ...found])) {
    if (name === cases[0].name) continue; // the same numbers as in the repository
    if (!shared || !found.includes(name)) skipLine(`golden ${name}`);
    else if (covering && COVERED_BY_OTHERS.includes(name))
      process.stdout.write(`left to npm run test:golden: ${name}\n`);
    else cases.push(new GoldenCase(name, join(shared, name), covering ? COVERING_CANDIDATES[name] : undefined));
  }
  return cases;
}

/** Largest absolute difference of two arrays of one length. */
export function maxAbsDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`lengths differ: ${a.length} and ${b.length}`);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

/** Number of pixels in which two masks differ. */
export function pixelsDiffering(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (Boolean(a[i]) !== Boolean(b[i])) count++;
  return count;
}
