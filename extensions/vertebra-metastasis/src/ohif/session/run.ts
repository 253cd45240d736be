/** An analysis from start to end, cancellation or failure. */
import { analyseStudy, type MethodOptions, type Progress, TimeLeft, type VertebraAnalysis } from '../../core';
import { type LoadedModel, methodOf } from '../../runtime';
import type { Run, RunProgress, Settings, VertebraEntry } from '../../ui';
import { isCancelled, toProblem } from '../problems';
import { type Context, TITLE } from './context';
import { ctVolumeOf } from './ctVolume';
import { takeBodyEdits } from './found';
import { takeEdits } from './lesions';
import { addFindings } from './review';
import { provenanceOf } from './provenance';
import { unnamedError } from './result';
import { RunClock } from './runClock';
import { changeEntry, entries } from './entries';

type Running = Extract<Run, { status: 'running' }>;

/** The panel is redrawn this often at most while evaluations are counted, ms: each time takes from the processor that evaluates. */
const PROGRESS_EVERY_MS = 250;

/** Analyses the vertebrae with these labels. Everything that happens ends in the state. */
export async function analyse(context: Context, labels: readonly number[]): Promise<void> {
  const { session, store, ports } = context;
  takeBodyEdits(context);
  const targets = entries(context).filter(({ label, problem }) => labels.includes(label) && !problem);
  const { ct, bodies, model } = session;
  if (session.run || !ct || !bodies || !model || targets.length === 0) return;
  const run = new AbortController();
  session.run = run;
  session.editedInRun = new Set();
  const clock = new RunClock();
  session.clock = clock;
  const setRun = (value: Run) => !session.disposed && store.update(state => ({ ...state, run: value }));
  const setRunning = (more: Pick<Running, 'reading' | 'progress'>) =>
    setRun({ status: 'running', ...more, ...(clock.paused ? { paused: true } : {}) });
  setRun({ status: 'running' });
  try {
    takeEdits(context);
    if (session.unnamedSegments.length > 0) throw unnamedError(session.unnamedSegments);
    const onReading = (done: number, total: number) => setRunning({ reading: { done, total } });
    const volume = await ctVolumeOf(context, { cancel: run.signal, onProgress: onReading });
    const { settings } = store.get();
    const method = methodOptions(settings, model);
    session.provenance = provenanceOf(model, method, entries(context));
    const onProgress = progressListener(targets, clock, progress => setRunning({ progress }));
    const shown: Promise<void>[] = [];
    const study = await analyseStudy(
      ports.model,
      { volume, bodies, spec: model.manifest.patch },
      targets.map(({ label, level }) => ({ label, level })),
      {
        slices: settings.slices,
        screenBelow: settings.screenBelow,
        method,
        cancel: run.signal,
        onProgress,
        onVertebra: analysis => shown.push(takeAnalysis(context, analysis)),
      }
    );
    await Promise.all(shown);
    for (const { label, code, message } of study.failures) {
      // What a cancellation kept from being analysed has not failed.
      if (code === 'cancelled') continue;
      changeEntry(context, label, entry => ({ ...entry, failure: { code, message } }));
    }
    if (study.cancelled) return void setRun({ status: 'cancelled' });
    const seconds = clock.milliseconds() / 1000;
    setRun({ status: 'done', seconds, vertebrae: study.analyses.length });
    ports.notify({ title: TITLE, message: study.analyses.map(({ level }) => level).join(', '), type: 'success' });
  } catch (error) {
    if (isCancelled(error)) return void setRun({ status: 'cancelled' });
    const problem = toProblem(error);
    setRun({ status: 'error', problem });
    ports.notify({ title: TITLE, problem, type: 'error' });
  } finally {
    session.run = session.clock = undefined;
    ports.model.setPaused(false);
  }
}

/** Holds the analysis at work before its next network evaluation, or lets it go on. */
export function pause({ session, store, ports }: Context, paused: boolean): void {
  const { clock } = session;
  if (!clock || clock.paused === paused) return;
  if (paused) clock.pause();
  else clock.resume();
  ports.model.setPaused(paused);
  store.update(state => (state.run.status === 'running' ? { ...state, run: { ...state.run, paused } } : state));
}

/** One vertebra is done: its row and the segmentation show it at once. */
async function takeAnalysis(context: Context, analysis: VertebraAnalysis): Promise<void> {
  const { session } = context;
  if (session.disposed || !session.bodies) return;
  const stale = session.editedInRun?.has(analysis.label);
  changeEntry(context, analysis.label, entry => ({ ...entry, analysis, stale, failure: undefined }));
  takeEdits(context);
  await addFindings(context, analysis);
}

/** The model's method with the rules of the panel. */
export function methodOptions({ sampler, threshold, minPixels }: Settings, { manifest }: LoadedModel): MethodOptions {
  return { ...methodOf(manifest, sampler), attributionThreshold: threshold, minPixels };
}

/** Adds place in the queue and time left to core's counts, and thins them out. */
function progressListener(
  targets: readonly VertebraEntry[],
  clock: RunClock,
  show: (progress: RunProgress) => void
): (progress: Progress) => void {
  const timeLeft = new TimeLeft(clock.milliseconds());
  let last = 0;
  return progress => {
    const { vertebra: level, slice, lastSlice, ...counts } = progress;
    const now = clock.milliseconds();
    const secondsLeft = timeLeft.seconds(progress, now);
    // While paused the last evaluation may still end.
    if (!clock.paused && now - last < PROGRESS_EVERY_MS && counts.evaluationsDone > 0) return;
    last = now;
    const position = targets.findIndex(target => target.level === level);
    show({
      ...counts,
      ...{ level, secondsLeft },
      label: targets[position]?.label ?? 0,
      slice: slice + 1,
      lastSlice: lastSlice + 1,
      vertebra: position + 1,
      vertebraCount: targets.length,
    });
  };
}
