/** The analysis of a study: vertebra after vertebra, slice after slice. */
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
import { knownSlices, prepareSlices, type PreparedSlice } from './slices';
import { screenPrepared } from './screening';
import type {
  SliceAnalysis,
  StudyAnalysis,
  StudyOptions,
  VertebraAnalysis,
  VertebraFailure,
  VertebraScreening,
  VertebraTarget,
} from './types';

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
  return analyseSite(engine, input, target, site, options, meter);
}

/**
 * Analyses the chosen vertebrae one after the other. A vertebra that fails is listed with its error and does not lose
 * the others; after a cancellation the finished ones are returned with `cancelled`.
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
  for (const [n, { target, site }] of sites.entries()) {
    try {
      const analysis = await analyseSite(engine, input, target, site, options, meter);
      analyses.push(analysis);
      options.onVertebra?.(analysis);
    } catch (error) {
      if (error instanceof CancelledError) {
        failures.push(...sites.slice(n).map(left => cancelledFailure(left.target)));
        return { analyses, failures, cancelled: true };
      }
      failures.push(failure(target, error));
    } finally {
      meter.endVertebra();
    }
  }
  return { analyses, failures, cancelled: false };
}

/** P(malignant) of the chosen slices of one body by the encoder alone; no lesions are sought. */
export async function screenVertebra(
  engine: SliceEngine,
  input: StudyInput,
  target: VertebraTarget,
  options: Pick<StudyOptions, 'slices' | 'cancel'>
): Promise<VertebraScreening> {
  const site = siteOf(input, target, checkedExtents(input));
  const { slices, skipped } = prepareSlices(input.volume, input.bodies, site, input.spec, options.slices);
  const probabilities = await screenPrepared(engine, { ...input, site }, slices, options.cancel);
  return {
    ...target,
    centreLps: site.centreLps,
    slices: slices.map(({ offsetMm }, n) => ({ offsetMm, malignancyProbability: probabilities[n] })),
    skippedSlices: skipped,
    malignancyProbability: Math.max(...probabilities),
  };
}

async function analyseSite(
  engine: SliceEngine,
  { volume, bodies, spec }: StudyInput,
  target: VertebraTarget,
  site: PatchSite,
  { slices: choice, method, screenBelow, cancel }: StudyOptions,
  meter: ProgressMeter
): Promise<VertebraAnalysis> {
  throwIfCancelled(cancel);
  meter.startVertebra(target.level, knownSlices(site, spec, choice));
  const prepared = prepareSlices(volume, bodies, site, spec, choice);
  const probabilities = await screenPrepared(engine, { volume, bodies, site, spec }, prepared.slices, cancel);
  const screenedSlices = prepared.slices.flatMap(({ offsetMm, frame, paddedPixels }, n) =>
    probabilities[n] < screenBelow ? [{ offsetMm, frame, paddedPixels, malignancyProbability: probabilities[n] }] : []
  );
  const searched = prepared.slices.flatMap((slice, n) =>
    probabilities[n] >= screenBelow ? [{ ...slice, malignancyProbability: probabilities[n] }] : []
  );
  meter.screened(searched.length);
  const slices: SliceAnalysis[] = [];
  const atOnce = engine.together?.slices ?? 1;
  for (let n = 0; n < searched.length; n += atOnce) {
    const now = searched.slice(n, n + atOnce);
    meter.startSlice(n, searched.length, now.length);
    const attributions = await attribute(engine, now, method, {
      cancel,
      onPlan: evaluations => meter.plan(evaluations),
      onEvaluations: count => meter.add(count),
    });
    now.forEach(({ hu, offsetMm, frame, paddedPixels, malignancyProbability }, i) =>
      slices.push({ offsetMm, frame, paddedPixels, hu, malignancyProbability, attribution: attributions[i] })
    );
    meter.finishSlice();
  }
  return {
    label: target.label,
    level: target.level,
    centreLps: site.centreLps,
    extent: site.extent,
    slices,
    screenedSlices,
    skippedSlices: prepared.skipped,
    malignancyProbability: Math.max(...probabilities),
  };
}

async function attribute(
  engine: SliceEngine,
  slices: readonly PreparedSlice[],
  method: MethodOptions,
  hooks: AttributionHooks
): Promise<SliceAttribution[]> {
  if (engine.together && slices.length > 1) return engine.together.attribute(slices, method, hooks);
  const [{ patch, bodyMask }] = slices;
  return [await engine.attributeSlice(patch, bodyMask, method, hooks)];
}

function meterOf({ method, screenBelow, onProgress }: StudyOptions, slices: number): ProgressMeter {
  return new ProgressMeter(method.sampler, slices, screenBelow > 0 ? TYPICAL_SUSPICIOUS : 1, onProgress);
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
