import type { NaturalizedInstance } from '@spine/dicom';

/** One study, or all of one patient: as much as is in memory at a time. */
export type Batch =
  | { readonly instances: readonly NaturalizedInstance[] }
  /** Cannot be read; `name` and `why` hold nothing of a patient. */
  | { readonly name: string; readonly why: string };

export interface StudySource {
  /** @param images false: segmentations alone are enough */
  batches(onBatch: (done: number, total: number) => void, needs?: { readonly images: boolean }): AsyncIterable<Batch>;
  /** For messages. */
  readonly name: string;
}
