/** How our segmentations look in the viewer. */
import { KIND_COLOURS, type VertebraLevel } from '../../core';
import { lesionLabel } from '../../dicom';
import type { BodyMap } from './sessionBodies';
import type { LesionMap } from './lesionMap';
import type { SegmentationStyle } from './segmentationView';

/** Begins the id of our lesion segmentations. */
export const LESION_SEGMENTATION_PREFIX = 'spine-oncology-lesions-';
export const BODY_SEGMENTATION_PREFIX = 'spine-oncology-bodies-';

export const lesionStyle: SegmentationStyle<LesionMap> = {
  idPrefix: LESION_SEGMENTATION_PREFIX,
  title: 'Vertebral lesions (research use only)',
  algorithmName: 'Hide-and-Seek Attribution',
  segmentOf: segment => ({
    label: lesionLabel(segment),
    algorithmType: segment.algorithmType,
    colour: KIND_COLOURS[segment.kind],
  }),
  // Fill is what would be saved; lines are drawn while the candidates, which have lines of their own, are not.
  style: { renderFill: true, renderOutline: true, fillAlpha: 0.3, fillAlphaInactive: 0.3, outlineWidth: 2 },
};

export const priorStyle: SegmentationStyle<LesionMap> = {
  ...lesionStyle,
  idPrefix: 'spine-oncology-prior-',
  title: 'Lesions of the earlier study (research use only)',
};

/** Neighbours differ, none is near the red and blue of the lesions. */
const BODY_COLOURS = [
  [235, 215, 165],
  [150, 205, 140],
] as const;

export const bodyStyle: SegmentationStyle<BodyMap> = {
  idPrefix: BODY_SEGMENTATION_PREFIX,
  title: 'Vertebral bodies (research use only)',
  algorithmName: 'Vertebral body segmentation',
  segmentOf: ({ level, algorithmType }, place) => ({
    label: bodyLabel(level),
    algorithmType,
    colour: BODY_COLOURS[place % BODY_COLOURS.length],
  }),
  // Bone and lesions must stay visible underneath.
  style: { renderFill: true, renderOutline: true, fillAlpha: 0.15, fillAlphaInactive: 0.1, outlineWidth: 2 },
};

export function bodyLabel(level: VertebraLevel): string {
  return `${level} vertebral body`;
}
