import { PATCH_SIZE } from '../types';
import type { PatchMask } from '../types';

/** One 4-connected component: its pixels as row-major indices, in the order found. */
export type Component = readonly number[];

/** 4-connected components of a 64 x 64 mask, in raster order of their first pixel (as scipy.ndimage.label numbers them). */
export function connectedComponents(mask: PatchMask): Component[] {
  const seen = new Uint8Array(mask.length);
  const components: Component[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const pixels = [start];
    seen[start] = 1;
    const visit = (index: number) => {
      if (mask[index] && !seen[index]) {
        seen[index] = 1;
        pixels.push(index);
      }
    };
    for (let head = 0; head < pixels.length; head++) {
      const index = pixels[head];
      const column = index % PATCH_SIZE;
      if (index >= PATCH_SIZE) visit(index - PATCH_SIZE);
      if (index + PATCH_SIZE < mask.length) visit(index + PATCH_SIZE);
      if (column > 0) visit(index - 1);
      if (column < PATCH_SIZE - 1) visit(index + 1);
    }
    components.push(pixels);
  }
  return components;
}
