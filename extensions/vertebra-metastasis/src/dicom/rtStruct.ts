import {
  algorithmParameters,
  commonModules,
  notAssessedWords,
  referenceTo,
  RESEARCH_USE,
  SERIES_TITLES,
} from './context';
import type { CtSeries } from './ctSeries';
import type { NaturalizedInstance } from './dataset';
import { clip, decimalString, SHORT_TEXT } from './identity';
import { contourItems } from './roiContours';
import { regionsOfInterest } from './rois';
import type { Roi, RtStructInput } from './rois';

export const RT_STRUCTURE_SET_STORAGE = '1.2.840.10008.5.1.4.1.1.481.3';
/** Detached Study Management, the class every planning system writes here (PS3.3 C.8.8.5). */
const DETACHED_STUDY = '1.2.840.10008.3.1.2.3.1';

/**
 * The lesions (and bodies) as an RT Structure Set for planning systems (PS3.3 A.19): CLOSED_PLANAR contours on the CT planes.
 * Unconfirmed lesions have a blank interpreted type; GTV only after a person confirmed them; grown ones are CONTROL.
 * @throws InputError no-lesions, grid-mismatch, no-bodies (clipping asked for without body masks), bad-option
 */
export function rtStruct(input: RtStructInput): NaturalizedInstance {
  const rois = regionsOfInterest(input);
  const { series } = input;
  const common = commonModules(input, {
    sopClassUID: RT_STRUCTURE_SET_STORAGE,
    modality: 'RTSTRUCT',
    description: SERIES_TITLES.contours,
    offset: 100,
  });
  return {
    ...common,
    OperatorsName: input.contentCreatorName || null,
    FrameOfReferenceUID: series.frameOfReferenceUID,
    PositionReferenceIndicator: null,
    StructureSetLabel: 'SPINE_LESIONS',
    StructureSetName: clip(`Vertebral lesions, ${RESEARCH_USE}`, 64),
    StructureSetDescription: clip(description(input), SHORT_TEXT),
    StructureSetDate: common.SeriesDate,
    StructureSetTime: common.SeriesTime,
    ReferencedFrameOfReferenceSequence: [frameOfReference(series)],
    StructureSetROISequence: rois.map((roi, n) => structureSetRoi(roi, n + 1, input)),
    ROIContourSequence: rois.map((roi, n) => ({
      ReferencedROINumber: String(n + 1),
      ROIDisplayColor: roi.colour.map(String),
      ContourSequence: contourItems(roi.slices, series, input.toleranceMm ?? 0),
    })),
    RTROIObservationsSequence: rois.map((roi, n) => ({
      ObservationNumber: String(n + 1),
      ReferencedROINumber: String(n + 1),
      ROIObservationLabel: roi.name,
      RTROIInterpretedType: roi.type || null,
      ROIInterpreter: null,
    })),
    ApprovalStatus: 'UNAPPROVED',
  };
}

const CONTINUED = '... (all of it in the structured report).';

/** What was not assessed, as much of it as the element's 1024 characters hold beside the model. */
function description(input: RtStructInput): string {
  const parameters = algorithmParameters(input);
  const [left, model] = [notAssessedWords(input), `${parameters[0].toUpperCase()}${parameters.slice(1)}.`];
  const room = SHORT_TEXT - RESEARCH_USE.length - model.length - 3;
  const fitting = left.length <= room ? left : `${left.slice(0, Math.max(0, room - CONTINUED.length))}${CONTINUED}`;
  return [`${RESEARCH_USE}.`, fitting, model].filter(Boolean).join(' ');
}

const frameOfReference = (series: CtSeries) => ({
  FrameOfReferenceUID: series.frameOfReferenceUID,
  RTReferencedStudySequence: [
    {
      ReferencedSOPClassUID: DETACHED_STUDY,
      ReferencedSOPInstanceUID: series.studyInstanceUID,
      RTReferencedSeriesSequence: [
        { SeriesInstanceUID: series.seriesInstanceUID, ContourImageSequence: series.instances.map(referenceTo) },
      ],
    },
  ],
});

function structureSetRoi(roi: Roi, number: number, input: RtStructInput): NaturalizedInstance {
  return {
    ROINumber: String(number),
    ReferencedFrameOfReferenceUID: input.series.frameOfReferenceUID,
    ROIName: roi.name,
    ROIDescription: roi.description,
    ...(roi.millilitres === undefined ? {} : { ROIVolume: decimalString(Number(roi.millilitres.toFixed(6))) }),
    ROIGenerationAlgorithm: roi.algorithm || null,
    ...(roi.algorithm === 'AUTOMATIC' || roi.algorithm === 'SEMIAUTOMATIC'
      ? { ROIGenerationDescription: clip(`Hide-and-Seek Attribution, ${input.model.id} ${input.model.version}`, 64) }
      : {}),
  };
}
