import type { LesionKind } from '../core/types';

/** Lytic red, blastic blue as in the paper's figures; this pair stays apart in the common colour-vision deficiencies. */
export const KIND_RGB: Record<LesionKind, readonly [number, number, number]> = {
  lytic: [235, 77, 61],
  blastic: [64, 156, 255],
};

export function kindCss(kind: LesionKind, alpha = 1): string {
  return `rgb(${KIND_RGB[kind].join(' ')} / ${alpha})`;
}
