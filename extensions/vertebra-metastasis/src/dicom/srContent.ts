import type { Code } from './codes';
import type { NaturalizedInstance } from './dataset';
import { decimalString } from './identity';

/** How an item relates to the one that holds it (PS3.3 C.17.3.2.4). */
export type Relationship = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'HAS PROPERTIES' | 'INFERRED FROM';

type Item = NaturalizedInstance;

const itemOf = (valueType: string, relationship: Relationship, name: Code, rest: Item): Item => ({
  RelationshipType: relationship,
  ValueType: valueType,
  ConceptNameCodeSequence: [name],
  ...rest,
});
const children = (content: readonly Item[]): Item => (content.length > 0 ? { ContentSequence: [...content] } : {});

export const containerItem = (relationship: Relationship, name: Code, content: readonly Item[]): Item =>
  itemOf('CONTAINER', relationship, name, { ContinuityOfContent: 'SEPARATE', ...children(content) });

/** The root of a document: a container that no item holds. */
export const rootContainer = (name: Code, content: readonly Item[]): Item => ({
  ValueType: 'CONTAINER',
  ConceptNameCodeSequence: [name],
  ContinuityOfContent: 'SEPARATE',
  ContentSequence: [...content],
});

export const codeItem = (relationship: Relationship, name: Code, value: Code, content: readonly Item[] = []): Item =>
  itemOf('CODE', relationship, name, { ConceptCodeSequence: [value], ...children(content) });

export const textItem = (relationship: Relationship, name: Code, value: string): Item =>
  itemOf('TEXT', relationship, name, { TextValue: value });

export const personItem = (relationship: Relationship, name: Code, value: string): Item =>
  itemOf('PNAME', relationship, name, { PersonName: value });

export const uidItem = (relationship: Relationship, name: Code, value: string): Item =>
  itemOf('UIDREF', relationship, name, { UID: value });

export const numberItem = (name: Code, value: number, unit: Code, content: readonly Item[] = []): Item =>
  itemOf('NUM', 'CONTAINS', name, {
    MeasuredValueSequence: [{ MeasurementUnitsCodeSequence: [unit], NumericValue: decimalString(value) }],
    ...children(content),
  });

/** A segment of a SEG. */
export const segmentReference = (name: Code, sopClassUID: string, sopInstanceUID: string, segment: number): Item =>
  itemOf('IMAGE', 'CONTAINS', name, {
    ReferencedSOPSequence: [
      {
        ReferencedSOPClassUID: sopClassUID,
        ReferencedSOPInstanceUID: sopInstanceUID,
        ReferencedSegmentNumber: segment,
      },
    ],
  });
