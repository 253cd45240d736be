/** An analysis from start to end, cancellation or failure. */
import {
  analyseStudy,
  checkMasks,
  hasDecisions,
  type MethodOptions,
  type Progress,
  TimeLeft,
  type VertebraAnalysis,
  type Volume,
} from '../../../core';
import { type LoadedModel, methodOf } from '../../../runtime';
import type { Run, RunProgress, Settings, VertebraEntry } from '../../../ui';
import { isCancelled, toProblem } from '../../problems';
import { type Context, TITLE } from '../context';
import { readableCt } from '../ct/state';
import { ctVolumeOf } from '../ct/volume';
import { provenanceOf } from '../exports/provenance';
import { unnamedError } from '../exports/result';
import { takeTiming } from '../model/timing';
import { addFindings, type OverWork } from '../review/commit';
import { restoreReview } from '../review/restore';
import { shownRules } from '../review/state';
import { changeRow } from '../vertebrae/rows';
import { usesSessionVertebrae, vertebraRowsOf } from '../vertebrae/state';
import { RunClock } from './clock';

type Running = Extract<Run, { status: 'running' }>;

/** The panel is redrawn this often at most while evaluations are counted, ms: each time takes from the processor that evaluates. */
const PROGRESS_EVERY_MS = 250;

/** Asks first where a person's work is concerned, unless the answer is given. */
export async function analyseOrAsk(context: Context, labels: readonly number[], overWork?: OverWork): Promise<void> {
  const { session } = context;
  restoreReview(context);
  const concerned = hasDecisions(session.state.review.history.present, labels);
  if (concerned && !overWork) return session.patch('run', { asked: labels });
  session.patch('run', { asked: undefined });
  return analyse(context, labels, concerned ? overWork : undefined);
}

export function dismissQuestion({ session }: Context): void {
  session.patch('run', { asked: undefined });
}

/** Analyses the vertebrae with these labels. Everything that happens ends in the state. */
async function analyse(context: Context, labels: readonly number[], overWork?: OverWork): Promise<void> {
  const { session, store, ports } = context;
  const { bodies } = session.state.vertebrae;
  const { loaded: model } = store.getState().model;
  const targets = vertebraRowsOf(session.state).filter(({ label, problem }) => labels.includes(label) && !problem);
  if (session.state.run.job || !readableCt(session.state) || !bodies || !model || targets.length === 0) return;
  const abort = new AbortController();
  const clock = new RunClock();
  const timeLeft = new TimeLeft(clock.milliseconds(), store.getState().model.timing?.evaluationMs);
  const show = (shown: Run) => session.patch('run', { shown });
  const showRunning = (more: Pick<Running, 'reading' | 'progress'>) =>
    show({ status: 'running', ...more, ...(clock.paused ? { paused: true } : {}) });
  session.patch('run', {
    job: { abort, clock, targets, edited: new Set<number>(), finished: new Set<number>() },
    shown: { status: 'running' },
  });
  try {
    const { unnamed } = session.state.review;
    if (unnamed.length > 0) throw unnamedError(unnamed);
    const onReading = (done: number, total: number) => showRunning({ reading: { done, total } });
    const volume = await ctVolumeOf(context, { cancel: abort.signal, onProgress: onReading });
    checkGivenMasks(context, volume);
    const { settings } = store.getState().preferences;
    const method = methodOptions({ ...settings, ...shownRules(session.state.review) }, model);
    session.patch('review', { provenance: provenanceOf(model, method, vertebraRowsOf(session.state)) });
    const finished = () => session.state.run.job?.finished.size ?? 0;
    const onProgress = progressListener(targets, finished, clock, timeLeft, progress => showRunning({ progress }));
    const lap = lapOf(clock);
    const shown: Promise<void>[] = [];
    const study = await analyseStudy(
      ports.model,
      { volume, bodies: bodies.labelmap, spec: model.manifest.patch },
      targets.map(({ label, level }) => ({ label, level })),
      {
        slices: settings.slices,
        screenBelow: settings.screenBelow,
        method,
        cancel: abort.signal,
        onProgress,
        onScreened: ({ label, malignancyProbability: probability, suspiciousSlices }) => {
          const seconds = lap();
          changeRow(context, label, row => ({ ...row, screened: { probability, suspiciousSlices, seconds }, seconds }));
        },
        onVertebra: analysis => {
          const more = analysis.slices.length > 0 ? lap() : 0;
          changeRow(context, analysis.label, row => ({ ...row, seconds: (row.seconds ?? 0) + more }));
          shown.push(takeAnalysis(context, analysis, overWork));
        },
      }
    );
    await Promise.all(shown);
    for (const { label, reason } of study.failures) {
      // What a cancellation kept from being analysed has not failed.
      if (reason.code === 'cancelled') continue;
      changeRow(context, label, row => ({ ...row, failure: reason }));
    }
    if (study.cancelled) return show({ status: 'cancelled' });
    const seconds = clock.milliseconds() / 1000;
    show({ status: 'done', seconds, vertebrae: study.analyses.length });
    if (session.closed) return;
    ports.notify({ title: TITLE, message: study.analyses.map(({ level }) => level).join(', '), type: 'success' });
  } catch (error) {
    if (isCancelled(error)) return show({ status: 'cancelled' });
    const problem = toProblem(error);
    show({ status: 'error', problem });
    if (!session.closed) ports.notify({ title: TITLE, problem, type: 'error' });
  } finally {
    takeTiming(context, model, timeLeft.measuredMs);
    for (const { label } of targets) changeRow(context, label, row => ({ ...row, screened: undefined }));
    session.patch('run', { job: undefined });
    if (!session.closed) ports.model.setPaused(false);
  }
}

export function cancel({ session }: Context): void {
  session.state.run.job?.abort.abort();
}

/** Holds the analysis at work before its next network evaluation, or lets it go on. */
export function pause({ session, ports }: Context, paused: boolean): void {
  const clock = session.state.run.job?.clock;
  if (!clock || clock.paused === paused) return;
  if (paused) clock.pause();
  else clock.resume();
  ports.model.setPaused(paused);
  session.patch('run', ({ shown }) => (shown.status === 'running' ? { shown: { ...shown, paused } } : {}));
}

/** Bodies of this session were found on this very CT; masks out of a file may lie on it upside down. @throws InputError */
function checkGivenMasks({ session }: Context, volume: Volume): void {
  const { state } = session;
  const { bodies, doubts = [] } = state.vertebrae;
  if (!bodies || usesSessionVertebrae(state)) return;
  const others = doubts.filter(({ code }) => code !== 'masks-turned');
  const found = checkMasks(volume, bodies.labelmap, vertebraRowsOf(state), bodies.extents);
  const turned = found.filter(({ code }) => code === 'masks-turned').map(toProblem);
  session.patch('vertebrae', { doubts: [...others, ...turned] });
}

/** One vertebra is done: its row and the segmentation show it at once. */
async function takeAnalysis(context: Context, analysis: VertebraAnalysis, overWork?: OverWork): Promise<void> {
  const { session } = context;
  if (session.closed || !session.state.vertebrae.bodies) return;
  session.state.run.job?.finished.add(analysis.label);
  const outdated = session.state.run.job?.edited.has(analysis.label);
  changeRow(context, analysis.label, row => ({ ...row, analysis, outdated, failure: undefined, screened: undefined }));
  context.commitPending();
  // Of a vertebra that nobody worked on there is nothing to ask or to take back.
  const concerned = hasDecisions(session.state.review.history.present, [analysis.label]);
  await addFindings(context, analysis, concerned ? (overWork ?? 'keep') : undefined);
}

/** The model's method with the rules of the panel. */
export function methodOptions({ sampler, threshold, minPixels }: Settings, { manifest }: LoadedModel): MethodOptions {
  return { ...methodOf(manifest, sampler), attributionThreshold: threshold, minPixels };
}

/** Working time since it was asked last, seconds. */
function lapOf(clock: RunClock): () => number {
  let last = clock.milliseconds();
  return () => {
    const now = clock.milliseconds();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}

/** Adds place in the queue and time left to core's counts, and thins them out. */
function progressListener(
  targets: readonly VertebraEntry[],
  finished: () => number,
  clock: RunClock,
  timeLeft: TimeLeft,
  show: (progress: RunProgress) => void
): (progress: Progress) => void {
  let last = 0;
  return progress => {
    const { vertebra: level, slice, lastSlice, ...counts } = progress;
    const now = clock.milliseconds();
    const secondsLeft = timeLeft.seconds(progress, now);
    // While paused the last evaluation may still end.
    if (!clock.paused && now - last < PROGRESS_EVERY_MS && counts.evaluationsDone > 0) return;
    last = now;
    const target = targets.find(one => one.level === level);
    show({
      ...counts,
      level,
      secondsLeft,
      label: target?.label ?? 0,
      slice: slice + 1,
      lastSlice: lastSlice + 1,
      // Not in the order of the spine: the most suspicious are searched first.
      vertebra: Math.min(targets.length, finished() + 1),
      vertebraCount: targets.length,
    });
  };
}
