import { InputError } from '../core';
import { PRIVATE_SCHEME_ITEM } from './codes';
import { SERIES_TITLES } from './context';
import type { NaturalizedInstance } from './dataset';
import { SCORE_DECIMALS } from './lesionTypes';
import type { LesionSegInput } from './lesionTypes';
import { privateScores, privateState } from './privateBlock';
import { segmentItem } from './segItem';
import { segmentationObject } from './segObject';

/**
 * The lesions as a DICOM Segmentation on the CT grid: one segment per lesion, or per vertebra and kind. Encode with `encodeDataset`.
 * @throws InputError no-lesions, and what `segmentationObject` throws
 */
export function lesionSeg(input: LesionSegInput): NaturalizedInstance {
  if (input.segments.length === 0) {
    throw new InputError('no-lesions');
  }
  const object = segmentationObject({
    ...input,
    description: SERIES_TITLES.lesions,
    seriesOffset: 0,
    contentLabel: 'SPINE_LESIONS',
    contentDescription: 'Lytic and blastic vertebral lesions, research use only',
    itemOf: (lesion, size, uid) => segmentItem(lesion, input, size, uid),
  });
  const scores = input.segments.flatMap(({ index, score }) =>
    score === undefined ? [] : [[index, Number(score.toFixed(SCORE_DECIMALS))] as const]
  );
  return {
    ...object,
    CodingSchemeIdentificationSequence: [PRIVATE_SCHEME_ITEM],
    ...privateScores(new Map(scores)),
    ...(input.state === undefined ? {} : privateState(input.state)),
  };
}
