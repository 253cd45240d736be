import { PATCH_SIZE } from '@spine/core';
import type { PatchMask } from '@spine/core';
import { PNG } from 'pngjs';
import type { BenchmarkSlice } from './crops';
import type { EvaluatedSlice } from './evaluate';

const SCALE = 2;
const GAP = 4;
const TILE = PATCH_SIZE * SCALE;
/** Lytic red, blastic blue, as in the paper's figures. */
const COLOURS = { lytic: [230, 60, 60], blastic: [70, 120, 255] } as const;

/** What a row of a sheet shows. */
export interface PicturedSlice extends Pick<EvaluatedSlice, 'attribution'> {
  readonly slice: Pick<BenchmarkSlice, 'patch' | 'bodyMask' | 'truth'>;
  readonly predictions: Pick<EvaluatedSlice['predictions'], 'method'>;
}

type Paint = (pixel: number) => readonly [number, number, number];

const grey = (image: Float32Array): Paint => {
  return pixel => {
    const level = Math.round(255 * Math.min(1, Math.max(0, image[pixel] / 1.1)));
    return [level, level, level];
  };
};

/** Red where the edit adds density, blue where it removes it; white at 0.5. */
const signed = (difference: Float32Array): Paint => {
  return pixel => {
    const strength = Math.min(1, Math.abs(difference[pixel]) / 0.5);
    const faded = Math.round(255 * (1 - strength));
    return difference[pixel] > 0 ? [255, faded, faded] : [faded, faded, 255];
  };
};

const overlay = (image: Float32Array, masks: { lytic: PatchMask; blastic: PatchMask }): Paint => {
  const base = grey(image);
  return pixel => {
    const kind = masks.lytic[pixel] ? 'lytic' : masks.blastic[pixel] ? 'blastic' : undefined;
    const [level] = base(pixel);
    if (!kind) return [level, level, level];
    const [r, g, b] = COLOURS[kind];
    return [(level + r) / 2, (level + g) / 2, (level + b) / 2];
  };
};

function tiles({ slice, attribution, predictions }: PicturedSlice): Paint[] {
  const blank: Paint = () => [30, 30, 30];
  const shown = predictions.method ? overlay(slice.patch, predictions.method) : blank;
  return [
    grey(slice.patch),
    overlay(slice.patch, slice.truth),
    attribution ? grey(attribution.reconstruction) : blank,
    attribution ? grey(attribution.healthyEdit) : blank,
    attribution ? signed(attribution.differenceMap.map((d, i) => (slice.bodyMask[i] ? d : 0))) : blank,
    shown,
  ];
}

/**
 * A PNG with one row per slice: patch, truth, reconstruction, healthy edit, difference in the body, kept regions. Grey tiles: the slice was
 * not analysed because its P(malignant) is too low. Anterior is up, superior is left, as the network sees it.
 */
export function contactSheet(slices: readonly PicturedSlice[]): Buffer {
  const rows = slices.map(tiles);
  const width = (rows[0]?.length ?? 1) * (TILE + GAP);
  const height = Math.max(1, rows.length) * (TILE + GAP);
  const png = new PNG({ width, height });
  png.data.fill(255);
  rows.forEach((row, r) =>
    row.forEach((paint, c) => {
      for (let y = 0; y < TILE; y++) {
        for (let x = 0; x < TILE; x++) {
          const colour = paint(Math.floor(y / SCALE) * PATCH_SIZE + Math.floor(x / SCALE));
          const offset = 4 * ((r * (TILE + GAP) + y) * width + c * (TILE + GAP) + x);
          png.data.set(colour, offset);
        }
      }
    })
  );
  return PNG.sync.write(png);
}
