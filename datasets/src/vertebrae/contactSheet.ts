/** The middle slice of many vertebrae at a glance: is the mask on the body, is anything upside down? */
import { PATCH_SIZE } from '@spine/core';
import { PNG } from 'pngjs';
import type { VertebraCrop } from './crop';

const SCALE = 2;
const GAP = 4;
const COLUMNS = 10;
const TILE = PATCH_SIZE * SCALE;
/** Window of bone. HU */
const [DARK, BRIGHT] = [-200, 800];
const BORDER = { malignant: [230, 60, 60], healthy: [90, 90, 90] } as const;
const OUTLINE = [80, 200, 120] as const;

export interface SheetEntry {
  readonly crop: VertebraCrop;
  readonly malignant: boolean;
}

/** Shown upright: the patient's front on the left, the head above. A red border for malignant, the body's outline in green. */
export function contactSheet(entries: readonly SheetEntry[]): Buffer {
  const rows = Math.ceil(entries.length / COLUMNS);
  const step = TILE + GAP;
  const png = new PNG({ width: COLUMNS * step + GAP, height: rows * step + GAP, colorType: 2 });
  const paint = (x: number, y: number, [r, g, b]: readonly number[]) =>
    png.data.set([r, g, b, 255], 4 * (y * png.width + x));
  entries.forEach(({ crop, malignant }, index) => {
    const left = GAP + (index % COLUMNS) * step;
    const top = GAP + Math.floor(index / COLUMNS) * step;
    const border = malignant ? BORDER.malignant : BORDER.healthy;
    for (let y = -2; y < TILE + 2; y++) for (let x = -2; x < TILE + 2; x++) paint(left + x, top + y, border);
    const at = reader(crop);
    for (let y = 0; y < TILE; y++) {
      for (let x = 0; x < TILE; x++) paint(left + x, top + y, at(Math.floor(x / SCALE), Math.floor(y / SCALE)));
    }
  });
  return PNG.sync.write(png);
}

/** Colour at a place of the middle slice: right is posterior, down is inferior. */
function reader({ hu, body, dims }: VertebraCrop) {
  const start = PATCH_SIZE * PATCH_SIZE * Math.floor(dims[2] / 2);
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < PATCH_SIZE && y < PATCH_SIZE && body[start + x + PATCH_SIZE * y] > 0;
  return (x: number, y: number): readonly number[] => {
    const edge = inside(x, y) && !(inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1));
    if (edge) return OUTLINE;
    const share = (hu[start + x + PATCH_SIZE * y] - DARK) / (BRIGHT - DARK);
    const level = Math.round(255 * Math.min(1, Math.max(0, share)));
    return [level, level, level];
  };
}
