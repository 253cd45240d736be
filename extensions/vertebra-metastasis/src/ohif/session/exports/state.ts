/** What the archive has of a session, and what became of the exports. */
import type { Labelmap } from '../../../core';
import type { NaturalizedInstance } from '../../../dicom';
import type { ExportKind, ExportOutcome, Exports, LesionResult, Problem } from '../../../ui';
import type { LesionMap } from '../../segmentation/lesionMap';
import type { SeriesKind } from '../ports';

type Done = Extract<ExportOutcome, { status: 'done' }>;

/** What became of an export, and of which lesions it was made. */
export type Outcome = Exclude<ExportOutcome, Done> | (Omit<Done, 'outdated'> & { readonly of: LesionMap });

export interface ExportsSlice {
  /** What became of the last export of each kind. */
  readonly outcomes: Partial<Record<ExportKind, Outcome>>;
  /** The save at work, or the last one when it failed. */
  readonly saving?:
    | { readonly status: 'saving' }
    | { readonly status: 'failed'; readonly problem: Problem; readonly content: Content };
  /** The segmentation the archive has, and of which lesions. */
  readonly saved?: { readonly lesions: LesionMap; readonly seg: NaturalizedInstance };
  /** What the archive has, and the description of its series. */
  readonly archived?: { readonly content: Content; readonly seriesDescription: string };
  /** The bodies the archive has as a segmentation of their own: their voxels, and names and origins as JSON. */
  readonly savedBodies?: { readonly labelmap: Labelmap; readonly vertebrae: string };
  /** The series that the result of this session goes back to: the one read, or the one saved last. */
  readonly predecessor?: SeriesReference;
  /** Results of others that the user was told of, by Series Instance UID. */
  readonly toldOf: readonly string[];
  /** Objects whose storing failed: the next try sends the very same, as the archive may have it already. */
  readonly unsent: Partial<Record<SeriesKind, Unsent>>;
  /** Number of the last version stored or read back in this session. */
  readonly versions: Partial<Record<SeriesKind, number>>;
  /** The stored result already read, or tried, by SOP Instance UID. */
  readonly triedSop?: string;
}

/** Everything that a save writes, as the values it is made of: equal when nothing changed. */
export type Content = readonly unknown[];

export interface SeriesReference {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
}

export interface Unsent {
  readonly key: string;
  readonly voxels: readonly unknown[];
  readonly object: NaturalizedInstance;
}

export const initialExportsSlice: ExportsSlice = { outcomes: {}, toldOf: [], unsent: {}, versions: {} };

export function sameContent(a: Content | undefined, b: Content | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === b.length && a.every((value, n) => value === b[n]);
}

/** An export is at work. One at a time: the report waits for the segmentation it refers to. */
export function isWriting({ exports: { saving, outcomes } }: { readonly exports: ExportsSlice }): boolean {
  const working = (one: Outcome | undefined) => one?.status === 'working';
  return saving?.status === 'saving' || Object.values(outcomes).some(working);
}

export function outcomesView(outcomes: ExportsSlice['outcomes'], lesions: LesionMap | undefined): Exports['outcomes'] {
  const shown = (one: Outcome): ExportOutcome => {
    if (one.status !== 'done') return one;
    const { of, ...rest } = one;
    return { ...rest, outdated: of !== lesions };
  };
  return Object.fromEntries(Object.entries(outcomes).map(([kind, one]) => [kind, shown(one)]));
}

/** @param content what a save would write now */
export function savingView({ saving, archived }: ExportsSlice, content: Content): LesionResult['saving'] {
  if (saving?.status === 'saving') return saving;
  if (sameContent(archived?.content, content)) {
    return { status: 'saved', seriesDescription: archived?.seriesDescription ?? '' };
  }
  if (saving && sameContent(saving.content, content)) return { status: 'failed', problem: saving.problem };
  return { status: 'unsaved' };
}
