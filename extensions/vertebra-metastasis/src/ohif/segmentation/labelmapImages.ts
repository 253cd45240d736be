import { InputError } from '../../core';
import type { CtSeries } from '../../dicom';
import type { CornerstoneImage, CornerstoneLibraries } from '../host/host';

/** A labelmap slice belongs to a CT slice when their positions along the normal agree to this share of the spacing. */
const SLICE_TOLERANCE = 0.1;

/**
 * The viewer's labelmap images that are in its cache, each with the offset of its slice in a labelmap on the CT grid.
 * @param imageIds of the labelmap images, each of which refers to a CT image
 * @throws InputError 'slice-mapping' when an image lies on no slice, or two on the same
 */
export function labelmapImages(
  cornerstone: CornerstoneLibraries['cornerstone'],
  imageIds: readonly string[],
  series: CtSeries
): { readonly image: CornerstoneImage; readonly offset: number }[] {
  const places = slicePlaces(cornerstone, imageIds, series);
  const [columns, rows] = series.dims;
  return imageIds.flatMap((imageId, n) => {
    const image = cornerstone.cache.getImage(imageId);
    return image ? [{ image, offset: places[n] * columns * rows }] : [];
  });
}

/**
 * For each of the viewer's labelmap images, the slice k of the CT series it lies on. The viewer sorts its images as it
 * likes; only the position in space says which slice one is.
 */
function slicePlaces(
  { cache, metaData }: CornerstoneLibraries['cornerstone'],
  imageIds: readonly string[],
  series: CtSeries
): number[] {
  const [x, y, z] = series.directions[2];
  const tolerance = SLICE_TOLERANCE * series.spacingMm[2];
  const places = imageIds.map(imageId => {
    const reference = cache.getImage(imageId)?.referencedImageId ?? imageId;
    const plane = metaData.get('imagePlaneModule', reference) as { imagePositionPatient?: number[] } | undefined;
    const position = plane?.imagePositionPatient;
    if (!position) throw new InputError('slice-unplaced', { object: reference });
    const along = position[0] * x + position[1] * y + position[2] * z;
    return nearest(series.slicePositionsMm, along, tolerance);
  });
  if (places.includes(-1) || new Set(places).size !== places.length) {
    throw new InputError('slice-mapping');
  }
  return places;
}

function nearest(ascending: ArrayLike<number>, value: number, tolerance: number): number {
  let best = -1;
  let distance = tolerance;
  for (let k = 0; k < ascending.length; k++) {
    const gap = Math.abs(ascending[k] - value);
    if (gap <= distance) [best, distance] = [k, gap];
  }
  return best;
}
