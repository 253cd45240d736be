/** Binary morphology and smoothing of 64 x 64 patches; neighbours are the four beside, above and below. */
import { PATCH_PIXELS, PATCH_SIZE, type PatchMask } from '../types';

/** Pixels within `steps` steps of the mask. */
export function dilated(mask: PatchMask, steps: number): PatchMask {
  let now = mask;
  for (let step = 0; step < steps; step++) {
    const before = now;
    now = before.map((inside, i) => (inside || neighbours(i).some(n => before[n]) ? 1 : 0));
  }
  return now;
}

/** Pixels more than `steps` steps inside the mask; beyond the patch nothing is inside. */
export function eroded(mask: PatchMask, steps: number): PatchMask {
  let now = mask;
  for (let step = 0; step < steps; step++) {
    const before = now;
    now = before.map((inside, i) => {
      const around = neighbours(i);
      return inside && around.length === 4 && around.every(n => before[n]) ? 1 : 0;
    });
  }
  return now;
}

/** The mask with its holes: all that cannot be reached from the patch's border without crossing it. */
export function filled(mask: PatchMask): PatchMask {
  const outside = new Uint8Array(PATCH_PIXELS);
  const queue: number[] = [];
  const visit = (i: number) => {
    if (mask[i] || outside[i]) return;
    outside[i] = 1;
    queue.push(i);
  };
  for (let i = 0; i < PATCH_PIXELS; i++) if (neighbours(i).length < 4) visit(i);
  for (let head = 0; head < queue.length; head++) neighbours(queue[head]).forEach(visit);
  return outside.map(reached => (reached ? 0 : 1));
}

/** Gaussian blur, the border mirrored; kernel cut at four standard deviations. */
export function smoothed(image: Float32Array, sigma: number): Float32Array {
  const reach = Math.floor(4 * sigma + 0.5);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, n) => Math.exp(-((n - reach) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const along = (source: Float32Array, at: (line: number, place: number) => number) => {
    const out = new Float32Array(PATCH_PIXELS);
    for (let line = 0; line < PATCH_SIZE; line++)
      for (let place = 0; place < PATCH_SIZE; place++) {
        let value = 0;
        weights.forEach((weight, n) => (value += weight * source[at(line, mirrored(place + n - reach))]));
        out[at(line, place)] = value / sum;
      }
    return out;
  };
  const rows = along(image, (row, column) => row * PATCH_SIZE + column);
  return along(rows, (column, row) => row * PATCH_SIZE + column);
}

/** The border pixel counts once more beyond the border. */
const mirrored = (place: number) => (place < 0 ? -1 - place : place >= PATCH_SIZE ? 2 * PATCH_SIZE - 1 - place : place);

function neighbours(i: number): number[] {
  const column = i % PATCH_SIZE;
  return [
    ...(i >= PATCH_SIZE ? [i - PATCH_SIZE] : []),
    ...(column > 0 ? [i - 1] : []),
    ...(column < PATCH_SIZE - 1 ? [i + 1] : []),
    ...(i + PATCH_SIZE < PATCH_PIXELS ? [i + PATCH_SIZE] : []),
  ];
}
