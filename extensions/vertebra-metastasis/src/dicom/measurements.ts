import { InputError, measureLabels, reportedRegion } from '../core';
import type {
  Labelmap,
  Lesion3dKind,
  LesionDiameters,
  ReportedRegion,
  ReviewSummary,
  VertebraLevel,
  Volume,
} from '../core';
import type { ObjectContext } from './context';
import { items, number, text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { lesionLabel, SCORE_DECIMALS } from './lesionTypes';
import type { AlgorithmType, LesionToWrite } from './lesionTypes';

export interface MeasurementInput extends ObjectContext {
  readonly volume: Volume;
  /** On the CT grid; values are the lesions' indices. */
  readonly labelmap: Labelmap;
  /** Empty when nothing was marked. */
  readonly lesions: readonly LesionToWrite[];
  /** Levels whose bodies were analysed; nothing is said of others. */
  readonly analysed?: readonly VertebraLevel[];
  /** The stored SEG the lesions are in (as `lesionSeg` returned it): tracking is taken from it. Absent when not stored. */
  readonly seg?: NaturalizedInstance;
  /** What a person decided; stands in the JSON. */
  readonly review?: ReviewSummary;
}

/** One lesion in numbers, rounded as they are reported everywhere. */
export interface LesionMeasurements extends ReportedRegion {
  readonly segment: number;
  readonly label: string;
  readonly level: VertebraLevel;
  readonly kind: Lesion3dKind;
  readonly confirmed: boolean;
  readonly algorithmType: AlgorithmType;
  readonly trackingId: string;
  readonly trackingUid: string;
  /** null when the lesion was drawn by a person. */
  readonly score: number | null;
  /** Rounded to 0.1 mm; null where they were not measured. */
  readonly diameters: LesionDiameters | null;
  /** Volume and diameters are lower bounds: the lesion borders on a part that was not searched. */
  readonly atLeast: boolean;
}

/**
 * Volume (from real slice positions) and Hounsfield statistics of each lesion.
 * @throws InputError grid-mismatch, segment-numbers (no voxels, or not in the SEG)
 */
export function measureLesions(input: MeasurementInput): LesionMeasurements[] {
  const { volume, labelmap, lesions, seg, series } = input;
  const measured = measureLabels(volume, labelmap, series.slicePositionsMm);
  const segments = new Map(
    items(seg ?? {}, 'SegmentSequence').map(segment => [number(segment, 'SegmentNumber'), segment])
  );
  return lesions.map(lesion => {
    const region = measured.get(lesion.index);
    const segment = segments.get(lesion.index);
    if (!region || (seg && !segment)) {
      const missing = region ? 'segment-not-saved' : 'segment-empty';
      throw new InputError(missing, { segment: `${lesionLabel(lesion)} (segment ${lesion.index})` });
    }
    return {
      segment: lesion.index,
      label: lesionLabel(lesion),
      level: lesion.level,
      kind: lesion.kind,
      confirmed: lesion.confirmed ?? false,
      algorithmType: lesion.algorithmType,
      trackingId: segment ? text(segment, 'TrackingID') : (lesion.trackingId ?? ''),
      trackingUid: segment ? text(segment, 'TrackingUID') : (lesion.trackingUid ?? ''),
      ...reportedRegion(region),
      score: lesion.score === undefined ? null : Number(lesion.score.toFixed(SCORE_DECIMALS)),
      diameters: lesion.diameters ? rounded(lesion.diameters) : null,
      atLeast: lesion.atLeast ?? false,
    };
  });
}

const rounded = ({ longestAxialMm, perpendicularAxialMm, longestMm }: LesionDiameters): LesionDiameters => ({
  longestAxialMm: Number(longestAxialMm.toFixed(1)),
  perpendicularAxialMm: Number(perpendicularAxialMm.toFixed(1)),
  longestMm: Number(longestMm.toFixed(1)),
});
