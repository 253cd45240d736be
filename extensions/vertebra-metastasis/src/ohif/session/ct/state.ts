/** The CT of a session. */
import type { Volume } from '../../../core';
import type { CtSeries } from '../../../dicom';
import type { Choice, PanelState, Problem } from '../../../ui';
import type { DisplaySet } from '../../host/host';
import { binaryReadable } from '../../segmentation/segEncoding';

export interface CtSlice {
  /** Absent before the first CT of the study is known. */
  readonly displaySet?: DisplaySet;
  /** Absent when the series cannot be analysed; `problem` says why. */
  readonly series?: CtSeries;
  readonly problem?: Problem;
  /** In Hounsfield units, once somebody needed it. */
  readonly volume?: Volume;
}

/** The CT series that the open study offers, whichever of them is open. */
export interface StudyState {
  readonly choices: readonly Choice[];
  /** The user chose a CT: series that arrive later do not change that. */
  readonly chosen: boolean;
  readonly problem?: Problem;
}

export const initialStudy: StudyState = { choices: [], chosen: false };

interface WithCt {
  readonly ct: CtSlice;
}

/** The CT when it can be analysed. */
export function readableCt({ ct: { displaySet, series } }: WithCt) {
  return displaySet && series ? { displaySet, series } : undefined;
}

export function ctView({ choices, problem: noCt }: StudyState, ct: CtSlice): PanelState['ct'] {
  const { displaySet, series, problem } = ct;
  return { choices, selected: displaySet?.displaySetInstanceUID, reading: readingOf(series, noCt ?? problem) };
}

function readingOf(series: CtSeries | undefined, problem: Problem | undefined): PanelState['ct']['reading'] {
  if (problem) return { status: 'error', problem };
  if (!series) return { status: 'idle' };
  const { dims, spacingMm } = series;
  return { status: 'ready', value: { slices: dims[2], spacingMm, binaryReadable: binaryReadable(series) } };
}
