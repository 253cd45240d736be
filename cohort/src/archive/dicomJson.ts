/** DICOM JSON (PS3.18 F) to keywords, for the attributes that are asked for here. */
import type { NaturalizedInstance } from '@spine/dicom';
import { z } from 'zod';

const KEYWORDS: Readonly<Record<string, string>> = {
  '00080008': 'ImageType',
  '00080016': 'SOPClassUID',
  '00080018': 'SOPInstanceUID',
  '00080060': 'Modality',
  '0008103E': 'SeriesDescription',
  '00081115': 'ReferencedSeriesSequence',
  '00100020': 'PatientID',
  '00180015': 'BodyPartExamined',
  '00180050': 'SliceThickness',
  '00181210': 'ConvolutionKernel',
  '0020000D': 'StudyInstanceUID',
  '0020000E': 'SeriesInstanceUID',
  '00200037': 'ImageOrientationPatient',
  '00201209': 'NumberOfSeriesRelatedInstances',
  '00280008': 'NumberOfFrames',
  '00700080': 'ContentLabel',
  '00700081': 'ContentDescription',
  '00081090': 'ManufacturerModelName',
  '00700084': 'ContentCreatorName',
};

const element = z.object({ vr: z.string().optional(), Value: z.array(z.unknown()).optional() });
const dataset = z.record(z.string(), element.passthrough());
export const dicomJsonList = z.array(dataset);
export type DicomJson = z.infer<typeof dataset>;

export function keywordsOf(json: DicomJson): NaturalizedInstance {
  const named: Record<string, unknown> = {};
  for (const [tag, { vr, Value }] of Object.entries(json)) {
    const keyword = KEYWORDS[tag.toUpperCase()];
    if (!keyword || Value === undefined) continue;
    named[keyword] = Value.map(value => plain(vr, value));
  }
  return named;
}

function plain(vr: string | undefined, value: unknown): unknown {
  if (vr === 'SQ') return keywordsOf(value as DicomJson);
  if (vr === 'PN') return (value as { Alphabetic?: string } | null)?.Alphabetic;
  return value;
}
