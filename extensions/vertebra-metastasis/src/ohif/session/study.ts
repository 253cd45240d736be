/** Which CT of the study is analysed. */
import { InputError } from '../../core';
import { type CtSeries, ctSeries, text } from '../../dicom';
import { type Choice, type CtSummary, initialFind, initialFindings, initialFocus } from '../../ui';
import type { DisplaySet } from '../host/host';
import { toProblem } from '../problems';
import { binaryReadable } from '../segmentation/segEncoding';
import { type Context, patch } from './context';
import { dropFound } from './found';
import { resetReview } from './review';
import { readStoredLesions } from './saving';
import { refreshVertebraSource } from './vertebrae';

/** Looks at the display sets again; they arrive one series at a time. */
export function refreshStudy(context: Context): void {
  const { ports, session, store } = context;
  const sets = ports.study.displaySets();
  const candidates = sets.filter(isCt);
  patch(context, 'ct', { choices: candidates.map(choice) });
  if (store.get().run.status === 'running') return;
  if (candidates.length === 0) {
    if (sets.length > 0) patch(context, 'ct', { reading: { status: 'error', problem: toProblem(noCt(sets)) } });
    return;
  }
  const current = candidates.find(set => set.displaySetInstanceUID === store.get().ct.selected);
  const wanted = current && session.ctChosen ? current : largest(candidates);
  if (wanted !== session.ct?.displaySet && wanted.displaySetInstanceUID !== store.get().ct.selected) {
    openCt(context, wanted);
  } else if (session.ct) {
    refreshVertebraSource(context);
    void readStoredLesions(context);
  }
}

/** @param uid of a CT display set of the study */
export function selectCt(context: Context, uid: string): void {
  const displaySet = context.ports.study.displaySets().find(set => set.displaySetInstanceUID === uid);
  if (!displaySet) return;
  context.session.ctChosen = true;
  context.session.segChosen = false;
  openCt(context, displaySet);
}

function openCt(context: Context, displaySet: DisplaySet): void {
  const { session, ports, store } = context;
  session.ct = undefined;
  session.bodies = session.extents = undefined;
  resetReview(context);
  dropFound(context);
  session.lesions = session.shownLesions = session.takenLabels = session.provenance = undefined;
  session.storedCoverage = undefined;
  session.storedTried = undefined;
  session.saved = session.savedBodies = undefined;
  session.unsent.clear();
  session.versions.clear();
  ports.view.clear();
  store.update(state => ({ ...state, lesions: undefined, lesionsProblem: undefined, run: { status: 'idle' } }));
  store.update(state => ({ ...state, ...initialFindings, focus: initialFocus }));
  store.update(state => ({ ...state, exports: { ...state.exports, outcomes: {} } }));
  patch(context, 'vertebrae', { selected: undefined, reading: { status: 'idle' } });
  patch(context, 'find', initialFind);
  patch(context, 'ct', { selected: displaySet.displaySetInstanceUID });
  try {
    const series = ctSeries(displaySet.instances ?? []);
    session.ct = { displaySet, series };
    patch(context, 'ct', {
      reading: { status: 'ready', value: summary(series) },
    });
  } catch (error) {
    patch(context, 'ct', { reading: { status: 'error', problem: toProblem(error) } });
  }
  refreshVertebraSource(context);
  void readStoredLesions(context);
}

function summary(series: CtSeries): CtSummary {
  return { slices: series.dims[2], spacingMm: series.spacingMm, binaryReadable: binaryReadable(series) };
}

function isCt({ Modality, instances }: DisplaySet): boolean {
  return Modality === 'CT' && (instances?.length ?? 0) > 0;
}

function largest(sets: readonly DisplaySet[]): DisplaySet {
  return sets.reduce((a, b) => ((b.instances?.length ?? 0) > (a.instances?.length ?? 0) ? b : a));
}

function choice(set: DisplaySet): Choice {
  const count = set.instances?.length ?? 0;
  const description = set.SeriesDescription || text(set.instances?.[0] ?? {}, 'ProtocolName') || 'CT';
  return { id: set.displaySetInstanceUID, label: `${set.SeriesNumber ?? ''} ${description} (${count})`.trim() };
}

function noCt(sets: readonly DisplaySet[]): InputError {
  const modalities = [...new Set(sets.map(({ Modality }) => Modality))].join(', ');
  return new InputError(
    'no-ct',
    `This study has no CT images (found: ${modalities}). The method is defined for CT only; open a study with an axial CT series.`
  );
}
