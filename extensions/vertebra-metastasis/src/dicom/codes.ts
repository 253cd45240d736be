import type { Lesion3dKind, VertebraLevel } from '../core';
import { item, items, text } from './dataset';
import type { NaturalizedInstance } from './dataset';

/** A coded concept (PS3.3 table 8.8-1). */
export interface Code {
  readonly CodeValue: string;
  readonly CodingSchemeDesignator: string;
  readonly CodeMeaning: string;
}

export const code = (CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string): Code => ({
  CodeValue,
  CodingSchemeDesignator,
  CodeMeaning,
});

/**
 * Our private coding scheme for what no standard scheme has a confirmed code for: lytic, blastic, mixed, the attribution score,
 * the probability of malignancy and results saved independently. Each object that uses it says so in CodingSchemeIdentificationSequence.
 */
export const PRIVATE_SCHEME = '99SPINEONC';
export const PRIVATE_SCHEME_NAME = 'Spine oncology private codes (research use only)';

export const CODES = {
  morphologicallyAbnormal: code('49755003', 'SCT', 'Morphologically Abnormal Structure'),
  anatomicalStructure: code('91723000', 'SCT', 'Anatomical Structure'),
  lesion: code('52988006', 'SCT', 'Lesion'),
  neoplasmSecondary: code('14799000', 'SCT', 'Neoplasm, Secondary'),
  vertebra: code('51282000', 'SCT', 'Vertebra'),
  vertebralBody: code('3572006', 'SCT', 'Vertebral body'),
  artificialIntelligence: code('123110', 'DCM', 'Artificial Intelligence'),
  segmentation: code('113076', 'DCM', 'Segmentation'),
  sourceForProcessing: code('121322', 'DCM', 'Source image for image processing operation'),
  /** Private: see PRIVATE_SCHEME. */
  attributionScore: code('ATTRIBUTION', PRIVATE_SCHEME, 'Attribution score (Hide-and-Seek)'),
  lesionKind: code('LESION_KIND', PRIVATE_SCHEME, 'Effect of the lesion on bone'),
  /** Of a related series: saved of the same CT by someone else, and known when this result was saved. */
  independentResult: code('INDEPENDENT', PRIVATE_SCHEME, 'Result saved independently of this one'),
  processingEquipment: code('109102', 'DCM', 'Processing Equipment'),
} as const;

/** Item of CodingSchemeIdentificationSequence for our private codes. */
export const PRIVATE_SCHEME_ITEM = {
  CodingSchemeDesignator: PRIVATE_SCHEME,
  CodingSchemeName: PRIVATE_SCHEME_NAME,
  CodingSchemeResponsibleOrganization: 'Spine Oncology open source project',
} as const;

/** Modifier of the segmented property: what the lesion does to bone. */
export const KIND_CODES: Readonly<Record<Lesion3dKind, Code>> = {
  lytic: code('LYTIC', PRIVATE_SCHEME, 'Lytic (osteolytic, darker than healthy bone)'),
  blastic: code('BLASTIC', PRIVATE_SCHEME, 'Blastic (osteoblastic, brighter than healthy bone)'),
  mixed: code('MIXED', PRIVATE_SCHEME, 'Mixed (osteolytic and osteoblastic parts)'),
};

/** SNOMED CT, and the retired SNOMED RT code older writers used, of each level that has one. */
const LEVEL_CODES: Readonly<Record<VertebraLevel, readonly [sct: string, srt?: string]>> = {
  C1: ['14806007', 'T-11610'],
  C2: ['39976000', 'T-11620'],
  C3: ['113205007', 'T-11630'],
  C4: ['5329002', 'T-11640'],
  C5: ['36978003', 'T-11650'],
  C6: ['36054005', 'T-11660'],
  C7: ['87391001', 'T-11670'],
  T1: ['64864005', 'T-11710'],
  T2: ['53733008', 'T-11720'],
  T3: ['1626008', 'T-11730'],
  T4: ['73071006', 'T-11740'],
  T5: ['56401006', 'T-11750'],
  T6: ['45296009', 'T-11760'],
  T7: ['62487009', 'T-11770'],
  T8: ['11068009', 'T-11780'],
  T9: ['82687006', 'T-11790'],
  T10: ['7610001', 'T-117A0'],
  T11: ['12989004', 'T-117B0'],
  T12: ['23215003', 'T-117C0'],
  L1: ['66794005', 'T-11910'],
  L2: ['14293000', 'T-11920'],
  L3: ['36470004', 'T-11930'],
  L4: ['11994002', 'T-11940'],
  L5: ['49668003', 'T-11950'],
  S1: ['65985001'],
};

const levelByCode = new Map<string, VertebraLevel>();
for (const [level, values] of Object.entries(LEVEL_CODES)) {
  for (const value of values) if (value) levelByCode.set(value, level);
}

/** Code of a vertebra. T13 and L6 have none: the generic vertebra, with the level in the meaning. */
export function levelCode(level: VertebraLevel): Code {
  const known = LEVEL_CODES[level];
  return code(known ? known[0] : CODES.vertebra.CodeValue, 'SCT', `${level} vertebra`);
}

/** Level a coded concept stands for, if any. Accepts SCT, the old SRT values and SNM3/SNM designators. */
export function levelOfCode(concept: NaturalizedInstance): VertebraLevel | undefined {
  const scheme = text(concept, 'CodingSchemeDesignator');
  return scheme === 'SCT' || scheme === 'SRT' || scheme === 'SNM3'
    ? levelByCode.get(text(concept, 'CodeValue'))
    : undefined;
}

const SRT_EQUIVALENTS: Readonly<Record<string, string>> = { 'T-11510': CODES.vertebra.CodeValue };

/** True when a coded concept is `expected`, also under its retired SNOMED RT value. */
export function isCode(concept: NaturalizedInstance, expected: Code): boolean {
  const value = text(concept, 'CodeValue');
  return (SRT_EQUIVALENTS[value] ?? value) === expected.CodeValue;
}

/** Kind of lesion a segment was written with; undefined when it is not one of ours. */
export function kindOfSegment(segment: NaturalizedInstance): Lesion3dKind | undefined {
  const type = item(segment, 'SegmentedPropertyTypeCodeSequence');
  for (const modifier of items(type, 'SegmentedPropertyTypeModifierCodeSequence')) {
    if (text(modifier, 'CodingSchemeDesignator') !== PRIVATE_SCHEME) continue;
    const kind = text(modifier, 'CodeValue').toLowerCase();
    if (kind === 'lytic' || kind === 'blastic' || kind === 'mixed') return kind;
  }
  return undefined;
}
