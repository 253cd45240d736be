import { KIND_COLOURS } from '../core/kinds';
import type { LesionKind } from '../core/types';

export function kindCss(kind: LesionKind, alpha = 1): string {
  return `rgb(${KIND_COLOURS[kind].join(' ')} / ${alpha})`;
}
