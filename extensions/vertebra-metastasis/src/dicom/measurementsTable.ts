import { describeSampler, RESEARCH_NOTICE } from '../core';
import { MANUFACTURER, notAssessedWords, PRODUCT, SOFTWARE_VERSION } from './context';
import { csvText, type CsvCell } from './csv';
import { text } from './dataset';
import { dicomDateTime } from './identity';
import { measureLesions } from './measurements';
import type { LesionMeasurements, MeasurementInput } from './measurements';

/** Where numbers come from; stands on every row of the CSV, so that a row copied elsewhere keeps it. */
export interface TableProvenance {
  readonly created: string;
  readonly software: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
  readonly sampler: string;
  readonly attributionThreshold: number;
  readonly provider: string;
  readonly studyInstanceUid: string;
  readonly ctSeriesInstanceUid: string;
  /** Levels whose bodies were analysed, separated by blanks; nothing is said of others. */
  readonly analysedLevels: string;
  /** Of these, computed unattended and not yet reviewed by a person, separated by blanks. */
  readonly notReviewedLevels: string;
  /** What the result says nothing about, in English; slices and vertebrae that were only screened are among it. */
  readonly notAssessed: string;
  /** Empty when the lesions were not saved as they are. */
  readonly segSopInstanceUid: string;
}

export interface MeasurementsTable {
  /** RFC 4180, one line per lesion, CRLF. */
  readonly csv: string;
  /** Two-space indented JSON with the same numbers, and what a person decided. */
  readonly json: string;
  readonly lesions: readonly LesionMeasurements[];
}

/**
 * The measurements of all lesions as CSV and JSON: the numbers of the structured report, with their provenance. No patient
 * name or identifier is in it besides the DICOM UIDs.
 */
export function measurementsTable(input: MeasurementInput): MeasurementsTable {
  const lesions = measureLesions(input);
  const provenance = provenanceOf(input);
  const header = [...COLUMNS.map(([name]) => name), ...Object.keys(provenance).map(snakeCase)];
  const rows = lesions.map(lesion => [...COLUMNS.map(([, valueOf]) => valueOf(lesion)), ...Object.values(provenance)]);
  return {
    csv: csvText([header, ...rows]),
    json: JSON.stringify(
      { researchUseOnly: true, notice: RESEARCH_NOTICE, provenance, lesions, review: input.review },
      null,
      2
    ),
    lesions,
  };
}

function provenanceOf({
  model,
  sampler,
  threshold,
  provider,
  series,
  seg,
  now,
  analysed = [],
  notReviewed = [],
  notAssessed,
}: MeasurementInput): TableProvenance {
  const { date, time } = dicomDateTime(now ?? new Date());
  return {
    created: `${date}T${time}`,
    software: `${MANUFACTURER}: ${PRODUCT} ${SOFTWARE_VERSION}`,
    modelId: model.id,
    modelVersion: model.version,
    modelSha256: model.sha256,
    sampler: describeSampler(sampler),
    attributionThreshold: threshold,
    provider,
    studyInstanceUid: series.studyInstanceUID,
    ctSeriesInstanceUid: series.seriesInstanceUID,
    analysedLevels: analysed.join(' '),
    notReviewedLevels: notReviewed.join(' '),
    notAssessed: notAssessedWords({ notAssessed }),
    segSopInstanceUid: text(seg ?? {}, 'SOPInstanceUID'),
  };
}

/** modelSha256 -> model_sha256, ctSeriesInstanceUid -> ct_series_instance_uid */
const snakeCase = (name: string): string => name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();

/** Column names carry the units. */
const COLUMNS: readonly (readonly [name: string, valueOf: (lesion: LesionMeasurements) => CsvCell])[] = [
  ['segment', lesion => lesion.segment],
  ['label', lesion => lesion.label],
  ['level', lesion => lesion.level],
  ['kind', lesion => lesion.kind],
  ['confirmed', lesion => lesion.confirmed],
  ['algorithm', lesion => lesion.algorithmType],
  ['volume_mm3', lesion => lesion.cubicMillimetres],
  ['volume_ml', lesion => lesion.millilitres],
  ['at_least', lesion => lesion.atLeast],
  ['long_axis_mm', lesion => lesion.diameters?.longestAxialMm ?? null],
  ['short_axis_mm', lesion => lesion.diameters?.perpendicularAxialMm ?? null],
  ['longest_mm', lesion => lesion.diameters?.longestMm ?? null],
  ['voxels', lesion => lesion.voxels],
  ['hu_mean', lesion => lesion.hu.mean],
  ['hu_sd', lesion => lesion.hu.standardDeviation],
  ['hu_min', lesion => lesion.hu.minimum],
  ['hu_max', lesion => lesion.hu.maximum],
  ['hu_median', lesion => lesion.hu.median],
  ['hu_p10', lesion => lesion.huPercentiles.p10],
  ['hu_p90', lesion => lesion.huPercentiles.p90],
  ['attribution_score', lesion => lesion.score],
  ['centroid_left_mm', lesion => lesion.centroidLps[0]],
  ['centroid_posterior_mm', lesion => lesion.centroidLps[1]],
  ['centroid_superior_mm', lesion => lesion.centroidLps[2]],
  ['tracking_id', lesion => lesion.trackingId],
  ['tracking_uid', lesion => lesion.trackingUid],
];
