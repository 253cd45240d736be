import { KIND_COLOURS } from '../core';
import { CODES, KIND_CODES, levelCode } from './codes';
import { algorithmParameters, MANUFACTURER, PRODUCT, SOFTWARE_VERSION } from './context';
import type { ObjectContext } from './context';
import type { NaturalizedInstance } from './dataset';
import { clip, dicomCieLab } from './identity';
import { lesionLabel, SCORE_DECIMALS } from './lesionTypes';
import type { LesionToWrite } from './lesionTypes';
import type { SegmentSize } from './segObject';

export { KIND_COLOURS };

/** One item of SegmentSequence (PS3.3 C.8.20.4) for a lesion. */
export function segmentItem(
  lesion: LesionToWrite,
  context: ObjectContext,
  size: SegmentSize,
  uid: () => string
): NaturalizedInstance {
  const label = lesionLabel(lesion);
  return {
    SegmentNumber: lesion.index,
    SegmentLabel: clip(label, 64),
    SegmentDescription: description(lesion, size),
    ...algorithm(lesion, context),
    SegmentedPropertyCategoryCodeSequence: [CODES.morphologicallyAbnormal],
    SegmentedPropertyTypeCodeSequence: [
      {
        ...(lesion.confirmed ? CODES.neoplasmSecondary : CODES.lesion),
        SegmentedPropertyTypeModifierCodeSequence: [KIND_CODES[lesion.kind]],
      },
    ],
    AnatomicRegionSequence: [levelCode(lesion.level)],
    RecommendedDisplayCIELabValue: dicomCieLab(KIND_COLOURS[lesion.kind]),
    TrackingID: lesion.trackingId ?? label,
    TrackingUID: lesion.trackingUid ?? uid(),
  };
}

/** Score and volume in words, after what cannot be concluded. */
function description({ score, confirmed, atLeast }: LesionToWrite, { voxels, millilitres }: SegmentSize): string {
  const parts = [
    confirmed ? 'Confirmed by a person' : 'Unreviewed or not confirmed',
    ...(score === undefined ? [] : [`attribution score ${score.toFixed(SCORE_DECIMALS)}`]),
    `${atLeast ? 'at least ' : ''}${millilitres.toFixed(3)} ml`,
    `${voxels} voxels`,
    'research use only',
  ];
  return parts.join('; ');
}

function algorithm(lesion: LesionToWrite, context: ObjectContext): NaturalizedInstance {
  if (lesion.algorithmType === 'MANUAL') return { SegmentAlgorithmType: 'MANUAL' };
  return {
    SegmentAlgorithmType: lesion.algorithmType,
    SegmentAlgorithmName: clip(PRODUCT, 64),
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [CODES.artificialIntelligence],
        AlgorithmName: clip(PRODUCT, 64),
        AlgorithmVersion: clip(`${SOFTWARE_VERSION}, model ${context.model.id} ${context.model.version}`, 64),
        AlgorithmParameters: algorithmParameters(context),
        AlgorithmSource: clip(MANUFACTURER, 64),
      },
    ],
  };
}
