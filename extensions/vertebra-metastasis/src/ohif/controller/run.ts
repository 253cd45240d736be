/** An analysis from start to end, cancellation or failure. */
import {
  analyseStudy,
  defaultMethodOptions,
  type MethodOptions,
  type Progress,
  referenceSampler,
  samplerById,
  type VertebraAnalysis,
  type Volume,
} from '../../core';
import type { LoadedModel } from '../../runtime';
import type { Run, RunProgress, Settings, VertebraEntry } from '../../ui';
import { isCancelled, toProblem } from '../problems';
import { type Context, TITLE } from './context';
import { ctVolumeOf } from './ctVolume';
import { takeBodyEdits } from './found';
import { takeEdits } from './lesions';
import { addFindings } from './review';
import { provenanceOf } from './provenance';
import { unnamedError } from './result';
import { changeEntry, entries } from './entries';

/** The panel is redrawn this often at most while evaluations are counted, ms. */
const PROGRESS_EVERY_MS = 100;
/** Evaluations before a time left is shown. */
const WARM_UP = 4;

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
  const setRun = (value: Run) => !session.disposed && store.update(state => ({ ...state, run: value }));
  setRun({ status: 'running' });
  const started = performance.now();
  try {
    takeEdits(context);
    if (session.unnamedSegments.length > 0) throw unnamedError(session.unnamedSegments);
    const volume = await hounsfield(context, run.signal);
    const { settings } = store.get();
    const method = methodOptions(settings, model);
    session.provenance = provenanceOf(model, method, entries(context));
    const onProgress = progressListener(targets, progress => setRun({ status: 'running', progress }));
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
    const seconds = (performance.now() - started) / 1000;
    setRun({ status: 'done', seconds, vertebrae: study.analyses.length });
    ports.notify({ title: TITLE, message: study.analyses.map(({ level }) => level).join(', '), type: 'success' });
  } catch (error) {
    if (isCancelled(error)) return void setRun({ status: 'cancelled' });
    const problem = toProblem(error);
    setRun({ status: 'error', problem });
    ports.notify({ title: TITLE, message: problem.message, type: 'error' });
  } finally {
    session.run = undefined;
  }
}

/** The CT in Hounsfield units, its reading shown as part of the run. */
function hounsfield(context: Context, cancel: AbortSignal): Promise<Volume> {
  const { session, store } = context;
  return ctVolumeOf(context, {
    cancel,
    onProgress: (done, total) => {
      if (!session.disposed)
        store.update(state => ({ ...state, run: { status: 'running', reading: { done, total } } }));
    },
  });
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

/** The reference sampler takes the number of steps the model was published with. */
export function methodOptions({ sampler, threshold, minPixels }: Settings, { manifest }: LoadedModel): MethodOptions {
  const { inversionSteps, renderSteps, targetProbability } = manifest.method;
  return {
    ...defaultMethodOptions(),
    sampler: sampler === 'reference' ? referenceSampler({ inversionSteps, renderSteps }) : samplerById(sampler),
    targetProbability,
    attributionThreshold: threshold,
    minPixels,
  };
}

/** Adds place in the queue and time left to core's counts, and thins them out. */
function progressListener(
  targets: readonly VertebraEntry[],
  show: (progress: RunProgress) => void
): (progress: Progress) => void {
  let started: number | undefined;
  let last = 0;
  return ({ evaluationsDone, evaluationsPlanned, vertebra: level, slice, sliceCount }) => {
    const now = performance.now();
    if (evaluationsDone > 0) started ??= now;
    if (now - last < PROGRESS_EVERY_MS && evaluationsDone > 0) return;
    last = now;
    const position = targets.findIndex(target => target.level === level);
    const left = evaluationsPlanned - evaluationsDone;
    // The first evaluations warm up caches and threads; they would foretell far too long a wait.
    const timed =
      started !== undefined && evaluationsDone > WARM_UP ? (now - started) / (evaluationsDone - 1) : undefined;
    show({
      ...{ evaluationsDone, evaluationsPlanned, level, sliceCount },
      label: targets[position]?.label ?? 0,
      slice: slice + 1,
      vertebra: position + 1,
      vertebraCount: targets.length,
      secondsLeft: timed && (left * timed) / 1000,
    });
  };
}
