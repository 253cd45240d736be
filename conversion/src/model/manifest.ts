/** The manifest that describes a model folder to the viewer. */
import type { Screening } from '@spine/core';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '@spine/headless/cli';
import { type ModelFileKey, type ModelManifest, parseManifest } from '@spine/runtime/manifest';
import type { Architecture } from './architecture';
import type { LatentClassifier } from './classifier';
import { conditioningSize } from './plan';

/** The name of each file that a conversion writes; a screening network is added afterwards (docs/screening.md). */
export const FILES: Readonly<Record<Exclude<ModelFileKey, 'screening'>, string>> = {
  encoder: 'encoder.onnx',
  timeConditioning: 'time_conditioning.onnx',
  codeConditioning: 'code_conditioning.onnx',
  noisePredictor: 'noise_predictor.onnx',
  selfTest: 'self-test.json',
};

export type Precision = ModelManifest['precision'];

/** What the weights cannot say of a model. */
export interface ModelDescription {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Pixel spacing of a patch in mm: anterior-posterior, superior-inferior, and slice to slice left-right. */
  readonly patchSpacingMm: readonly [number, number, number];
  /** Share of a body's width, around its middle, whose slices are analysed; absent: all of it. */
  readonly trainedWidthFraction?: number;
  readonly targetProbability: number;
  readonly attributionThreshold: number;
  /** How far below the threshold a first estimate lies that the fast sampler does not score; absent: it scores all. */
  readonly skipBelowThresholdBy?: number;
  /** How far above the threshold a first estimate lies that the fast sampler takes for the score; absent: it takes none. */
  readonly trustAboveThresholdBy?: number;
  /** How near the threshold a fast score lies that is computed once more, finely; absent: none is. */
  readonly rescoreWithin?: number;
  /** Whether outlines are drawn anew on the CT (docs/outline.md). */
  readonly refineOutlines?: boolean;
  /** How many neighbouring slices must show a region; absent: one. */
  readonly leastSlices?: number;
  /** Only slices with at least this P(malignant) of their own count as showing a region; absent: all. */
  readonly leastSlicesProbability?: number;
  /** Whether lesions are outlined at one level for all slices that show them (docs/outline.md). */
  readonly outlineAcrossSlices?: boolean;
  /** Regions that the healthy edit changes by less on average do not count (docs/outline.md); absent: any change will do. */
  readonly leastDifference?: number;
  /** Whether lesions are followed into slices that screening calls healthy (docs/outline.md). */
  readonly followLesions?: boolean;
  /** How a slice is judged with its neighbours before it is searched; absent: alone. */
  readonly screening?: Screening;
  readonly licence: string;
  readonly intendedUse: string;
  readonly limits: readonly string[];
  /** Free facts on where the model comes from. */
  readonly provenance: Readonly<Record<string, string | number>>;
}

/** `provenance.createdBy` of what this converter writes. */
export const CREATED_BY = 'models:convert 0.2.0';

export const DEFAULT_DESCRIPTION = {
  version: '1.0.0',
  description: '',
  /** The published model's. */
  patchSpacingMm: [0.8, 0.675, 0.8],
  targetProbability: 1e-5,
  attributionThreshold: 0.5,
  licence: 'unknown',
  intendedUse:
    'Research use only: hypothesis about lytic and blastic lesions of vertebral bodies on CT. Not a medical device.',
  limits: [
    'Vertebral bodies only: posterior elements are outside the method.',
    'Each sagittal slice is analysed on its own.',
    'Not validated for clinical use.',
  ],
} as const;

/** @throws CommandError 'model-description' naming the option that is out of range */
export function checkDescription(description: ModelDescription): void {
  const { id, patchSpacingMm, targetProbability, trainedWidthFraction } = description;
  const demand = (holds: boolean, what: string) => {
    if (!holds) throw new CommandError('model-description', what);
  };
  demand(/^[a-z0-9][a-z0-9._-]*$/.test(id), `model id "${id}": use lower-case letters, digits, ".", "_" and "-"`);
  demand(
    patchSpacingMm.every(spacing => spacing >= 0.1 && spacing <= 5),
    `patch spacing ${patchSpacingMm}: three numbers of mm between 0.1 and 5 expected`
  );
  demand(
    targetProbability > 0 && targetProbability < 0.5,
    `target probability ${targetProbability}: a number above 0 and below 0.5 expected`
  );
  demand(
    trainedWidthFraction === undefined || (trainedWidthFraction > 0 && trainedWidthFraction <= 1),
    `trained width fraction ${trainedWidthFraction}: a number above 0 and at most 1 expected`
  );
  demand(
    !description.screening || (description.screening.withinMm >= 0 && description.screening.withinMm <= 50),
    `screening-within ${description.screening?.withinMm}: mm from 0 to 50 expected`
  );
  const { suspiciousVertebraShift = 0, leastOwnProbability = 0 } = description.screening ?? {};
  demand(
    leastOwnProbability >= 0 && leastOwnProbability <= 0.5,
    `screening-own-probability ${leastOwnProbability}: a probability from 0 to 0.5 expected`
  );
  demand(
    suspiciousVertebraShift >= 0 && suspiciousVertebraShift <= 30,
    `screening-suspicious-shift ${suspiciousVertebraShift}: a logit from 0 to 30 expected`
  );
  demand(
    !description.screening || Math.abs(description.screening.logitShift) <= 30,
    `screening-logit-shift ${description.screening?.logitShift}: a number from -30 to 30 expected`
  );
  demand(
    description.attributionThreshold >= 0 && description.attributionThreshold <= 1,
    `attribution threshold ${description.attributionThreshold}: a number from 0 to 1 expected`
  );
  const { leastSlices = 1 } = description;
  demand(
    Number.isInteger(leastSlices) && leastSlices >= 1 && leastSlices <= 10,
    `least-slices ${leastSlices}: a whole number from 1 to 10 expected`
  );
  for (const [name, margin] of Object.entries({
    'skip-below-threshold-by': description.skipBelowThresholdBy,
    'trust-above-threshold-by': description.trustAboveThresholdBy,
    'rescore-within': description.rescoreWithin,
    'least-difference': description.leastDifference,
  })) {
    demand(
      margin === undefined || (margin > 0 && margin <= 1),
      `${name} ${margin}: a number above 0, at most 1 expected`
    );
  }
}

/**
 * The manifest of a folder whose files are written already. Schedule and method constants are those of Atad et al. (arXiv
 * 2512.06849) and of the authors' code at commit 8b8c647; the target of the healthy edit and the threshold are so unless the
 * description says otherwise.
 */
export function manifestOf(
  folder: string,
  description: ModelDescription,
  architecture: Architecture,
  classifier: LatentClassifier,
  precision: Precision
): ModelManifest {
  const [anteriorPosterior, superiorInferior, leftRight] = description.patchSpacingMm;
  const { trainedWidthFraction, skipBelowThresholdBy, rescoreWithin, refineOutlines, leastSlices, screening } =
    description;
  const file = (name: string) => {
    const path = join(folder, name);
    return { path: name, sha256: sha256OfFile(path), bytes: statSync(path).size };
  };
  return parseManifest({
    schemaVersion: 1,
    id: description.id,
    name: description.name,
    version: description.version,
    description: description.description,
    architecture,
    codeSize: architecture.style_channels,
    conditioningSize: conditioningSize(architecture),
    patch: {
      size: architecture.image_size,
      spacingMm: { anteriorPosterior, superiorInferior, leftRight },
      rows: 'anterior-posterior',
      columns: 'superior-inferior',
      intensity: { low: 'minimum', highPercentile: 99.5 },
      ...(trainedWidthFraction === undefined ? {} : { trainedWidthFraction }),
      ...(screening ? { screening } : {}),
    },
    schedule: { trainSteps: 1000, betaStart: 0.0001, betaEnd: 0.02 },
    method: {
      inversionSteps: 250,
      renderSteps: 100,
      targetProbability: description.targetProbability,
      attributionThreshold: description.attributionThreshold,
      minPixels: 5,
      ...(skipBelowThresholdBy === undefined ? {} : { skipBelowThresholdBy }),
      ...(description.trustAboveThresholdBy === undefined
        ? {}
        : { trustAboveThresholdBy: description.trustAboveThresholdBy }),
      ...(rescoreWithin === undefined ? {} : { rescoreWithin }),
      ...(refineOutlines ? { refineOutlines } : {}),
      ...(leastSlices === undefined ? {} : { leastSlices }),
      ...(description.leastSlicesProbability === undefined
        ? {}
        : { leastSlicesProbability: description.leastSlicesProbability }),
      ...(description.outlineAcrossSlices ? { outlineAcrossSlices: true } : {}),
      ...(description.followLesions ? { followLesions: true } : {}),
      ...(description.leastDifference === undefined ? {} : { leastDifference: description.leastDifference }),
    },
    classifier,
    precision,
    files: Object.fromEntries(Object.entries(FILES).map(([key, name]) => [key, file(name)])),
    licence: description.licence,
    provenance: description.provenance,
    intendedUse: description.intendedUse,
    limits: description.limits,
  });
}

/** Lower-case hexadecimal SHA-256 of a file of any size. */
export function sha256OfFile(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1 << 22);
  const file = openSync(path, 'r');
  try {
    for (let read; (read = readSync(file, chunk, 0, chunk.length, null)); ) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
