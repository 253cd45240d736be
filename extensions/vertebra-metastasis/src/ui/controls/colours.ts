import { KIND_COLOURS } from '../../core/kinds';
import type { Lesion3dKind } from '../../core/types';

export function kindCss(kind: Lesion3dKind, alpha = 1): string {
  return `rgb(${KIND_COLOURS[kind].join(' ')} / ${alpha})`;
}

/** How far outlines are lightened: on grey images the colours of the files are too dark for a thin line. */
const LIGHTER = 0.35;

/** Red and blue stay apart with every common form of colour blindness; the line style tells the kinds apart without colour. */
export function outlineCss(kind: Lesion3dKind): string {
  return `rgb(${KIND_COLOURS[kind].map(value => Math.round(value + LIGHTER * (255 - value))).join(' ')})`;
}

/** Dash pattern in CSS pixels: lytic dashed, blastic solid, mixed dash and dot. */
export const KIND_DASH: Readonly<Record<Lesion3dKind, string | undefined>> = {
  lytic: '5 3',
  blastic: undefined,
  mixed: '6 2 1 2',
};

/** The selected candidate. */
export const FOCUS_CSS = 'rgb(253 224 71)';
/** Lines over parts that were not searched. */
export const HATCH_CSS = 'rgb(226 232 240 / 0.55)';
/** A candidate that does not count. */
export const IGNORED_CSS = 'rgb(226 232 240)';
export const IGNORED_DASH = '1 3';
