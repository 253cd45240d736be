import { describeMasks, describeSampler, type NotAssessed, notAssessedSentence, type Provenance } from '../core';
import type { CtSeries } from './ctSeries';
import { CODES } from './codes';
import { frameNumberOf } from './ctFrames';
import { text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { clip, dicomDateTime, newUid, SHORT_TEXT } from './identity';

export const MANUFACTURER = 'Spine Oncology (open source, research use only)';
export const PRODUCT = 'Vertebra metastasis, Hide-and-Seek Attribution';
export const SOFTWARE_VERSION = '0.1.0';
/** Name and version in words, for reports. */
export const SOFTWARE = `${PRODUCT} ${SOFTWARE_VERSION}`;
export const RESEARCH_USE = 'Research use only';
/** Our series come after any a scanner writes. */
const SERIES_NUMBER_BASE = 9100;

/** Ends the description of series that were computed unattended, until a person has completed the review. */
const UNREVIEWED = ', unreviewed';

/** How the series of each kind are called; version and research-use note follow. */
export const SERIES_TITLES = {
  lesions: 'Vertebral lesions',
  bodies: 'Vertebral bodies analysed',
  contours: 'Vertebral lesion contours',
  report: 'Vertebral lesion measurements',
  keyImages: 'Vertebral lesion key images',
} as const;

/** How a save of the lesions is called that has none; it counts among the saves of the lesions. */
export const NO_LESION_TITLE = 'No vertebral lesion marked';

/** Which save of its kind a series description of ours names, from 1; 0 for any other description. */
export function seriesVersion(kind: keyof typeof SERIES_TITLES, seriesDescription: string): number {
  const [, title, version] = /^(.*) v(\d+) - /.exec(seriesDescription) ?? [];
  const titles: readonly string[] = [SERIES_TITLES[kind], ...(kind === 'lesions' ? [NO_LESION_TITLE] : [])];
  return titles.includes(title) ? Number(version) : 0;
}

/** Whether the description of a series of ours says that no person has completed its review. */
export const isUnreviewed = (seriesDescription: string): boolean =>
  seriesDescription.endsWith(` - ${RESEARCH_USE}${UNREVIEWED}`);

/** What every object written for an analysis shares. */
export interface ObjectContext extends Provenance {
  readonly series: CtSeries;
  /** What the result says nothing about; absent where the writer does not know. */
  readonly notAssessed?: readonly NotAssessed[];
  /** Who saves; a PN. Empty when unknown. */
  readonly contentCreatorName?: string;
  /** Counts saves of one analysis from 1; stands in the series description so that saves are told apart. */
  readonly version?: number;
  /** For reproducible files; default: now and random. */
  readonly now?: Date;
  readonly newUid?: () => string;
}

/** Copied from the CT as they are: the result belongs to the same patient and study. */
const PATIENT_AND_STUDY = [
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'PatientBirthDate',
  'PatientSex',
  'PatientAge',
  'PatientSize',
  'PatientWeight',
  'PatientIdentityRemoved',
  'DeidentificationMethod',
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'AccessionNumber',
  'ReferringPhysicianName',
  'StudyID',
  'StudyDescription',
];
/** Type 2: must be there, may be empty. */
const MAY_BE_EMPTY = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyDate',
  'StudyTime',
  'AccessionNumber',
  'ReferringPhysicianName',
  'StudyID',
];

export interface SeriesIdentity {
  readonly sopClassUID: string;
  readonly modality: 'SEG' | 'RTSTRUCT' | 'SR' | 'OT';
  /** Without the research-use note, which is appended. */
  readonly description: string;
  /** Keeps series numbers of the kinds apart. */
  readonly offset: number;
}

/** Patient, Study, Series, Equipment and SOP Common modules of a new object in a new series. */
export function commonModules(context: ObjectContext, identity: SeriesIdentity): Record<string, unknown> {
  const { date, time } = dicomDateTime(context.now ?? new Date());
  const uid = context.newUid ?? newUid;
  const ct = context.series.instances[0];
  const copied = Object.fromEntries(PATIENT_AND_STUDY.map(keyword => [keyword, copyOf(ct, keyword)]));
  const version = context.version ?? 1;
  const mark = context.notReviewed?.length ? UNREVIEWED : '';
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    ...copied,
    SOPClassUID: identity.sopClassUID,
    SOPInstanceUID: uid(),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    Modality: identity.modality,
    SeriesInstanceUID: uid(),
    SeriesNumber: String(SERIES_NUMBER_BASE + identity.offset + version),
    SeriesDate: date,
    SeriesTime: time,
    SeriesDescription: clip(`${identity.description} v${version} - ${RESEARCH_USE}${mark}`, 64),
    InstanceNumber: '1',
    Manufacturer: MANUFACTURER,
    ManufacturerModelName: PRODUCT,
    DeviceSerialNumber: clip(context.model.sha256 || context.model.id, 64),
    SoftwareVersions: [SOFTWARE_VERSION, clip(`${context.model.id} ${context.model.version}`, 64)],
    ContributingEquipmentSequence: [
      {
        PurposeOfReferenceCodeSequence: [CODES.processingEquipment],
        Manufacturer: MANUFACTURER,
        ManufacturerModelName: PRODUCT,
        SoftwareVersions: SOFTWARE_VERSION,
        ContributionDateTime: `${date}${time}`,
        ContributionDescription: clip(`${RESEARCH_USE}. ${algorithmParameters(context)}`, SHORT_TEXT),
      },
    ],
  };
}

/** "computed unattended, not reviewed: T11, T12"; empty where nothing is left to be reviewed. */
export const unattendedWords = ({ notReviewed = [] }: Pick<ObjectContext, 'notReviewed'>): string =>
  notReviewed.length > 0 ? `computed unattended, not reviewed: ${notReviewed.join(', ')}` : '';

/** "Not assessed: …", as the panel says it in English; empty where the writer does not know. */
export const notAssessedWords = ({ notAssessed }: Pick<ObjectContext, 'notAssessed'>): string =>
  notAssessed ? notAssessedSentence(notAssessed) : '';

/** How the results came about, in one line: whether somebody looked, model hash, sampler, threshold, provider. */
export function algorithmParameters(context: ObjectContext): string {
  const { model, sampler, threshold, provider, masks } = context;
  return [
    unattendedWords(context),
    `model ${model.name} ${model.version} (SHA-256 ${model.sha256})`,
    `sampler ${describeSampler(sampler)}`,
    `attribution threshold ${threshold}`,
    `provider ${provider}`,
    describeMasks(masks),
  ]
    .filter(Boolean)
    .join('; ');
}

function copyOf(ct: NaturalizedInstance, keyword: string): unknown {
  const value = ct[keyword];
  if (value === undefined || value === null || value === '') return MAY_BE_EMPTY.includes(keyword) ? null : undefined;
  // dcmjs keeps person names as component groups; writing wants one text.
  return keyword.endsWith('Name') ? personName(value) : text(ct, keyword);
}

function personName(value: unknown): string {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'string') return first;
  if (typeof first !== 'object' || first === null) return '';
  const groups = first as { Alphabetic?: string; Ideographic?: string; Phonetic?: string };
  return [groups.Alphabetic, groups.Ideographic, groups.Phonetic]
    .map(group => group ?? '')
    .join('=')
    .replace(/=+$/, '');
}

/** Reference to one CT slice; of a multi-frame CT, to its frame. */
export const referenceTo = (slice: NaturalizedInstance) => {
  const frame = frameNumberOf(slice);
  return { ...objectReference(slice), ...(frame === undefined ? {} : { ReferencedFrameNumber: String(frame) }) };
};

const objectReference = (instance: NaturalizedInstance) => ({
  ReferencedSOPClassUID: text(instance, 'SOPClassUID'),
  ReferencedSOPInstanceUID: text(instance, 'SOPInstanceUID'),
});

/** Common Instance Reference module: the CT series with all its objects, a multi-frame one once. */
export const referencedSeries = (series: CtSeries) => {
  const objects = new Map(series.instances.map(slice => [text(slice, 'SOPInstanceUID'), objectReference(slice)]));
  return [{ SeriesInstanceUID: series.seriesInstanceUID, ReferencedInstanceSequence: [...objects.values()] }];
};
