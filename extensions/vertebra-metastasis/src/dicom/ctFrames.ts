/** Multi-frame CT (Enhanced CT, Legacy Converted Enhanced CT; PS3.3 A.38, A.70): each frame as a slice of its own. */
import { InputError } from '../core';
import { describe, item, items, number, text, valuesOf } from './dataset';
import type { NaturalizedInstance } from './dataset';

export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
export const MULTI_FRAME_CT = ['1.2.840.10008.5.1.4.1.1.2.1', '1.2.840.10008.5.1.4.1.1.2.2'];

/** Keyword -> the functional group in which a multi-frame image keeps it (PS3.3 C.7.6.16). */
const GROUPED: Readonly<Record<string, string>> = {
  ImagePositionPatient: 'PlanePositionSequence',
  ImageOrientationPatient: 'PlaneOrientationSequence',
  PixelSpacing: 'PixelMeasuresSequence',
  SliceThickness: 'PixelMeasuresSequence',
  RescaleIntercept: 'PixelValueTransformationSequence',
  RescaleSlope: 'PixelValueTransformationSequence',
  RescaleType: 'PixelValueTransformationSequence',
};

/**
 * The instances with each multi-frame CT replaced by one dataset per frame: the attributes of a single-frame slice, the
 * UIDs of the object, and `frameNumber`, by which files refer to it and its pixels are found.
 * @throws InputError 'multi-frame-ct' where groups and NumberOfFrames do not match
 */
export function framesOfCt(instances: readonly NaturalizedInstance[]): NaturalizedInstance[] {
  return instances.flatMap(instance =>
    MULTI_FRAME_CT.includes(text(instance, 'SOPClassUID')) ? framesOf(instance) : [instance]
  );
}

/** Number from 1 of the frame that a slice is of a multi-frame object; undefined for a single-frame image. */
export const frameNumberOf = (slice: NaturalizedInstance): number | undefined =>
  typeof slice.frameNumber === 'number' ? slice.frameNumber : undefined;

/** What tells the slices of a series apart: the SOP instance, and within a multi-frame one the frame. */
export const sliceKey = (slice: NaturalizedInstance): string =>
  [text(slice, 'SOPInstanceUID'), frameNumberOf(slice) ?? 1].join('#');

function framesOf(object: NaturalizedInstance): NaturalizedInstance[] {
  const { PerFrameFunctionalGroupsSequence, SharedFunctionalGroupsSequence, ...common } = object;
  const shared = item({ SharedFunctionalGroupsSequence }, 'SharedFunctionalGroupsSequence');
  const groups = items({ PerFrameFunctionalGroupsSequence }, 'PerFrameFunctionalGroupsSequence');
  const frames = number(object, 'NumberOfFrames') ?? groups.length;
  if (groups.length !== frames || frames === 0) {
    throw new InputError('multi-frame-ct', { object: describe(object), frames, groups: groups.length });
  }
  return groups.map((group, frame) => {
    const grouped = Object.entries(GROUPED).flatMap(([keyword, macro]) => {
      const own = item(group, macro)[keyword] ?? item(shared, macro)[keyword];
      return own === undefined ? [] : [[keyword, own] as const];
    });
    return {
      ...common,
      ...Object.fromEntries(grouped),
      ImageType: frameType(group, shared) ?? valuesOf(object, 'ImageType'),
      frameNumber: frame + 1,
    };
  });
}

function frameType(group: NaturalizedInstance, shared: NaturalizedInstance): unknown[] | undefined {
  for (const holder of [group, shared]) {
    const values = valuesOf(item(holder, 'CTImageFrameTypeSequence'), 'FrameType');
    if (values.length > 0) return values;
  }
  return undefined;
}
