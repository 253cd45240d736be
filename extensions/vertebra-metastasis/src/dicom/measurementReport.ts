import { answerItems } from './answers';
import { code, CODES, KIND_CODES, levelCode, PRIVATE_SCHEME_ITEM } from './codes';
import type { Code } from './codes';
import {
  algorithmParameters,
  commonModules,
  MANUFACTURER,
  notAssessedWords,
  PRODUCT,
  RESEARCH_USE,
  SERIES_TITLES,
  SOFTWARE_VERSION,
  unattendedWords,
} from './context';
import type { NaturalizedInstance } from './dataset';
import { text } from './dataset';
import { newUid as randomUid, uidFromHash } from './identity';
import { lesionLabel } from './lesionTypes';
import type { LesionMeasurements, MeasurementInput } from './measurements';
import { measureLesions } from './measurements';
import {
  codeItem,
  containerItem,
  numberItem,
  personItem,
  rootContainer,
  segmentReference,
  textItem,
  uidItem,
} from './srContent';

export const COMPREHENSIVE_SR_STORAGE = '1.2.840.10008.5.1.4.1.1.88.33';

const DCM = (value: string, meaning: string): Code => code(value, 'DCM', meaning);
const SCT = (value: string, meaning: string): Code => code(value, 'SCT', meaning);
const UCUM = (value: string, meaning: string): Code => code(value, 'UCUM', meaning);

const NAMES = {
  report: DCM('126000', 'Imaging Measurement Report'),
  language: DCM('121049', 'Language of Content Item and Descendants'),
  procedure: DCM('121058', 'Procedure reported'),
  observerType: DCM('121005', 'Observer Type'),
  person: DCM('121006', 'Person'),
  device: DCM('121007', 'Device'),
  personName: DCM('121008', 'Person Observer Name'),
  deviceUid: DCM('121012', 'Device Observer UID'),
  deviceName: DCM('121013', 'Device Observer Name'),
  deviceManufacturer: DCM('121014', 'Device Observer Manufacturer'),
  deviceModel: DCM('121015', 'Device Observer Model Name'),
  measurements: DCM('126010', 'Imaging Measurements'),
  evaluations: code('C0034375', 'UMLS', 'Qualitative Evaluations'),
  comment: DCM('121106', 'Comment'),
  group: DCM('125007', 'Measurement Group'),
  trackingId: DCM('112039', 'Tracking Identifier'),
  trackingUid: DCM('112040', 'Tracking Unique Identifier'),
  finding: DCM('121071', 'Finding'),
  findingSite: SCT('363698007', 'Finding Site'),
  referencedSegment: DCM('121191', 'Referenced Segment'),
  sourceSeries: DCM('121232', 'Source series for segmentation'),
  algorithmName: DCM('111001', 'Algorithm Name'),
  algorithmParameters: DCM('111002', 'Algorithm Parameters'),
  algorithmVersion: DCM('111003', 'Algorithm Version'),
  volume: SCT('118565006', 'Volume'),
  longAxis: SCT('103339001', 'Long axis'),
  shortAxis: SCT('103340004', 'Short axis'),
  longest: code('L0JK', 'IBSI', 'Maximum 3D Diameter of a Mesh'),
  attenuation: DCM('112031', 'Attenuation Coefficient'),
  derivation: DCM('121401', 'Derivation'),
} as const;

const DERIVATIONS: Readonly<Record<keyof LesionMeasurements['hu'], Code>> = {
  mean: SCT('373098007', 'Mean'),
  standardDeviation: SCT('386136009', 'Standard Deviation'),
  minimum: SCT('255605001', 'Minimum'),
  maximum: SCT('56851009', 'Maximum'),
  median: SCT('373099004', 'Median'),
};
const HOUNSFIELD = UCUM("[hnsf'U]", 'Hounsfield unit');
const CUBIC_MILLIMETRE = UCUM('mm3', 'cubic millimeter');
const MILLIMETRE = UCUM('mm', 'millimeter');
const NO_UNITS = UCUM('1', 'no units');

export interface ReportInput extends MeasurementInput {
  /** The report refers to its segments. */
  readonly seg: NaturalizedInstance;
}

/**
 * Measurements of every lesion as a structured report: TID 1500 with one TID 1411 group per lesion, as Comprehensive SR. Without a lesion
 * it has no measurements, only the sentence that says so and what was analysed.
 * The numbers are those of `measurementsTable`. Unverified: a person signs reports elsewhere.
 * @throws InputError grid-mismatch, segment-numbers
 */
export function measurementReport(input: ReportInput): NaturalizedInstance {
  const { seg, series } = input;
  const common = commonModules(input, {
    sopClassUID: COMPREHENSIVE_SR_STORAGE,
    modality: 'SR',
    description: SERIES_TITLES.report,
    offset: 200,
  });
  const root = rootContainer(NAMES.report, [
    codeItem('HAS CONCEPT MOD', NAMES.language, code('en', 'RFC5646', 'English')),
    ...observers(input),
    codeItem('HAS CONCEPT MOD', NAMES.procedure, code('25045-6', 'LN', 'CT unspecified body region')),
    ...measurements(input),
    containerItem('CONTAINS', NAMES.evaluations, [
      ...answerItems(input.review?.answers ?? []),
      textItem('CONTAINS', NAMES.comment, formatComment(input)),
    ]),
  ]);
  return {
    ...common,
    ContentDate: common.SeriesDate,
    ContentTime: common.SeriesTime,
    ReferencedPerformedProcedureStepSequence: null,
    PerformedProcedureCodeSequence: null,
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    CurrentRequestedProcedureEvidenceSequence: [
      {
        StudyInstanceUID: series.studyInstanceUID,
        ReferencedSeriesSequence: [
          {
            SeriesInstanceUID: text(seg, 'SeriesInstanceUID'),
            ReferencedSOPSequence: [
              {
                ReferencedSOPClassUID: text(seg, 'SOPClassUID'),
                ReferencedSOPInstanceUID: text(seg, 'SOPInstanceUID'),
              },
            ],
          },
        ],
      },
    ],
    CodingSchemeIdentificationSequence: [PRIVATE_SCHEME_ITEM],
    ...root,
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
  };
}

/** TID 1001: the software always, and the person who saves when known. */
function observers({ contentCreatorName, newUid, model }: MeasurementInput): NaturalizedInstance[] {
  const context = 'HAS OBS CONTEXT';
  const device = [
    codeItem(context, NAMES.observerType, NAMES.device),
    uidItem(context, NAMES.deviceUid, uidFromHash(model.sha256) ?? (newUid ?? randomUid)()),
    textItem(context, NAMES.deviceName, `${PRODUCT}, research use only`),
    textItem(context, NAMES.deviceManufacturer, MANUFACTURER),
    textItem(context, NAMES.deviceModel, `${SOFTWARE_VERSION}, model ${model.id} ${model.version}`),
  ];
  if (!contentCreatorName) return device;
  return [
    ...device,
    codeItem(context, NAMES.observerType, NAMES.person),
    personItem(context, NAMES.personName, contentCreatorName),
  ];
}

/** None without a lesion: an empty container is no measurement. */
function measurements(input: ReportInput): NaturalizedInstance[] {
  const groups = measureLesions(input).map(lesion => group(lesion, input));
  return groups.length > 0 ? [containerItem('CONTAINS', NAMES.measurements, groups)] : [];
}

/** What the report is about, and that it says nothing of the rest. */
function formatComment({ lesions, analysed = [], notReviewed, notAssessed }: MeasurementInput): string {
  const unattended = unattendedWords({ notReviewed });
  const bounds = lesions.filter(({ atLeast }) => atLeast).map(lesionLabel);
  return [
    ...(unattended ? [`${unattended[0].toUpperCase()}${unattended.slice(1)}.`] : []),
    ...(lesions.length === 0 ? ['No lesion marked.'] : []),
    ...(analysed.length > 0 ? [`Vertebral bodies analysed: ${analysed.join(', ')}.`] : []),
    ...(bounds.length > 0
      ? [
          `Volume and diameters are lower bounds (the lesion borders on a part that was not searched): ${bounds.join(', ')}.`,
        ]
      : []),
    notAssessedWords({ notAssessed }),
    `Nothing is said of other vertebrae or other parts of them. ${RESEARCH_USE}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** TID 1411: volumetric region with its measurements. */
function group(lesion: LesionMeasurements, input: ReportInput): NaturalizedInstance {
  const { seg, series } = input;
  return containerItem('CONTAINS', NAMES.group, [
    textItem('HAS OBS CONTEXT', NAMES.trackingId, lesion.trackingId),
    uidItem('HAS OBS CONTEXT', NAMES.trackingUid, lesion.trackingUid),
    codeItem('CONTAINS', NAMES.finding, lesion.confirmed ? CODES.neoplasmSecondary : CODES.lesion),
    codeItem('HAS CONCEPT MOD', NAMES.findingSite, levelCode(lesion.level)),
    ...algorithm(lesion, input),
    segmentReference(NAMES.referencedSegment, text(seg, 'SOPClassUID'), text(seg, 'SOPInstanceUID'), lesion.segment),
    uidItem('CONTAINS', NAMES.sourceSeries, series.seriesInstanceUID),
    numberItem(NAMES.volume, lesion.cubicMillimetres, CUBIC_MILLIMETRE),
    ...diameters(lesion),
    ...Object.entries(lesion.hu).map(([key, value]) =>
      numberItem(NAMES.attenuation, value, HOUNSFIELD, [
        codeItem('HAS CONCEPT MOD', NAMES.derivation, DERIVATIONS[key as keyof typeof DERIVATIONS]),
      ])
    ),
    ...(lesion.score === null ? [] : [numberItem(CODES.attributionScore, lesion.score, NO_UNITS)]),
    codeItem('CONTAINS', CODES.lesionKind, KIND_CODES[lesion.kind]),
  ]);
}

/** Long and short axis in the axial plane, and the longest diameter in space. */
function diameters({ diameters: known }: LesionMeasurements): NaturalizedInstance[] {
  if (!known) return [];
  return [
    numberItem(NAMES.longAxis, known.longestAxialMm, MILLIMETRE),
    numberItem(NAMES.shortAxis, known.perpendicularAxialMm, MILLIMETRE),
    numberItem(NAMES.longest, known.longestMm, MILLIMETRE),
  ];
}

/** TID 4019; nothing for a lesion drawn by a person. */
function algorithm({ algorithmType }: LesionMeasurements, input: MeasurementInput): NaturalizedInstance[] {
  if (algorithmType === 'MANUAL') return [];
  return [
    textItem('HAS CONCEPT MOD', NAMES.algorithmName, PRODUCT),
    textItem(
      'HAS CONCEPT MOD',
      NAMES.algorithmVersion,
      `${SOFTWARE_VERSION}, model ${input.model.id} ${input.model.version}`
    ),
    textItem('HAS CONCEPT MOD', NAMES.algorithmParameters, algorithmParameters(input)),
  ];
}
