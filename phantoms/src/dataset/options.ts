import { parseOptions, UsageError, wholeNumber } from '@spine/headless/cli';
import type { Split } from './split';

/** Options of `npm run phantoms`. */
export interface PhantomOptions {
  readonly out: string;
  readonly seed: number;
  /** Synthetic vertebrae over all splits asked for. */
  readonly count: number;
  /** Folder with real CT (README of the shared data), or undefined. */
  readonly real?: string;
  /** Vertebrae made from real ones, over all splits asked for. */
  readonly realCount: number;
  readonly split: Split | 'all';
  /** Truth pixels that the middle slice of a malignant vertebra shows at least. */
  readonly middle: number;
  /** Second edition (`Recipe`). */
  readonly twins: boolean;
  readonly jobs: number;
  /** Set in the processes that share the work: this one's number. */
  readonly part?: number;
}

export const USAGE = `npm run phantoms -- --out <folder> [options]
  --seed n          everything follows from it (default 1)
  --count n         synthetic vertebrae (default 200)
  --real <folder>   also insert lesions into the real healthy CT in this folder
  --real-count n    vertebrae made from real ones (default: half of --count)
  --split s         train, validation, test or all (default all: one fifth is test)
  --twins           second edition: every malignant vertebra also without its lesions (beyond --count), mimics as frequent in
                    both, real CT of the larger collection (src/real/patients.ts)
  --middle n        truth pixels at least in the middle slice of a malignant vertebra (default 0: lesions anywhere)
  --jobs n          processes (default 1); the result does not depend on it`;

/** @throws UsageError naming the option */
export function phantomOptions(args: readonly string[]): PhantomOptions {
  const values = parseOptions(
    {
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '200' },
      real: { type: 'string' },
      'real-count': { type: 'string' },
      split: { type: 'string', default: 'all' },
      middle: { type: 'string', default: '0' },
      twins: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '1' },
      part: { type: 'string' },
    },
    args
  );
  if (!values.out) throw new UsageError('--out is missing: the folder to write to');
  const split = values.split;
  if (split !== 'train' && split !== 'validation' && split !== 'test' && split !== 'all')
    throw new UsageError(`--split ${split}: train, validation, test or all`);
  if (split === 'validation' && values.real !== undefined && !values.twins)
    throw new UsageError('--split validation of real CT needs --twins');
  const count = wholeNumber(values.count, 'count', 0);
  return {
    out: values.out,
    seed: wholeNumber(values.seed, 'seed', 0),
    count,
    real: values.real,
    realCount:
      values.real === undefined
        ? 0
        : wholeNumber(values['real-count'] ?? String(Math.ceil(count / 2)), 'real-count', 0),
    split,
    middle: wholeNumber(values.middle, 'middle', 0),
    twins: values.twins,
    jobs: wholeNumber(values.jobs, 'jobs', 1),
    part: values.part === undefined ? undefined : wholeNumber(values.part, 'part', 0),
  };
}
