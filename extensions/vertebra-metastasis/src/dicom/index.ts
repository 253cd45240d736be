export { codedAnswers } from './answers';
export { CODES, code, kindOfSegment, levelCode, levelOfCode, PRIVATE_SCHEME, PRIVATE_SCHEME_ITEM } from './codes';
export type { Code } from './codes';
export { CT_IMAGE_STORAGE, frameNumberOf, framesOfCt, MULTI_FRAME_CT, sliceKey } from './ctFrames';
export { ctSeries } from './ctSeries';
export type { CtSeries } from './ctSeries';
export { ctVolume, ctVolumeInPieces } from './ctVolume';
export type { CtVolumeOptions, SlicePixels } from './ctVolume';
export { describe, item, items, number, numbers, text, valuesOf } from './dataset';
export type { NaturalizedInstance } from './dataset';
export { decodeFile, decodeJson, decodeNamedFile, parsePart10 } from './decode';
export type { ParsedFile } from './decode';
export { encodeDataset } from './encode';
export { looksLikeDicom, openPart10, peek } from './part10';
export { decodeRle, isCompressed, pixelFragments, storedPixels, transferSyntaxOf } from './pixels';
export { overlapNotes, readVertebrae } from './readVertebrae';
export type { UnusedReason, VertebraMask, VertebraMasks } from './readVertebrae';
export { placeSegmentation, SEGMENTATION_STORAGE, LABELMAP_SEGMENTATION_STORAGE } from './segmentation';
export type { PlacedSegmentation } from './segmentation';
export type { VertebraRegion } from './vertebraSegments';
export { isUnreviewed, PRODUCT, SERIES_TITLES, seriesVersion, SOFTWARE } from './context';
export type { ObjectContext } from './context';
export { measuredHu, packReview, readMeasured, readReview } from './savedReview';
export type { MeasuredHu } from './savedReview';
export { readCoverage, readProvenance, SAVED_SCHEMA, savedState } from './savedState';
export type { SavedState } from './savedState';
export { dicomDateTime, decimalString, newUid } from './identity';
export { bodySeg, isNoLesionSeg, noLesionSeg } from './bodySeg';
export type { BodySegInput, BodyToWrite } from './bodySeg';
export { lesionSeg } from './lesionSeg';
export { lesionLabel } from './lesionTypes';
export type { AlgorithmType, LesionSegInput, LesionToWrite } from './lesionTypes';
export { privateState, readPrivateState } from './privateBlock';
export { isLesionSeg, isResultSeg, readLesionSeg } from './readLesionSeg';
export type { LesionRead, LesionSegContent } from './readLesionSeg';
export { KIND_COLOURS } from './segItem';
export { RT_STRUCTURE_SET_STORAGE, rtStruct } from './rtStruct';
export type { BodyMasks, RtStructInput } from './rois';
export { COMPREHENSIVE_SR_STORAGE, measurementReport } from './measurementReport';
export type { ReportInput } from './measurementReport';
export { keyImages, SECONDARY_CAPTURE_STORAGE } from './keyImages';
export type { KeyImagesInput } from './keyImages';
export { measureLesions } from './measurements';
export type { LesionMeasurements, MeasurementInput } from './measurements';
export { measurementsTable } from './measurementsTable';
export type { MeasurementsTable, TableProvenance } from './measurementsTable';
export {
  bodiesObject,
  contoursObject,
  keyImageObjects,
  lesionsObject,
  measurementTables,
  objectFileName,
  resultFileName,
  reportObject,
} from './resultObjects';
export type { ContourOptions, ObjectIdentity, ResultToWrite } from './resultObjects';
