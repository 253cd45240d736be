/** What the browser tests look for in files that the panel wrote. */
import { encodeDataset, items, type NaturalizedInstance, text } from '@spine/dicom';

/** Names of the ROIs and the points of their contours. */
export function roisOf(contours: NaturalizedInstance): [string, number[][]][] {
  const names = items(contours, 'StructureSetROISequence').map(roi => text(roi, 'ROIName'));
  return items(contours, 'ROIContourSequence').map((roi, n) => [
    names[n],
    items(roi, 'ContourSequence').map(contour => (contour.ContourData as (string | number)[]).map(Number)),
  ]);
}

/** Tracking UID, volume in mm3 and mean HU of each measurement group. */
export function numbersOf(report: NaturalizedInstance): unknown[][] {
  const named = (container: NaturalizedInstance, meaning: string) =>
    items(container, 'ContentSequence').filter(
      one => text(items(one, 'ConceptNameCodeSequence')[0] ?? {}, 'CodeMeaning') === meaning
    );
  const value = (one: NaturalizedInstance) => Number(text(items(one, 'MeasuredValueSequence')[0], 'NumericValue'));
  return named(named(report, 'Imaging Measurements')[0], 'Measurement Group').map(group => [
    text(named(group, 'Tracking Unique Identifier')[0], 'UID'),
    value(named(group, 'Volume')[0]),
    value(named(group, 'Attenuation Coefficient')[0]),
  ]);
}

/** A dataset that was read from a file as a file again. */
export function encodedAgain(dataset: NaturalizedInstance): Uint8Array {
  const value: unknown = Array.isArray(dataset.PixelData) ? dataset.PixelData[0] : dataset.PixelData;
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value as ArrayBuffer);
  return new Uint8Array(encodeDataset({ ...dataset, PixelData: Uint8Array.from(bytes).buffer }));
}
