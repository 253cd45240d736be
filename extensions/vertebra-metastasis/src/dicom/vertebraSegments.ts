import type { VertebraLevel } from '../core';
import { levelFromName } from '../core';
import { CODES, isCode, kindOfSegment, levelOfCode } from './codes';
import { item, items, requiredNumber, text } from './dataset';
import type { NaturalizedInstance } from './dataset';

/** Whether a mask covers the whole vertebra (to be cut to the body) or the body alone. */
export type VertebraRegion = 'vertebra' | 'body';

/** A segment that was recognised as a vertebra. */
export interface VertebraSegment {
  readonly label: number;
  readonly level: VertebraLevel;
  readonly region: VertebraRegion;
  readonly name: string;
}

/** Things near a vertebra that carry its level in the name but are not it. */
const OTHER_STRUCTURE =
  /dis[ck]|rib|costa|lesion|metasta|tumou?r|nerve|root|canal|cord|process|lamina|pedicle|arch|muscle|ligament|facet|joint|endplate|fracture/i;
const BODY = /body|bodies|corpus|corpora/i;

/** SegmentLabel, as shown to people. */
export const segmentName = (segment: NaturalizedInstance): string =>
  text(segment, 'SegmentLabel') || `segment ${text(segment, 'SegmentNumber')}`;

/**
 * Recognises a vertebra by code (in the property type, its modifiers or the anatomic region), else by name (TotalSegmentator
 * "vertebrae_T10", VerSe and TPTBox "T10", "T10 vertebral body"...). Undefined for anything else, lesions included.
 */
export function vertebraOfSegment(segment: NaturalizedInstance): VertebraSegment | undefined {
  const name = segmentName(segment);
  const description = text(segment, 'SegmentDescription');
  const category = item(segment, 'SegmentedPropertyCategoryCodeSequence');
  if (kindOfSegment(segment) || isCode(category, CODES.morphologicallyAbnormal) || OTHER_STRUCTURE.test(name))
    return undefined;
  const level = codedLevel(segment) ?? levelFromName(name) ?? levelFromName(description);
  if (!level) return undefined;
  const isBody = concepts(segment).some(concept => isCode(concept, CODES.vertebralBody)) || BODY.test(name);
  return { label: requiredNumber(segment, 'SegmentNumber'), level, region: isBody ? 'body' : 'vertebra', name };
}

/** The bare integer a nameless segment is called by: "20", "label 20", "vertebra 20". Not "Segment 20", a mere default. */
export function labelValueOfSegment(segment: NaturalizedInstance): number | undefined {
  const match = /^(?:label|class|value|vertebrae?)?[ _-]*(\d{1,2})$/i.exec(text(segment, 'SegmentLabel'));
  return match ? Number(match[1]) : undefined;
}

function codedLevel(segment: NaturalizedInstance): VertebraLevel | undefined {
  for (const concept of concepts(segment)) {
    const level = levelOfCode(concept);
    if (level) return level;
  }
  return undefined;
}

/** Every concept that may name the vertebra, most specific first. */
function concepts(segment: NaturalizedInstance): NaturalizedInstance[] {
  const type = item(segment, 'SegmentedPropertyTypeCodeSequence');
  const region = item(segment, 'AnatomicRegionSequence');
  return [
    type,
    ...items(type, 'SegmentedPropertyTypeModifierCodeSequence'),
    region,
    ...items(region, 'AnatomicRegionModifierSequence'),
    ...items(segment, 'PrimaryAnatomicStructureSequence'),
  ];
}
