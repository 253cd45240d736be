/** The CT of a session. */
import { faultOf, InputError, type Volume } from '../../../core';
import type { CtSeries } from '../../../dicom';
import type { Choice, PanelState, PassedOverObject, Problem } from '../../../ui';
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
  /** Once something hangs in the viewports. */
  readonly images?: ImagesState;
}

/** What the viewports show of the CT. */
export interface ImagesState {
  /** None of them shows it. */
  readonly elsewhere: boolean;
  /** CT series of the study that they show instead. */
  readonly instead: readonly Choice[];
  /** Slices that could not be loaded. */
  readonly missing: number;
  readonly reloading: boolean;
}

/** The CT series that the open study offers, whichever of them is open. */
export interface StudyState {
  readonly choices: readonly Choice[];
  /** The user chose a CT: series that arrive later do not change that. */
  readonly chosen: boolean;
  readonly problem?: Problem;
  /** A CT series is on its way, or the list of series. */
  readonly waiting: boolean;
  readonly passedOver: readonly PassedOverObject[];
}

export const initialStudy: StudyState = { choices: [], chosen: false, waiting: false, passedOver: [] };

interface WithCt {
  readonly ct: CtSlice;
}

/** The CT when it can be analysed. */
export function readableCt({ ct: { displaySet, series } }: WithCt) {
  return displaySet && series ? { displaySet, series } : undefined;
}

export function ctView(study: StudyState, ct: CtSlice): PanelState['ct'] {
  const { displaySet, series, problem } = ct;
  const selected = displaySet?.displaySetInstanceUID;
  return {
    choices: study.choices,
    selected,
    passedOver: study.passedOver,
    ...imagesView(study, ct),
    reading: readingOf(series, study.problem ?? problem, study.waiting),
  };
}

function imagesView(
  { choices }: StudyState,
  { displaySet, images }: CtSlice
): Pick<PanelState['ct'], 'hanging' | 'missing'> {
  if (!images || !displaySet) return {};
  const { elsewhere, instead, missing, reloading } = images;
  const series = choices.find(({ id }) => id === displaySet.displaySetInstanceUID)?.label ?? 'CT';
  const total = displaySet.imageIds?.length ?? missing;
  return {
    ...(elsewhere ? { hanging: { problem: faultOf(new InputError('other-series-shown', { series })), instead } } : {}),
    ...(missing > 0
      ? { missing: { problem: faultOf(new InputError('slices-missing', { missing, total })), reloading } }
      : {}),
  };
}

function readingOf(
  series: CtSeries | undefined,
  problem: Problem | undefined,
  waiting: boolean
): PanelState['ct']['reading'] {
  if (problem) return { status: 'error', problem };
  if (!series) return { status: waiting ? 'loading' : 'idle' };
  const { dims, spacingMm } = series;
  return { status: 'ready', value: { slices: dims[2], spacingMm, binaryReadable: binaryReadable(series) } };
}
