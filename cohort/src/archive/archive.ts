/** Where studies come from and results go to. */
import type { SeriesFacts } from '../select/seriesRules';

export interface StudyFacts {
  readonly study: string;
  /** PatientID; empty when the study has none. */
  readonly patient: string;
  /** Every series of the study, CT or not. */
  readonly series: readonly SeriesFacts[];
}

/** A segmentation or report that this product wrote earlier. */
export interface ExistingResult {
  readonly series: string;
  readonly sop: string;
  readonly modality: string;
  /** Whether a person has worked on it since; such a result is never touched. */
  readonly reviewed: boolean;
  /** Series that it refers to. */
  readonly referencedSeries: readonly string[];
}

export interface Source {
  /** For messages; without credentials. */
  readonly name: string;
  /** Studies, one after the other. */
  studies(): AsyncIterable<StudyFacts>;
  /** Those of one patient, among those of `studies`. @param patient PatientID, not empty */
  studiesOf(patient: string): AsyncIterable<StudyFacts>;
  /** SOP Instance UIDs of a series. */
  instances(study: string, series: string): Promise<string[]>;
  /**
   * Writes a series as DICOM files into a folder.
   * @returns what each file is called at the source, by its path in the folder, for messages
   */
  fetch(study: string, series: string, into: string): Promise<ReadonlyMap<string, string>>;
}

export interface OutputFile {
  /** e.g. lesions.dcm, report.json */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Target {
  readonly name: string;
  existing(study: string): Promise<ExistingResult[]>;
  /** Stores the files of one series; storing the same files again changes nothing. */
  store(study: string, series: string, files: readonly OutputFile[]): Promise<void>;
}

/** The archive is away or busy: worth another try later. */
export class ArchiveUnavailable extends Error {
  override readonly name = 'ArchiveUnavailable';
}

/** The archive refuses: another try would give the same. */
export class ArchiveRefused extends Error {
  override readonly name = 'ArchiveRefused';
}
