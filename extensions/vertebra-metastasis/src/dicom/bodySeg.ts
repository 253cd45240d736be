import { InputError } from '../core';
import type { Labelmap, VertebraLevel } from '../core';
import { CODES, levelCode } from './codes';
import { RESEARCH_USE, SERIES_TITLES } from './context';
import type { ObjectContext } from './context';
import type { NaturalizedInstance } from './dataset';
import { dicomCieLab } from './identity';
import { segmentationObject } from './segObject';

/** Distinct from the lesions' red and blue. */
const BODY_COLOUR = [235, 215, 165] as const;
/** Series numbers of body masks come after those of lesions, RT structure sets and reports. */
const SERIES_OFFSET = 600;

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
export function bodySeg({ bodies, vertebrae, ...context }: BodySegInput): NaturalizedInstance {
  if (vertebrae.length === 0) throw new InputError('no-vertebrae', 'There is no vertebral body to save.');
  const indexOf = new Map(vertebrae.map(({ label }, n) => [label, n + 1]));
  const labels = new Uint8Array(bodies.labels.length);
  bodies.labels.forEach((label, n) => {
    if (label !== 0) labels[n] = indexOf.get(label) ?? 0;
  });
  return segmentationObject({
    ...context,
    labelmap: { ...bodies, labels },
    segments: vertebrae.map((vertebra, n) => ({ ...vertebra, index: n + 1 })),
    description: SERIES_TITLES.bodies,
    seriesOffset: SERIES_OFFSET,
    contentLabel: 'SPINE_BODIES',
    contentDescription: 'Vertebral bodies that were analysed, research use only',
    itemOf: ({ index, level, ...mask }, voxels) => ({
      SegmentNumber: index,
      SegmentLabel: `${level} vertebral body`,
      SegmentDescription: `Analysed region; ${maskInWords(mask)}; ${voxels} voxels; ${RESEARCH_USE.toLowerCase()}`,
      SegmentAlgorithmType: mask.origin === 'click' || mask.corrected ? 'SEMIAUTOMATIC' : 'AUTOMATIC',
      SegmentAlgorithmName: mask.origin ? 'Vertebral body segmentation' : 'Vertebral body of the given mask',
      SegmentedPropertyCategoryCodeSequence: [CODES.anatomicalStructure],
      SegmentedPropertyTypeCodeSequence: [CODES.vertebralBody],
      AnatomicRegionSequence: [levelCode(level)],
      RecommendedDisplayCIELabValue: dicomCieLab(BODY_COLOUR),
    }),
  });
}

/** How a mask came about: "mask by click", "mask found automatically, corrected by hand". */
export function maskInWords({ origin, corrected }: Pick<BodyToWrite, 'origin' | 'corrected'>): string {
  const made = { click: 'mask by click', search: 'mask found automatically', given: 'mask given' }[origin ?? 'given'];
  return corrected ? `${made}, corrected by hand` : made;
}
