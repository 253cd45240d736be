/** How results of this product are known again in an archive. */
import { isUnreviewed, items, type NaturalizedInstance, PRODUCT, text } from '@spine/dicom';
import type { ExistingResult } from './archive';

/**
 * @param instance attributes of a SEG or SR
 * @returns undefined for objects of other makers
 */
export function existingResult(instance: NaturalizedInstance): ExistingResult | undefined {
  if (text(instance, 'ManufacturerModelName') !== PRODUCT) return undefined;
  // What is not marked as unattended was saved by a person, and so was any later version and what names a reader.
  const description = text(instance, 'SeriesDescription');
  const version = Number(/ v(\d+) - /.exec(description)?.[1] ?? 1);
  return {
    series: text(instance, 'SeriesInstanceUID'),
    sop: text(instance, 'SOPInstanceUID'),
    modality: text(instance, 'Modality'),
    reviewed: version > 1 || text(instance, 'ContentCreatorName') !== '' || !isUnreviewed(description),
    referencedSeries: items(instance, 'ReferencedSeriesSequence').map(item => text(item, 'SeriesInstanceUID')),
  };
}
