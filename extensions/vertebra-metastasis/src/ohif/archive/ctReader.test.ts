import { type CtSeries } from '../../dicom';
import { readCtVolume } from './ctReader';
import type { CornerstoneImage, CornerstoneLibraries, DataSource, DisplaySet } from '../host/host';

const image = (value: number, imageQualityStatus?: number): CornerstoneImage => ({
  imageId: '',
  rows: 1,
  columns: 1,
  preScale: { scaled: true },
  imageQualityStatus,
  voxelManager: { getScalarData: () => Int16Array.of(value), setScalarData: () => undefined },
});
const uids = ['a', 'b', 'c'];
const series = {
  instances: uids.map(SOPInstanceUID => ({ SOPInstanceUID })),
  dims: [1, 1, 3],
  indexToLps: new Float64Array(16),
} as unknown as CtSeries;

/** A cache as cornerstone has it while a volume loads: slice b is still a copy of its neighbour. */
function libraries(loaded: CornerstoneImage) {
  const cached: Record<string, CornerstoneImage> = { a: image(10, 8), b: image(10, 3), c: image(30) };
  const asked: string[] = [];
  const cornerstone = {
    cache: {
      getVolumes: () => [],
      getImage: (id: string, minQuality = 1) =>
        (cached[id].imageQualityStatus ?? 8) < minQuality ? undefined : cached[id],
    },
    imageLoader: {
      loadAndCacheImage: async (id: string) => {
        asked.push(id);
        return loaded;
      },
    },
    metaData: { get: (_module: string, id: string) => ({ SOPInstanceUID: id }) },
  };
  return { asked, libraries: { cornerstone } as unknown as CornerstoneLibraries };
}
const displaySet = { imageIds: uids } as unknown as DisplaySet;

test('a slice that the viewer filled with its neighbour while loading is loaded, not taken for its own', async () => {
  const { asked, libraries: cornerstone } = libraries(image(20));
  const { hu } = await readCtVolume(cornerstone, {} as DataSource, displaySet, series);
  expect([...hu]).toEqual([10, 20, 30]);
  expect(asked).toEqual(['b']);
});

test('a slice of which the viewer has a coarse image only is named', async () => {
  const { libraries: cornerstone } = libraries(image(20, 6));
  const read = readCtVolume(cornerstone, {} as DataSource, displaySet, series);
  await expect(read).rejects.toMatchObject({ code: 'image-missing', message: expect.stringContaining('slice b') });
});

test('after a slice has failed nothing is told of those still on their way', async () => {
  let arrive: (loaded: CornerstoneImage) => void = () => undefined;
  const late = new Promise<CornerstoneImage>(resolve => (arrive = resolve));
  const { libraries: cornerstone } = libraries(image(20));
  const { cache, imageLoader } = cornerstone.cornerstone;
  cache.getImage = () => undefined;
  imageLoader.loadAndCacheImage = id => (id === 'b' ? Promise.reject(new Error('HTTP 500')) : late);
  const told: number[] = [];
  const onProgress = (done: number) => void told.push(done);
  const read = readCtVolume(cornerstone, {} as DataSource, displaySet, series, { onProgress });
  await expect(read).rejects.toMatchObject({ code: 'image-missing', message: expect.stringContaining('HTTP 500') });
  arrive(image(30));
  await late;
  await Promise.resolve();
  expect(told).toEqual([]);
});

test.each([
  [{ status: 503, response: new ArrayBuffer(0) }, 'HTTP 503'],
  [{ status: 0, response: null }, 'no answer'],
])('a failed request is told by its status: %j', async (request, why) => {
  const { libraries: cornerstone } = libraries(image(20));
  const { cache, imageLoader } = cornerstone.cornerstone;
  cache.getImage = () => undefined;
  imageLoader.loadAndCacheImage = () => Promise.reject({ error: request });
  const read = readCtVolume(cornerstone, {} as DataSource, displaySet, series);
  await expect(read).rejects.toMatchObject({ message: expect.stringContaining(`could not be loaded (${why})`) });
});

test('frames of a multi-frame CT are slices of their own', async () => {
  const { libraries: cornerstone } = libraries(image(20));
  const frame = (id: string) => ({ SOPInstanceUID: 'one', frameNumber: uids.indexOf(id) + 1 });
  Object.assign(cornerstone.cornerstone.metaData, { get: (_module: string, id: string) => frame(id) });
  const instances = uids.map(frame).reverse();
  const { hu } = await readCtVolume(cornerstone, {} as DataSource, displaySet, { ...series, instances });
  expect([...hu]).toEqual([30, 20, 10]);
});
