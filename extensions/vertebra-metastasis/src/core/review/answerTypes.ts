/** What a person says of a whole vertebra once its review is completed: the label that learning needs. */
export const ANSWERS = ['metastasis', 'no metastasis', 'uncertain'] as const;
export type Answer = (typeof ANSWERS)[number];

/** Given by a person, never by what was accepted alone. */
export interface VertebraAnswer {
  readonly answer: Answer;
  /** DICOM person name; absent when nobody was signed in. */
  readonly reader?: string;
  /** When, as a DICOM DT without a zone: YYYYMMDDHHMMSS, local time. */
  readonly on: string;
}
