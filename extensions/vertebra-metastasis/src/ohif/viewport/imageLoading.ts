/** Loads images as the viewer's volumes hold them, and tells these volumes of images that arrived late. */
import type { CornerstoneImage, CornerstoneLibraries, StreamingVolume } from '../host/host';

type Cornerstone = CornerstoneLibraries['cornerstone'];

/**
 * Cornerstone's ImageQualityStatus of a slice's own pixels. While a volume is still loading, it fills gaps with copies of neighbouring
 * slices, which look like any other image in its cache but for a lower status.
 */
export const FULL_RESOLUTION = 8;

/** The image from the cache, or loaded, with the pixel type of the volume that it belongs to. */
export async function loadFull({ cache, imageLoader }: Cornerstone, imageId: string): Promise<CornerstoneImage> {
  const known = cache.getImage(imageId, FULL_RESOLUTION);
  if (known) return known;
  const [volume] = volumesWith({ cache }, imageId);
  return imageLoader.loadAndCacheImage(imageId, volume?.getLoaderImageOptions?.(imageId));
}

const IMAGE_LOADED = 'CORNERSTONE_IMAGE_LOADED';

/** Resolves once the cache has every image in full; at once when it has them already. */
export function allLoaded({ cache, eventTarget }: Cornerstone, imageIds: readonly string[]): Promise<void> {
  const missing = new Set(imageIds.filter(id => !cache.getImage(id, FULL_RESOLUTION)));
  if (missing.size === 0) return Promise.resolve();
  return new Promise(resolve => {
    const loaded = (event: Event) => {
      missing.delete((event as CustomEvent<{ image: { imageId: string } }>).detail.image.imageId);
      if (missing.size > 0) return;
      eventTarget.removeEventListener(IMAGE_LOADED, loaded);
      resolve();
    };
    eventTarget.addEventListener(IMAGE_LOADED, loaded);
  });
}

/** Volumes take no notice of images that others loaded in place of a failed request of theirs. */
export function showLoaded({ cache }: Pick<Cornerstone, 'cache'>, imageId: string): void {
  const image = cache.getImage(imageId, FULL_RESOLUTION);
  if (!image) return;
  for (const volume of volumesWith({ cache }, imageId)) volume.successCallback?.(imageId, image);
}

function volumesWith({ cache }: Pick<Cornerstone, 'cache'>, imageId: string): StreamingVolume[] {
  // Labelmaps are volumes, too, but of images of their own.
  return cache.getVolumes().filter(({ imageIds }) => imageIds.includes(imageId));
}
