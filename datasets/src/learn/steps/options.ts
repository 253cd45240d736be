import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Collection } from '../collect';
import type { StudySource } from '../sources/batch';

export interface LearnOptions {
  /** Reviewed studies; for the first stage. */
  readonly source?: StudySource;
  readonly out: string;
  /** Folder of the model to begin with. */
  readonly from: string;
  /** Folder of the model in use, which the new one is compared with. */
  readonly inUse: string;
  /** Folder of the models that the panel offers. */
  readonly models: string;
  readonly id: string;
  readonly seed: number;
  /** The networks stay as they are; classifier and score threshold alone are learnt, without Python. */
  readonly refit: boolean;
  readonly device: 'cpu' | 'cuda';
  readonly steps: number;
  readonly batch: number;
  readonly force: boolean;
  readonly say: (line: string) => void;
}

export interface StageResult {
  /** One line. */
  readonly result: string;
  /** Why the run ends here. */
  readonly refused?: string;
}

export const tableOf = (out: string) => join(out, 'manifest.csv');
/** Of the model that is being made. */
export const modelOf = (out: string) => join(out, 'model');
export const collectionOf = (out: string) =>
  JSON.parse(readFileSync(join(out, 'collection.json'), 'utf8')) as Collection;
export const hasRows = (out: string, split: string) => collectionOf(out).vertebrae.some(one => one.split === split);
