/** Cuts a vertebral body into the normalised slices that the method takes. */
import { type PatchFrame, type PatchSite, type PatchSpec, sagittalPatch } from '../geometry';
import { faultOf } from '../errors';
import { normalisePatch } from '../method';
import { InputError, type Labelmap, type Patch, type PatchMask, type Volume } from '../types';
import type { SkippedSlice, SliceChoice } from './types';

/**
 * Slices with a smaller cross-section of the body are not analysed: below about 5 x 5 mm at the published spacing there
 * is only cortical shell, and partial volume makes up most of it.
 */
export const MIN_BODY_PIXELS = 50;

export interface PreparedSlice {
  readonly offsetMm: number;
  readonly frame: PatchFrame;
  /** Hounsfield units behind `patch`, [64, 64]. */
  readonly hu: Float32Array;
  readonly patch: Patch;
  readonly bodyMask: PatchMask;
  readonly paddedPixels: number;
}

export interface PreparedSlices {
  readonly slices: readonly PreparedSlice[];
  readonly skipped: readonly SkippedSlice[];
}

/** How far from the middle of a body the model knows its slices, mm. */
export function trainedReachMm({ offsetsMm }: PatchSite, { trainedWidthFraction }: PatchSpec): number {
  return trainedWidthFraction === undefined ? Infinity : trainedWidthFraction * Math.max(...offsetsMm.map(Math.abs));
}

/** How many slices of a choice the model knows. @throws InputError 'bad-slices' */
export function knownSlices(site: PatchSite, spec: PatchSpec, choice: SliceChoice): number {
  const reach = trainedReachMm(site, spec);
  return chosenOffsets(site, choice).filter(offsetMm => Math.abs(offsetMm) <= reach).length;
}

/** The offsets that a choice selects; the central slice is always among them. @throws InputError 'bad-slices' */
export function chosenOffsets({ offsetsMm }: PatchSite, choice: SliceChoice): number[] {
  if (choice === 'all') return [...offsetsMm];
  const every = choice === 'central' ? offsetsMm.length : choice.every;
  if (!Number.isInteger(every) || every < 1) {
    throw new InputError('bad-slices', { every });
  }
  const centre = offsetsMm.indexOf(0);
  return offsetsMm.filter((_, n) => (n - centre) % every === 0);
}

/**
 * Resamples and normalises the chosen slices. A slice that the model does not know, with too little of the body or without
 * contrast is excluded and listed with its reason.
 * @throws InputError 'body-too-small' when no slice is left
 */
export function prepareSlices(
  volume: Volume,
  bodies: Labelmap,
  site: PatchSite,
  spec: PatchSpec,
  choice: SliceChoice
): PreparedSlices {
  const slices: PreparedSlice[] = [];
  const skipped: SkippedSlice[] = [];
  const reach = trainedReachMm(site, spec);
  for (const offsetMm of chosenOffsets(site, choice)) {
    if (Math.abs(offsetMm) > reach) {
      skipped.push({ offsetMm, reason: { code: 'slice-beyond-reach', params: { reachMm: reach } } });
      continue;
    }
    const { raw, bodyMask, bodyPixels, paddedPixels, frame } = sagittalPatch(volume, bodies, site, offsetMm, spec);
    if (bodyPixels < MIN_BODY_PIXELS) {
      const params = { pixels: bodyPixels, needed: MIN_BODY_PIXELS };
      skipped.push({ offsetMm, reason: { code: 'slice-too-small', params } });
      continue;
    }
    try {
      slices.push({ offsetMm, frame, hu: raw, bodyMask, paddedPixels, patch: normalisePatch(raw) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      skipped.push({ offsetMm, reason: faultOf(error) });
    }
  }
  if (slices.length === 0) {
    const { reason } = skipped.filter(({ offsetMm }) => Math.abs(offsetMm) <= reach)[0];
    throw new InputError('body-too-small', { reason });
  }
  return { slices, skipped };
}
