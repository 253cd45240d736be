/** Which CT of the study is analysed. */
import { InputError } from '../../../core';
import { ctSeries, text } from '../../../dicom';
import type { Choice } from '../../../ui';
import type { DisplaySet } from '../../host/host';
import { toProblem } from '../../problems';
import type { App, Context } from '../context';
import { lookForDraft } from '../drafts/actions';
import { hasUnsavedWork } from '../exports/content';
import { readStoredResult } from '../exports/reading';
import { modelRules } from '../model/state';
import { dashed } from '../prior/state';
import { newSession, patchState } from '../store';
import { refreshVertebraSource } from '../vertebrae/source';
import { refreshImages } from './images';
import { passedOver } from './passedOver';
import { isCt, preferredCt, slicesOf } from './preferred';
import type { CtSlice } from './state';

/** Looks at the display sets again; they arrive one series at a time. */
export function refreshStudy(app: App): void {
  const { ports, store } = app;
  const sets = ports.study.displaySets();
  const cts = sets.filter(isCt);
  // The list of series comes first, their instances one series at a time: only a list without CT says that there is none.
  const waiting = cts.length === 0 && ports.study.awaitsCt();
  const problem = cts.length === 0 && sets.length > 0 && !waiting ? toProblem(noCt(sets)) : undefined;
  patchState(store, 'study', {
    choices: cts.map(set => choice(set, cts)),
    problem,
    waiting,
    passedOver: passedOver(sets, ports.study.unlisted(), store.getState().session.ct.series),
  });
  const { study, session } = store.getState();
  if (session.run.job || cts.length === 0) return;
  const open = session.ct.displaySet?.displaySetInstanceUID;
  const current = cts.find(set => set.displaySetInstanceUID === open);
  const stays = study.chosen || hasUnsavedWork(session);
  const wanted = (stays && current) || preferredCt(sets, ports.study.studyUids());
  if (wanted && wanted.displaySetInstanceUID !== open) openCt(app, wanted);
  else lookAround(app.context());
  refreshImages(app.context());
}

/** @param uid of a CT display set of the study */
export function selectCt(app: App, uid: string): void {
  const displaySet = app.ports.study.displaySets().find(set => set.displaySetInstanceUID === uid);
  if (!displaySet) return;
  patchState(app.store, 'study', { chosen: true });
  openCt(app, displaySet);
}

function openCt(app: App, displaySet: DisplaySet): void {
  const rules = modelRules(app.store.getState().model);
  const context = app.replaceSession(newSession(ctOf(displaySet), rules));
  const { study, images } = app.ports;
  patchState(app.store, 'study', {
    passedOver: passedOver(study.displaySets(), study.unlisted(), context.session.state.ct.series),
  });
  images.show(displaySet);
  lookAround(context);
  void lookForDraft(context);
}

/** Vertebrae and a stored result may be there already, or arrive later. */
function lookAround(context: Context): void {
  refreshVertebraSource(context);
  void readStoredResult(context);
}

function ctOf(displaySet: DisplaySet): CtSlice {
  try {
    return { displaySet, series: ctSeries(displaySet.instances ?? []) };
  } catch (error) {
    return { displaySet, problem: toProblem(error) };
  }
}

/** Names patient and date as well where the series are of several studies. */
function choice(set: DisplaySet, all: readonly DisplaySet[]): Choice {
  const count = slicesOf(set);
  const description = set.SeriesDescription || text(set.instances?.[0] ?? {}, 'ProtocolName') || 'CT';
  const series = `${set.SeriesNumber ?? ''} ${description} (${count})`.trim();
  const first = set.instances?.[0] ?? {};
  const oneStudy = all.every(({ StudyInstanceUID }) => StudyInstanceUID === set.StudyInstanceUID);
  const patient = text(first, 'PatientName') || text(first, 'PatientID');
  const study = oneStudy ? [] : [patient, dashed(text(first, 'StudyDate'))];
  return { id: set.displaySetInstanceUID, label: [...study, series].filter(Boolean).join(' · ') };
}

function noCt(sets: readonly DisplaySet[]): InputError {
  return new InputError('no-ct-in-study', { modalities: [...new Set(sets.map(({ Modality }) => Modality))] });
}
