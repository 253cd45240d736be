import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATCH_SIZE } from '@spine/core';
import type { MethodOptions, ScoredCandidate, SliceAttribution } from '@spine/core';
import { writeNpy } from './npy';

const IMAGE_SHAPE = [PATCH_SIZE, PATCH_SIZE];

/** [row, column] of the candidate's first pixel in raster order, which names it in result.json. */
function firstPixel({ mask }: ScoredCandidate): [number, number] {
  const index = mask.findIndex(value => value > 0);
  return [Math.floor(index / PATCH_SIZE), index % PATCH_SIZE];
}

/**
 * Writes one slice's arrays and result.json under the names of the parity files (test/golden/data):
 * float32 images and codes, uint8 masks, 64 x 64, rows anterior -> posterior, columns superior -> inferior.
 */
export function writeSliceAttribution(
  folder: string,
  slice: SliceAttribution,
  method: MethodOptions,
  model: { readonly id: string; readonly version: string }
): void {
  const images: Record<string, Float32Array | Uint8Array | undefined> = {
    patch: slice.patch,
    body_mask: slice.bodyMask,
    stochastic_code: slice.stochasticCode,
    reconstruction: slice.reconstruction,
    healthy_edit: slice.healthyEdit,
    difference_map: slice.differenceMap,
    lytic_candidates: slice.lyticCandidates,
    blastic_candidates: slice.blasticCandidates,
    first_composite: slice.composites[0],
    first_harmonised: slice.harmonised[0],
    lytic_mask: slice.lyticMask,
    blastic_mask: slice.blasticMask,
  };
  for (const [name, data] of Object.entries(images)) {
    if (data) writeNpy(join(folder, `${name}.npy`), data, IMAGE_SHAPE);
  }
  writeNpy(join(folder, 'semantic_code.npy'), slice.semanticCode, [1, slice.semanticCode.length]);
  writeNpy(join(folder, 'healthy_code.npy'), slice.healthyCode, [1, slice.healthyCode.length]);
  const result = {
    researchUseOnly: true,
    model: { id: model.id, version: model.version },
    sampler: method.sampler.id,
    malignancyProbability: slice.malignancyProbability,
    healthyProbability: slice.healthyProbability,
    targetProbability: method.targetProbability,
    inversionSteps: method.sampler.inversionEvaluations,
    renderSteps: method.sampler.renderEvaluations,
    attributionThreshold: method.attributionThreshold,
    minPixels: method.minPixels,
    skipBelowThresholdBy: method.skipBelowThresholdBy ?? null,
    trustAboveThresholdBy: method.trustAboveThresholdBy ?? null,
    rescoreWithin: method.rescoreWithin ?? null,
    refineOutlines: method.refineOutlines ?? false,
    leastDifference: method.leastDifference ?? 0,
    leastSlices: method.leastSlices ?? 1,
    leastSlicesProbability: method.leastSlicesProbability ?? 0,
    outlineAcrossSlices: method.outlineAcrossSlices ?? false,
    followLesions: method.followLesions ?? false,
    candidates: slice.candidates.map(candidate => ({
      kind: candidate.kind,
      pixelCount: candidate.pixelCount,
      probability: candidate.probability,
      attributionScore: candidate.attributionScore,
      firstPixel: firstPixel(candidate),
      kept: candidate.kept,
      ...(candidate.skipped ? { skipped: true } : {}),
      ...(candidate.estimated ? { estimated: true } : {}),
      ...(candidate.leftOut ? { leftOut: candidate.leftOut } : {}),
    })),
    evaluations: slice.evaluations,
  };
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify(result, undefined, 1)}\n`);
}
