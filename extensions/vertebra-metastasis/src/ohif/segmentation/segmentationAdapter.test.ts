/** A host that takes its time to make a segmentation: what is asked for meanwhile must hold in the end. Services as the host has them, in memory. */
import type { CtSeries } from '../../dicom';
import type { CornerstoneLibraries, DisplaySet } from '../host/host';
import { SegmentationAdapter } from './segmentationAdapter';
import type { SegmentationStyle } from './segmentationView';

interface Map1 {
  readonly labelmap: { labels: Uint8Array; dims: [number, number, number]; indexToLps: Float64Array };
  readonly segments: readonly { readonly index: number }[];
}

const series = {
  dims: [2, 1, 1],
  directions: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  spacingMm: [1, 1, 1],
  slicePositionsMm: Float64Array.of(0),
} as unknown as CtSeries;
const ct = { displaySetInstanceUID: 'ct' } as DisplaySet;
const style: SegmentationStyle<Map1> = {
  idPrefix: 'test-',
  title: 'Test',
  algorithmName: 'none',
  segmentOf: ({ index }) => ({ label: `lesion ${index}`, algorithmType: 'AUTOMATIC', colour: [255, 0, 0] }),
};
const mapOf = (...labels: number[]): Map1 => ({
  labelmap: { labels: Uint8Array.from(labels), dims: [2, 1, 1], indexToLps: new Float64Array(16) },
  segments: [...new Set(labels.filter(Boolean))].sort().map(index => ({ index })),
});

/** A host with one CT slice, already loaded. */
function host() {
  const segmentations = new Map<string, { segments: object; pixels: Uint8Array }>();
  const gates: (() => void)[] = [];
  const settings = new Map<string, unknown>();
  const listeners = new Map<string, ((data: unknown) => void)[]>();
  const subscribe = (event: string, listener: (data: unknown) => void) => {
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    return { unsubscribe() {} };
  };
  const services = {
    tell: (event: string, data: unknown) => listeners.get(event)?.forEach(listener => listener(data)),
    lastId: () => [...segmentations.keys()].at(-1),
    segmentationService: {
      EVENTS: { SEGMENTATION_REPRESENTATION_MODIFIED: 'representation' },
      subscribe,
      getSegmentation: (id: string) => {
        const found = segmentations.get(id);
        return found && { ...found, representationData: { Labelmap: { imageIds: [id] } } };
      },
      createLabelmapForDisplaySet: async (
        _: unknown,
        { segmentationId, segments }: { segmentationId: string; segments: object }
      ) => {
        await new Promise<void>(open => gates.push(open));
        segmentations.set(segmentationId, { segments, pixels: new Uint8Array(2) });
      },
      addOrUpdateSegmentation: ({ segmentationId, segments }: { segmentationId: string; segments: object }) =>
        Object.assign(segmentations.get(segmentationId)!, { segments }),
      remove: (id: string) => segmentations.delete(id),
      getSegmentationRepresentations: () => [],
      addSegmentationRepresentation: () => new Promise<void>(open => gates.push(open)),
    },
    viewportGridService: {
      getState: () => ({ viewports: new Map([['sagittal', { displaySetInstanceUIDs: ['ct'] }]]) }),
    },
    cornerstoneViewportService: {
      EVENTS: { VIEWPORT_DATA_CHANGED: 'viewport-data' },
      subscribe,
      getCornerstoneViewport: () => ({}),
    },
    customizationService: {
      getCustomization: (id: string) => settings.get(id),
      setCustomizations: (changes: Record<string, { $set: unknown }>) =>
        Object.entries(changes).forEach(([id, { $set }]) => settings.set(id, $set)),
    },
  };
  const libraries = {
    cornerstone: {
      cache: {
        getImage: (id: string) => ({
          voxelManager: {
            getScalarData: () => segmentations.get(id)?.pixels,
            setScalarData: () => undefined,
          },
        }),
      },
      metaData: { get: () => ({ imagePositionPatient: [0, 0, 0] }) },
    },
    cornerstoneTools: { segmentation: { triggerSegmentationEvents: { triggerSegmentationDataModified() {} } } },
  };
  (globalThis as { window?: unknown }).window = new EventTarget();
  const adapter = new SegmentationAdapter<Map1>(
    services as never,
    () => libraries as unknown as CornerstoneLibraries,
    () => ['ct slice'],
    style
  );
  const open = async () => {
    gates.splice(0).forEach(gate => gate());
    await new Promise(done => setTimeout(done));
  };
  const held = () => [...segmentations.values()].map(({ segments, pixels }) => [Object.keys(segments), [...pixels]]);
  return { adapter, open, held, settings, services };
}

test('a map that comes while the segmentation is being made is the one that is shown, and nothing counts as drawn', async () => {
  const { adapter, open, held } = host();
  const shown = [adapter.show(ct, series, mapOf(1, 2)), adapter.show(ct, series, mapOf(0, 1))];
  expect(held()).toEqual([]);
  expect([...adapter.read()!]).toEqual([0, 1]);
  await open();
  expect(held()).toEqual([[['1'], [0, 1]]]);
  await open();
  await Promise.all(shown);
  void adapter.show(ct, series, mapOf(2, 1));
  expect(held()).toEqual([
    [
      ['1', '2'],
      [2, 1],
    ],
  ]);
});

test('a map that comes, and a stroke, while the viewports take the segmentation up are shown and read', async () => {
  const { adapter, open, held } = host();
  void adapter.show(ct, series, mapOf(1, 2));
  await open();
  void adapter.show(ct, series, mapOf(0, 1));
  expect(held()).toEqual([[['1'], [0, 1]]]);
  expect([...adapter.read()!]).toEqual([0, 1]);
});

test('a segmentation that is cleared or replaced while it is being made does not stay', async () => {
  const { adapter, open, held, settings } = host();
  void adapter.show(ct, series, mapOf(1, 1));
  adapter.clear();
  await open();
  expect(held()).toEqual([]);
  void adapter.show(ct, series, mapOf(1, 1));
  void adapter.show({ displaySetInstanceUID: 'other' } as DisplaySet, series, mapOf(2, 0));
  await open();
  expect(held()).toEqual([[['2'], [2, 0]]]);
  // The host does not write back the names of a former map; without the panel it measures as the site wants it.
  expect([...settings.values()]).toEqual([true]);
  adapter.dispose();
  expect([...settings.values()]).toEqual([undefined]);
});

test('colours of its own that the host gives a viewport are put right when it tells of them; two never add at once', async () => {
  const colours = new Map<number, readonly number[]>([[1, [0, 200, 0, 255]]]);
  let adding = 0;
  let most = 0;
  let shown = false;
  const { adapter, open, services } = host();
  Object.assign(services.segmentationService, {
    getSegmentationRepresentations: () => (shown ? [{}] : []),
    addSegmentationRepresentation: async () => {
      most = Math.max(most, ++adding);
      await new Promise(done => setTimeout(done));
      shown = true;
      adding--;
    },
    setSegmentColor: (_: string, __: string, index: number, colour: readonly number[]) => colours.set(index, colour),
    getSegmentColor: (_: string, __: string, index: number) => colours.get(index),
  });
  const done = adapter.show(ct, series, mapOf(1, 0));
  await open();
  services.tell('viewport-data', {});
  services.tell('viewport-data', {});
  await done;
  await new Promise(later => setTimeout(later, 5));
  expect([most, colours.get(1)]).toEqual([1, [255, 0, 0, 255]]);
  // The host draws the viewport anew, in its own colours.
  colours.set(1, [0, 200, 0, 255]);
  services.tell('representation', { segmentationId: services.lastId() });
  await new Promise(later => setTimeout(later, 5));
  expect(colours.get(1)).toEqual([255, 0, 0, 255]);
});
