/** Hounsfield units of a CT series out of the viewer's image cache. */
import { CancelledError, type CancelSignal, InputError, type Volume } from '../../core';
import { type CtSeries, ctVolumeInPieces, type NaturalizedInstance, number, sliceKey, text } from '../../dicom';
import { type CornerstoneImage, type CornerstoneLibraries, type DataSource, type DisplaySet } from '../host/host';
import { allLoaded, FULL_RESOLUTION, loadFull } from '../viewport/imageLoading';
import { httpReason } from './segFile';

/** Images requested at once; the viewer's own loader queues more than its pool takes. */
const CONCURRENT_IMAGES = 8;

interface ReadOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly cancel?: CancelSignal;
}

/**
 * Loads every slice of the series, from the cache where it is there already.
 * @throws InputError 'image-missing' (no image or no pixels for an instance), 'mixed-scaling'; CancelledError
 */
export async function readCtVolume(
  { cornerstone }: CornerstoneLibraries,
  dataSource: DataSource,
  displaySet: DisplaySet,
  series: CtSeries,
  { onProgress, cancel }: ReadOptions = {}
): Promise<Volume> {
  const imageIdOf = imageIdsBySlice(cornerstone.metaData, imageIds(dataSource, displaySet));
  const total = series.instances.length;
  const images = new Array<CornerstoneImage>(total);
  let next = 0;
  let done = 0;
  // One slice that fails ends the reading: nobody wants to hear of progress after that.
  let failed = false;
  const work = async () => {
    while (next < total && !failed) {
      if (cancel?.aborted) throw new CancelledError('Reading the CT was cancelled.');
      const k = next++;
      const uid = text(series.instances[k], 'SOPInstanceUID');
      const imageId = imageIdOf.get(sliceKey(series.instances[k]));
      if (!imageId) throw missing(uid, 'the viewer lists no image for it');
      images[k] = await load(cornerstone, imageId, uid);
      if (!failed) onProgress?.(++done, total);
    }
  };
  const workers = Array.from({ length: Math.min(CONCURRENT_IMAGES, total) }, () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    })
  );
  await Promise.all(workers);
  const scaled = images.filter(image => image.preScale?.scaled).length;
  if (scaled !== 0 && scaled !== total) {
    throw new InputError('mixed-scaling', { scaled, total });
  }
  const pixelsOf = (_instance: unknown, k: number) => images[k].voxelManager.getScalarData();
  const pause = async () => {
    await new Promise(resolve => setTimeout(resolve));
    if (cancel?.aborted) throw new CancelledError('Reading the CT was cancelled.');
  };
  return ctVolumeInPieces(series, pixelsOf, { rescaled: scaled === total }, pause);
}

/**
 * Hounsfield units by offset into the CT grid, once the viewer has every slice: nothing is loaded or copied for it. Look up what is wanted at
 * once, as the viewer may forget slices later.
 * @returns undefined where the viewer lists no image for a slice
 */
export async function cachedHounsfield(
  { cornerstone }: CornerstoneLibraries,
  dataSource: DataSource,
  displaySet: DisplaySet,
  series: CtSeries
): Promise<((offset: number) => number) | undefined> {
  const ids = imageIds(dataSource, displaySet);
  await allLoaded(cornerstone, ids);
  const imageIdOf = imageIdsBySlice(cornerstone.metaData, ids);
  const slices = series.instances.flatMap(instance => {
    const image = cornerstone.cache.getImage(imageIdOf.get(sliceKey(instance)) ?? '', FULL_RESOLUTION);
    if (!image) return [];
    const [slope, intercept] = image.preScale?.scaled
      ? [1, 0]
      : [number(instance, 'RescaleSlope') ?? 1, number(instance, 'RescaleIntercept') ?? 0];
    return [{ pixels: image.voxelManager.getScalarData(), slope, intercept }];
  });
  if (slices.length < series.instances.length) return undefined;
  const size = series.dims[0] * series.dims[1];
  return offset => {
    const { pixels, slope, intercept } = slices[Math.floor(offset / size)];
    return slope * pixels[offset % size] + intercept;
  };
}

/** Image ids of a display set; the viewer fills them in when it first shows the series. */
export function imageIds(dataSource: DataSource, displaySet: DisplaySet): readonly string[] {
  return (displaySet.imageIds ??= dataSource.getImageIdsForDisplaySet(displaySet));
}

/** By instance and frame: each frame of a multi-frame CT is a slice. */
function imageIdsBySlice(
  metaData: CornerstoneLibraries['cornerstone']['metaData'],
  ids: readonly string[]
): Map<string, string> {
  return new Map(
    ids.flatMap(id => {
      const instance = metaData.get('instance', id) as NaturalizedInstance | undefined;
      return instance?.SOPInstanceUID ? [[sliceKey(instance), id] as const] : [];
    })
  );
}

async function load(
  cornerstone: CornerstoneLibraries['cornerstone'],
  imageId: string,
  uid: string
): Promise<CornerstoneImage> {
  try {
    const image = await loadFull(cornerstone, imageId);
    if ((image.imageQualityStatus ?? FULL_RESOLUTION) < FULL_RESOLUTION) throw new Error('only a coarse image of it');
    return image;
  } catch (error) {
    // dicom-image-loader rejects with { error }, which is an Error or the request that failed.
    const cause = (error as { error?: unknown })?.error ?? error;
    throw missing(uid, httpReason(cause));
  }
}

function missing(uid: string, why: string): InputError {
  return new InputError('image-missing', { uid, reason: why });
}
