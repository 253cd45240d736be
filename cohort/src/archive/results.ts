/** How results of this product are known again in an archive. */
import { items, type NaturalizedInstance, PRODUCT, text } from '@spine/dicom';
import type { ExistingResult } from './archive';

/**
 * @param instance attributes of a SEG or SR
 * @returns undefined for objects of other makers
 */
export function existingResult(instance: NaturalizedInstance): ExistingResult | undefined {
  if (text(instance, 'ManufacturerModelName') !== PRODUCT) return undefined;
  // The panel numbers what it saves and names the reader; an unattended run does neither.
  const version = Number(/ v(\d+) - /.exec(text(instance, 'SeriesDescription'))?.[1] ?? 1);
  return {
    series: text(instance, 'SeriesInstanceUID'),
    sop: text(instance, 'SOPInstanceUID'),
    modality: text(instance, 'Modality'),
    reviewed: version > 1 || text(instance, 'ContentCreatorName') !== '',
    referencedSeries: items(instance, 'ReferencedSeriesSequence').map(item => text(item, 'SeriesInstanceUID')),
  };
}
