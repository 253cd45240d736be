/** Rows of contact sheets for slices of a whole CT. */
import {
  applyAffine,
  type Labelmap,
  labelExtents,
  normalisePatch,
  PATCH_PIXELS,
  type PatchMask,
  sagittalPatch,
  type VertebraAnalysis,
} from '@spine/core';
import { TRUTH } from '@spine/phantoms';
import type { PicturedSlice } from '../contactSheet';
import type { CtCase, ShippedModel } from './study';

/**
 * The slice `offsetMm` from the centre of a body, whether or not it was searched.
 * @param truth on the CT's grid: 1 lytic, 2 blastic
 */
export function pictured(
  { spec }: ShippedModel,
  { volume, bodies }: CtCase,
  { extent, centreLps, slices }: VertebraAnalysis,
  offsetMm: number,
  truth?: Labelmap
): PicturedSlice {
  const site = { extent, centreLps, offsetsMm: [offsetMm] };
  const { raw, bodyMask } = sagittalPatch(volume, bodies, site, offsetMm, spec);
  const attribution = slices.find(slice => slice.offsetMm === offsetMm)?.attribution;
  const trueMask = (value: number): PatchMask => {
    const where = truth && labelExtents(truth).get(value);
    if (!where) return new Uint8Array(PATCH_PIXELS);
    const { bodyMask: inside } = sagittalPatch(volume, truth, { ...site, extent: where }, offsetMm, spec);
    return inside.map((lesion, pixel) => lesion & bodyMask[pixel]);
  };
  return {
    slice: {
      patch: normalisePatch(raw),
      bodyMask,
      truth: { lytic: trueMask(TRUTH.lytic), blastic: trueMask(TRUTH.blastic) },
    },
    attribution,
    predictions: attribution ? { method: { lytic: attribution.lyticMask, blastic: attribution.blasticMask } } : {},
  };
}

/** Offset, mm, of the assessed slice of a body that lies nearest to where most of these voxels are. */
export function sliceThrough(
  { bodies: { dims, indexToLps } }: CtCase,
  { centreLps, slices, screenedSlices }: VertebraAnalysis,
  offsets: Iterable<number>
): number {
  const byColumn = new Map<number, number>();
  for (const at of offsets) {
    const index = [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / (dims[0] * dims[1]))] as const;
    const x = applyAffine(indexToLps, index)[0];
    byColumn.set(x, (byColumn.get(x) ?? 0) + 1);
  }
  const [x] = [...byColumn].reduce((best, other) => (other[1] > best[1] ? other : best));
  const away = (offsetMm: number) => Math.abs(centreLps[0] + offsetMm - x);
  return [...slices, ...screenedSlices]
    .map(({ offsetMm }) => offsetMm)
    .reduce((best, other) => (away(other) < away(best) ? other : best));
}
