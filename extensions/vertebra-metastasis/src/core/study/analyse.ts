/** The analysis of a study: all vertebrae are screened, then searched slice after slice, the most suspicious first. */
import {
  checkSameGrid,
  checkVolume,
  type LabelExtent,
  labelExtents,
  type PatchSite,
  patchSite,
  type PatchSpec,
} from '../geometry';
import { faultOf } from '../errors';
import { type AttributionHooks, type MethodOptions, throwIfCancelled } from '../method';
import { CancelledError, InputError, type Labelmap, type SliceAttribution, type Volume } from '../types';
import { unanalysable } from '../vertebrae/levels';
import type { SliceEngine } from './engine';
import { ProgressMeter, TYPICAL_SUSPICIOUS } from './progress';
import { followLesions } from './followed';
import { knownSlices, prepareSlices, type PreparedSlice } from './slices';
import { screenPrepared, type SliceScreening } from './screening';
import { settledAnalyses, sliceDistance } from './settle';
import type {
  SkippedSlice,
  SliceAnalysis,
  StudyAnalysis,
  StudyOptions,
  VertebraAnalysis,
  VertebraFailure,
  VertebraScreening,
  VertebraTarget,
} from './types';
import { markUnsupported } from './unsupported';

/** A CT with its vertebral bodies on the same grid, and the model's patch geometry. */
export interface StudyInput {
  readonly volume: Volume;
  /** Vertebral bodies only: cut whole vertebrae first (core/vertebrae). */
  readonly bodies: Labelmap;
  readonly spec: PatchSpec;
}

/**
 * Analyses one vertebral body in sagittal slices. The authors analyse the central slice; more slices are our extension.
 * @throws InputError on unusable input ('empty-mask', 'body-at-edge', 'body-too-small', 'no-body', ...), CancelledError
 */
export async function analyseVertebra(
  engine: SliceEngine,
  input: StudyInput,
  target: VertebraTarget,
  options: StudyOptions
): Promise<VertebraAnalysis> {
  const site = siteOf(input, target, checkedExtents(input));
  const meter = meterOf(options, knownSlices(site, input.spec, options.slices));
  return searchSite(engine, await screenSite(engine, input, target, site, options, meter), options, meter);
}

/**
 * Screens all chosen vertebrae, which takes seconds, and then searches those with suspicious slices, the most suspicious first. A vertebra
 * that fails is listed with its error and does not lose the others; after a cancellation the finished ones are returned with `cancelled`.
 * @returns analyses in the order of the targets
 * @throws InputError when the volume or the masks as a whole are unusable
 */
export async function analyseStudy(
  engine: SliceEngine,
  input: StudyInput,
  targets: readonly VertebraTarget[],
  options: StudyOptions
): Promise<StudyAnalysis> {
  const extents = checkedExtents(input);
  const analyses: VertebraAnalysis[] = [];
  const failures: VertebraFailure[] = [];
  const sites = targets.flatMap(target => {
    try {
      return [{ target, site: siteOf(input, target, extents) }];
    } catch (error) {
      failures.push(failure(target, error));
      return [];
    }
  });
  const meter = meterOf(
    options,
    sites.reduce((sum, { site }) => sum + knownSlices(site, input.spec, options.slices), 0)
  );
  const open = new Set(sites.map(({ target }) => target));
  /** Runs one step of one vertebra. @returns false once the study was cancelled */
  const attempt = async (target: VertebraTarget, step: () => Promise<void>): Promise<boolean> => {
    try {
      await step();
    } catch (error) {
      if (error instanceof CancelledError) return false;
      open.delete(target);
      failures.push(failure(target, error));
    } finally {
      meter.endVertebra();
    }
    return true;
  };
  const finish = (target: VertebraTarget, analysis: VertebraAnalysis) => {
    open.delete(target);
    analyses.push(analysis);
    options.onVertebra?.(analysis);
  };
  const order = (one: VertebraTarget) => targets.indexOf(one);
  const outcome = (cancelled: boolean): StudyAnalysis => ({
    analyses: [...analyses].sort((a, b) => place(targets, a) - place(targets, b)),
    failures: cancelled ? [...failures, ...[...open].map(cancelledFailure)] : failures,
    cancelled,
  });
  const suspicious: { target: VertebraTarget; screened: ScreenedSite }[] = [];
  for (const { target, site } of sites) {
    const goesOn = await attempt(target, async () => {
      const screened = await screenSite(engine, input, target, site, options, meter);
      const { malignancyProbability, searched } = screened;
      options.onScreened?.({ ...target, malignancyProbability, suspiciousSlices: searched.length });
      // Healthy in every slice: there is nothing to search.
      if (searched.length === 0) finish(target, await searchSite(engine, screened, options, meter));
      else suspicious.push({ target, screened });
    });
    if (!goesOn) return outcome(true);
  }
  suspicious.sort(
    (a, b) => b.screened.malignancyProbability - a.screened.malignancyProbability || order(a.target) - order(b.target)
  );
  for (const { target, screened } of suspicious) {
    const goesOn = await attempt(target, async () =>
      finish(target, await searchSite(engine, screened, options, meter))
    );
    if (!goesOn) return outcome(true);
  }
  return outcome(false);
}

const place = (targets: readonly VertebraTarget[], { label, level }: VertebraTarget): number =>
  targets.findIndex(one => one.label === label && one.level === level);

/** P(malignant) of the chosen slices of one body by the encoder alone; no lesions are sought. */
export async function screenVertebra(
  engine: SliceEngine,
  input: StudyInput,
  target: VertebraTarget,
  options: Pick<StudyOptions, 'slices' | 'cancel'>
): Promise<VertebraScreening> {
  const site = siteOf(input, target, checkedExtents(input));
  const { slices, skipped } = prepareSlices(input.volume, input.bodies, site, input.spec, options.slices);
  const found = await screenPrepared(engine, { ...input, site }, slices, options.cancel);
  const probabilities = found.map(({ malignancyProbability }) => malignancyProbability);
  return {
    ...target,
    centreLps: site.centreLps,
    slices: slices.map(({ offsetMm }, n) => ({ offsetMm, malignancyProbability: probabilities[n] })),
    skippedSlices: skipped,
    malignancyProbability: Math.max(...probabilities),
  };
}

/** A screened body: its suspicious slices are still to be searched. */
interface ScreenedSite {
  readonly target: VertebraTarget;
  readonly site: PatchSite;
  readonly searched: readonly (PreparedSlice & SliceScreening)[];
  readonly healthy: readonly (PreparedSlice & SliceScreening)[];
  readonly skippedSlices: readonly SkippedSlice[];
  readonly malignancyProbability: number;
}

async function screenSite(
  engine: SliceEngine,
  { volume, bodies, spec }: StudyInput,
  target: VertebraTarget,
  site: PatchSite,
  { slices: choice, screenBelow, cancel }: StudyOptions,
  meter: ProgressMeter
): Promise<ScreenedSite> {
  throwIfCancelled(cancel);
  meter.startVertebra(target.level, knownSlices(site, spec, choice));
  const prepared = prepareSlices(volume, bodies, site, spec, choice);
  const found = await screenPrepared(engine, { volume, bodies, site, spec }, prepared.slices, cancel);
  const all = prepared.slices.map((slice, n) => ({ ...slice, ...found[n] }));
  const healthy = all.filter(slice => slice.malignancyProbability < screenBelow);
  const searched = all.filter(slice => !healthy.includes(slice));
  meter.screened(searched.length);
  const malignancyProbability = Math.max(...all.map(slice => slice.malignancyProbability));
  return { target, site, searched, healthy, skippedSlices: prepared.skipped, malignancyProbability };
}

async function searchSite(
  engine: SliceEngine,
  { target, site, searched, healthy, ...screened }: ScreenedSite,
  { method, cancel }: StudyOptions,
  meter: ProgressMeter
): Promise<VertebraAnalysis> {
  throwIfCancelled(cancel);
  meter.searchVertebra(target.level, searched.length);
  const slices: SliceAnalysis[] = [];
  const hooks: AttributionHooks = {
    cancel,
    onPlan: evaluations => meter.plan(evaluations),
    onEvaluations: count => meter.add(count),
  };
  const whole = method.inferScores !== undefined && engine.attributeVertebra !== undefined;
  const atOnce = whole ? Math.max(1, searched.length) : (engine.together?.slices ?? 1);
  for (let n = 0; n < searched.length; n += atOnce) {
    const now = searched.slice(n, n + atOnce);
    meter.startSlice(n, searched.length, now.length);
    const attributions = await attribute(engine, now, method, hooks);
    now.forEach((slice, i) => slices.push(analysed(slice, markUnsupported(attributions[i], slice.kindLogits, method))));
    meter.finishSlice();
  }
  const settle = (some: readonly SliceAnalysis[], others: typeof healthy) =>
    settledAnalyses(some, others, site, method);
  let [count, sliceCount] = [searched.length, searched.length];
  const outcome =
    method.followLesions && site.offsetsMm.length > 1
      ? await followLesions(
          slices,
          healthy,
          {
            settle,
            found: ({ attribution }) => attribution,
            onSlices: more => {
              sliceCount += more;
              meter.moreSlices(more);
            },
            replaced: (slice, attribution) => ({ ...slice, attribution }),
            async search(slice) {
              throwIfCancelled(cancel);
              meter.startSlice(count++, sliceCount);
              const [attribution] = await attribute(engine, [slice], method, hooks);
              meter.finishSlice();
              return analysed(slice, attribution);
            },
          },
          { sliceMm: sliceDistance(site), ...method }
        )
      : { searched: settle(slices, healthy), healthy };
  const { label, level } = target;
  const screenedSlices = outcome.healthy.map(({ offsetMm, frame, paddedPixels, malignancyProbability }) => ({
    offsetMm,
    frame,
    paddedPixels,
    malignancyProbability,
  }));
  const { centreLps, extent } = site;
  return { label, level, centreLps, extent, slices: outcome.searched, screenedSlices, ...screened };
}

function analysed(slice: PreparedSlice & SliceScreening, attribution: SliceAttribution): SliceAnalysis {
  const { offsetMm, frame, paddedPixels, hu, malignancyProbability } = slice;
  return { offsetMm, frame, paddedPixels, hu, malignancyProbability, attribution };
}

async function attribute(
  engine: SliceEngine,
  slices: readonly PreparedSlice[],
  method: MethodOptions,
  hooks: AttributionHooks
): Promise<SliceAttribution[]> {
  if (method.inferScores && engine.attributeVertebra) return engine.attributeVertebra(slices, method, hooks);
  if (engine.together && slices.length > 1) return engine.together.attribute(slices, method, hooks);
  const [{ patch, bodyMask }] = slices;
  return [await engine.attributeSlice(patch, bodyMask, method, hooks)];
}

function meterOf({ method, screenBelow, onProgress }: StudyOptions, slices: number): ProgressMeter {
  return new ProgressMeter(method, slices, screenBelow > 0 ? TYPICAL_SUSPICIOUS : 1, onProgress);
}

function checkedExtents({ volume, bodies }: StudyInput): Map<number, LabelExtent> {
  checkVolume(volume);
  checkSameGrid(volume, bodies);
  return labelExtents(bodies);
}

function siteOf(
  { bodies, spec }: StudyInput,
  { label, level }: VertebraTarget,
  extents: ReadonlyMap<number, LabelExtent>
): PatchSite {
  if (unanalysable(level)) throw new InputError('no-body', { level });
  return patchSite(bodies, label, spec, extents);
}

function failure({ label, level }: VertebraTarget, error: unknown): VertebraFailure {
  return { label, level, reason: faultOf(error) };
}

function cancelledFailure({ label, level }: VertebraTarget): VertebraFailure {
  return { label, level, reason: { code: 'cancelled', params: {} } };
}
