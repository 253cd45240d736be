import { parseArgs } from 'node:util';
import { InputError } from '@spine/core';
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

/** Parses the command line. Throws InputError 'bad-option' naming the option. */
export function parseOptions(args: readonly string[]): PhantomOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
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
  });
  if (!values.out) throw new InputError('wrong-option', { option: 'out', value: '', use: 'the folder to write to' });
  const split = values.split;
  if (split !== 'train' && split !== 'validation' && split !== 'test' && split !== 'all')
    throw new InputError('wrong-option', { option: 'split', value: split, use: 'train, validation, test or all' });
  if (split === 'validation' && values.real !== undefined && !values.twins)
    throw new InputError('wrong-option', {
      option: 'split',
      value: split,
      use: 'it with --twins where there is real CT',
    });
  const count = whole('count', values.count, 0);
  return {
    out: values.out,
    seed: whole('seed', values.seed, 0),
    count,
    real: values.real,
    realCount:
      values.real === undefined ? 0 : whole('real-count', values['real-count'] ?? String(Math.ceil(count / 2)), 0),
    split,
    middle: whole('middle', values.middle, 0),
    twins: values.twins,
    jobs: whole('jobs', values.jobs, 1),
    part: values.part === undefined ? undefined : whole('part', values.part, 0),
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new InputError('wrong-option', { option: name, value: text, use: `a whole number of at least ${least}` });
  return value;
}
