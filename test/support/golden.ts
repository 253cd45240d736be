import { readFileSync } from 'node:fs';
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
    readonly folder: string
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

/** All cases: the repository's own, and those made from real CT where the shared folder is. */
export function goldenCases(): GoldenCase[] {
  const cases = [syntheticCase()];
  for (const name of ['case-1-real-t10', 'case-2-inserted']) {
    const folder = sharedFolder('golden', name);
    if (folder) cases.push(new GoldenCase(name, folder));
    else skipLine(`golden ${name}`);
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
