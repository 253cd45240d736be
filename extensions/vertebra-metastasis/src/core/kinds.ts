import type { Lesion3dKind, LesionKind } from './types';

/** In the order of lists and files. */
export const LESION_KINDS: readonly LesionKind[] = ['lytic', 'blastic'];
export const LESION_3D_KINDS: readonly Lesion3dKind[] = [...LESION_KINDS, 'mixed'];

/**
 * Colours in sRGB 0-255, the same in panel, viewports and files; as in the figures of the paper: lytic red, blastic blue. The
 * blue has enough red in it to stay inside sRGB also in readers that take CIELab relative to D65 (dcmjs, dcmqi) where the
 * standard says D50.
 */
export const KIND_COLOURS: Readonly<Record<Lesion3dKind, readonly [number, number, number]>> = {
  lytic: [220, 38, 38],
  blastic: [80, 120, 230],
  mixed: [168, 85, 200],
};
