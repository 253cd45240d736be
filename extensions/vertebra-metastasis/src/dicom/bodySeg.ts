import { describeMask, InputError, maskRecord } from '../core';
import type { Labelmap, VertebraLevel } from '../core';
import { CODES, levelCode } from './codes';
import { NO_LESION_TITLE, RESEARCH_USE, SERIES_TITLES } from './context';
import type { ObjectContext } from './context';
import { text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { dicomCieLab } from './identity';
import { privateState } from './privateBlock';
import { segmentationObject } from './segObject';
import type { SegObject } from './segObject';

/** Distinct from the lesions' red and blue. */
const BODY_COLOUR = [235, 215, 165] as const;
/** Series numbers of body masks come after those of lesions, RT structure sets and reports. */
const SERIES_OFFSET = 600;
/** ContentLabel by which a result without lesions is known again; archives keep standard attributes. */
const NO_LESION_LABEL = 'SPINE_NO_LESION';

/** One body to be written. */
export interface BodyToWrite {
  readonly label: number;
  readonly level: VertebraLevel;
  /** How we segmented it; absent for a mask that was given. */
  readonly origin?: 'click' | 'search';
  /** A person changed voxels of our mask. */
  readonly corrected?: boolean;
}

export interface BodySegInput extends ObjectContext {
  /** Vertebral bodies on the grid of the series, by any labels. */
  readonly bodies: Labelmap;
  /** The bodies to write. */
  readonly vertebrae: readonly BodyToWrite[];
  /** BINARY by default. */
  readonly encoding?: 'BINARY' | 'LABELMAP';
}

/**
 * The vertebral bodies that were analysed, as a DICOM Segmentation of its own: it says what the lesions' SEG is about, also where no lesion
 * was found, and can be read as vertebra masks again.
 * @throws InputError no-vertebrae, and what `segmentationObject` throws
 */
export function bodySeg(input: BodySegInput): NaturalizedInstance {
  return bodiesObject(input, 'Analysed region', {
    description: SERIES_TITLES.bodies,
    seriesOffset: SERIES_OFFSET,
    contentLabel: 'SPINE_BODIES',
    contentDescription: 'Vertebral bodies that were analysed, research use only',
  });
}

/**
 * A result in which no lesion is left, as when a person rejected every region. A segmentation must have a segment, so this one holds what the
 * result is about, the bodies that were analysed. It takes its place among the saves of the lesions and is read back by `readLesionSeg`.
 * @throws InputError no-vertebrae, and what `segmentationObject` throws
 */
export function noLesionSeg({ state, ...input }: BodySegInput & { readonly state?: unknown }): NaturalizedInstance {
  const object = bodiesObject(input, 'Analysed region, no lesion marked', {
    description: NO_LESION_TITLE,
    seriesOffset: 0,
    contentLabel: NO_LESION_LABEL,
    contentDescription: 'Analysed bodies, no lesion marked, research use only',
  });
  return { ...object, ...(state === undefined ? {} : privateState(state)) };
}

export const isNoLesionSeg = (seg: NaturalizedInstance): boolean => text(seg, 'ContentLabel') === NO_LESION_LABEL;

type Title = Pick<SegObject<never>, 'description' | 'seriesOffset' | 'contentLabel' | 'contentDescription'>;

function bodiesObject({ bodies, vertebrae, ...context }: BodySegInput, finding: string, title: Title) {
  if (vertebrae.length === 0) throw new InputError('no-bodies-to-save');
  const indexOf = new Map(vertebrae.map(({ label }, n) => [label, n + 1]));
  const labels = new Uint8Array(bodies.labels.length);
  for (let n = 0; n < labels.length; n++) {
    if (bodies.labels[n] !== 0) labels[n] = indexOf.get(bodies.labels[n]) ?? 0;
  }
  return segmentationObject({
    ...context,
    ...title,
    labelmap: { ...bodies, labels },
    segments: vertebrae.map((vertebra, n) => ({ ...vertebra, index: n + 1 })),
    itemOf: ({ index, level, ...mask }, { voxels }) => ({
      SegmentNumber: index,
      SegmentLabel: `${level} vertebral body`,
      SegmentDescription: `${finding}; ${describeMask(maskRecord({ level, ...mask }))}; ${voxels} voxels; ${RESEARCH_USE.toLowerCase()}`,
      // One is required; of a given mask it is our cut to the body.
      SegmentAlgorithmType: bodyAlgorithm(mask) ?? 'AUTOMATIC',
      SegmentAlgorithmName: mask.origin ? 'Vertebral body segmentation' : 'Vertebral body of the given mask',
      SegmentedPropertyCategoryCodeSequence: [CODES.anatomicalStructure],
      SegmentedPropertyTypeCodeSequence: [CODES.vertebralBody],
      AnatomicRegionSequence: [levelCode(level)],
      RecommendedDisplayCIELabValue: dicomCieLab(BODY_COLOUR),
    }),
  });
}

/** Who drew a mask; undefined for one that was given. */
export function bodyAlgorithm({ origin, corrected }: Pick<BodyToWrite, 'origin' | 'corrected'>) {
  if (origin === 'click' || corrected) return 'SEMIAUTOMATIC';
  return origin === 'search' ? 'AUTOMATIC' : undefined;
}
