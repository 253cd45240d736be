/** From DICOM attributes to what the choice of a series looks at. */
import { type NaturalizedInstance, number, numbers, text, valuesOf } from '@spine/dicom';
import type { SeriesFacts } from '../select/seriesRules';

/** @param image one image of the series @param images how many there are (frames of multi-frame objects count) */
export function seriesFacts(image: NaturalizedInstance, images: number): SeriesFacts {
  const orientation = numbers(image, 'ImageOrientationPatient');
  return {
    study: text(image, 'StudyInstanceUID'),
    series: text(image, 'SeriesInstanceUID'),
    modality: text(image, 'Modality'),
    description: text(image, 'SeriesDescription'),
    bodyPart: text(image, 'BodyPartExamined'),
    imageType: valuesOf(image, 'ImageType').flatMap(value => String(value).split('\\')),
    kernel: text(image, 'ConvolutionKernel'),
    manufacturerModel: text(image, 'ManufacturerModelName'),
    sliceThicknessMm: number(image, 'SliceThickness'),
    ...(orientation.length === 6 && orientation.every(Number.isFinite) ? { orientation } : {}),
    images: Math.max(images, number(image, 'NumberOfFrames') ?? 0),
  };
}
