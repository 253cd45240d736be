import { InputError, type Labelmap } from '@spine/core';
import { candidate, scriptedEngine, square } from '@spine/core/testing/study';
import { ellipsoid } from '@spine/core/testing/grids';
import type { NaturalizedInstance } from '@spine/dicom';
import { ctSeries, ctVolume, decodeFile, encodeDataset, lesionSeg, storedPixels } from '@spine/dicom';
import type { Ports } from '../../../extensions/vertebra-metastasis/src/ohif/session';
import type { ClickListener, Mark } from '../../../extensions/vertebra-metastasis/src/ohif/viewport/clickTool';
import type { BodyMap } from '../../../extensions/vertebra-metastasis/src/ohif/segmentation/sessionBodies';
import type { BodyClient } from '../../../extensions/vertebra-metastasis/src/runtime';
import type { Draft } from '../../../extensions/vertebra-metastasis/src/ohif/session/drafts/state';
import type { DisplaySet } from '../../../extensions/vertebra-metastasis/src/ohif/host/host';
import type { LevelLabel } from '../../../extensions/vertebra-metastasis/src/ohif/viewport/levelLayer';
import type { OutlinedRegion } from '../../../extensions/vertebra-metastasis/src/ohif/viewport/outlineLayer';
import type { LesionMap } from '../../../extensions/vertebra-metastasis/src/ohif/segmentation/lesionMap';
import { CONTEXT } from '../../contract/support/geometries';
import { labelmapOf } from '../../contract/support/masks';
import { syntheticCt } from '../../contract/support/syntheticCt';
import { loadedWith } from './loadedModel';

/** Three bodies in a CT of 100 x 80 x 120 mm; the uppermost, T10, is cut by the border. */
const BODIES = [
  { level: 'T10', centre: [0, 0, 56] },
  { level: 'T11', centre: [0, 0, 24] },
  { level: 'T12', centre: [0, 4, -12] },
] as const;

export const CT = syntheticCt({
  columns: 80,
  rows: 64,
  slices: 60,
  pixelSpacing: [1.25, 1.25],
  sliceSpacing: 2,
  origin: [-50, -40, -60],
  hu: (i, j, k) => Math.round(100 + 40 * Math.sin(i / 3) * Math.cos(j / 4) + k),
});
export const SERIES = ctSeries(CT);

/** A SEG as segmentation tools write it: named like TotalSegmentator's, encoded and decoded for real. */
export function vertebraSeg(frameOfReferenceUID = SERIES.frameOfReferenceUID): NaturalizedInstance {
  const inside = BODIES.map(({ centre }) => ellipsoid(centre, [12, 14, 12]));
  const at = (i: number, j: number, k: number) => [-50 + 1.25 * i, -40 + 1.25 * j, -60 + 2 * k] as const;
  const labelmap = labelmapOf(
    SERIES,
    inside.map((body, n) => ({ label: n + 1, inside: (i, j, k) => body(at(i, j, k)) > 0 }))
  );
  const segments = BODIES.map(({ level }, n) => ({
    index: n + 1,
    level,
    kind: 'lytic' as const,
    algorithmType: 'AUTOMATIC' as const,
  }));
  const seg = decodeFile(encodeDataset(lesionSeg({ ...CONTEXT, series: SERIES, labelmap, segments })));
  const code = { CodeValue: '51282000', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Vertebra' };
  return {
    ...seg,
    SeriesDescription: 'vertebrae',
    FrameOfReferenceUID: frameOfReferenceUID,
    SegmentSequence: BODIES.map(({ level }, n) => ({
      SegmentNumber: n + 1,
      SegmentLabel: `vertebrae_${level} body`,
      SegmentedPropertyCategoryCodeSequence: code,
      SegmentedPropertyTypeCodeSequence: code,
    })),
  };
}

export const ctSet = (instances = CT): DisplaySet => ({
  displaySetInstanceUID: 'ct',
  StudyInstanceUID: '1',
  SeriesInstanceUID: SERIES.seriesInstanceUID,
  Modality: 'CT',
  SeriesDescription: 'CT',
  SeriesNumber: 2,
  instances,
});

export const segSet = (instance: NaturalizedInstance, id = 'seg'): DisplaySet => ({
  displaySetInstanceUID: id,
  StudyInstanceUID: '1',
  SeriesInstanceUID: String(instance.SeriesInstanceUID),
  Modality: 'SEG',
  SeriesDescription: String(instance.SeriesDescription),
  instance,
  referencedSeriesInstanceUID: SERIES.seriesInstanceUID,
});

/** The outside world in memory: an archive that keeps encoded files, and a viewer that holds one labelmap. */
export function memoryPorts(displaySets: DisplaySet[]) {
  const listeners = {
    names: new Set<() => void>(),
    images: new Set<() => void>(),
    study: new Set<() => void>(),
    edit: new Set<() => void>(),
    bodies: new Set<() => void>(),
  };
  const archive: ArrayBuffer[] = [];
  const world = {
    displaySets,
    archive,
    /** Thrown by the next store. */
    refuse: undefined as Error | undefined,
    shown: undefined as LesionMap | undefined,
    labels: undefined as Labelmap['labels'] | undefined,
    names: {} as Record<number, string>,
    /** The bodies of the session as the viewer holds them. */
    bodies: undefined as BodyMap | undefined,
    bodyLabels: undefined as Labelmap['labels'] | undefined,
    /** Answers the segmentation worker. */
    segment: (() => Promise.reject(new InputError('no-body-found', { at: [0, 0, 0] }))) as BodyClient['segment'],
    locate: (() => Promise.reject(new InputError('no-spine'))) as BodyClient['locate'],
    clicks: undefined as ClickListener | undefined,
    marks: [] as readonly Mark[],
    /** Segment the brush paints into. */
    active: 0,
    paintTool: undefined as { tool: 'brush' | 'eraser'; leave(): void } | undefined,
    outlined: [] as readonly OutlinedRegion[],
    highlighted: [] as readonly (string | undefined)[],
    /** Corners of the body that fills the viewports; undefined in the overview. */
    closeUp: undefined as readonly (readonly number[])[] | undefined,
    levelLabels: [] as readonly LevelLabel[],
    clickLevel: undefined as ((label: number) => void) | undefined,
    /** Whether the viewer draws lines around the lesions that would be saved. */
    lesionLines: undefined as boolean | undefined,
    /** A click on an outline, at a place in LPS mm. */
    clickOutline: undefined as ((key: string, lps: [number, number, number]) => void) | undefined,
    brush(change: (labels: Labelmap['labels']) => void) {
      change(world.bodyLabels!);
      listeners.bodies.forEach(listener => listener());
    },
    released: 0,
    /** What one evaluation takes now, and since when the viewer has loaded no image. */
    evaluationMs: undefined as number | undefined,
    quietMs: Infinity,
    paused: false,
    /** What the panel wants to hear of the model that is open. */
    modelListeners: undefined as Parameters<Ports['model']['load']>[1] | undefined,
    /** In the manifest of the model opened next. */
    rules: { attributionThreshold: 0.5, minPixels: 5 },
    /** Files handed to the user. */
    downloads: new Map<string, ArrayBuffer | string>(),
    visited: [] as (readonly number[])[],
    engine: scriptedEngine([
      candidate(0, 'lytic', square(3, -6), 0.9),
      candidate(1, 'blastic', square(2, 6), 0.7),
      candidate(2, 'blastic', square(1, 0, 8), 0.2),
    ]),
    /** Open studies, in the order of the address. */
    studyUids: [] as string[],
    awaitsCt: false,
    /** Display sets in the viewports. */
    hanging: [] as string[],
    /** Slices that the viewer could not load. */
    missing: 0,
    /** A person renamed or added segments in the viewer's list: see `names`. */
    renamed: () => listeners.names.forEach(listener => listener()),
    imagesChanged: () => listeners.images.forEach(listener => listener()),
    studyChanged: () => listeners.study.forEach(listener => listener()),
    /** Results that the archive has and this page has not seen. */
    elsewhere: [] as { seriesInstanceUid: string; description: string }[],
    /** Drafts as the browser keeps them: plain data. */
    drafts: new Map<string, Draft>(),
    presses: 0,
    /** The user deletes the lesion segmentation in the viewer's own panel. */
    remove() {
      world.labels = undefined;
      listeners.edit.forEach(listener => listener());
    },
    /** @param goesOn with the stroke before, without another press */
    paint(change: (labels: Labelmap['labels']) => void, goesOn = false) {
      if (!goesOn) world.presses++;
      change(world.labels!);
      listeners.edit.forEach(listener => listener());
    },
  };
  const listen = (set: Set<() => void>) => (listener: () => void) => {
    set.add(listener);
    return () => set.delete(listener);
  };
  const ports: Ports = {
    model: {
      list: async () => ({ models: [{ id: 'tiny', label: 'Tiny', manifestUrl: 'tiny' }], default: 'tiny' }),
      load: async (_, listeners) => {
        world.modelListeners = listeners;
        return loadedWith(world.rules) as never;
      },
      attributeSlice: (patch, mask, options, hooks) => world.engine.attributeSlice(patch, mask, options, hooks),
      screenSlices: (patches, count, hooks) => world.engine.screenSlices(patches, count, hooks),
      // No answer: nothing that a test waits for.
      timeEvaluation: () =>
        world.evaluationMs === undefined ? new Promise(() => undefined) : Promise.resolve(world.evaluationMs),
      setPaused: paused => void (world.paused = paused),
      release: async () => void world.released++,
    },
    study: {
      displaySets: () => world.displaySets,
      onChange: listen(listeners.study),
      studyUids: () => world.studyUids,
      awaitsCt: () => world.awaitsCt,
      unlisted: () => [],
      readCt: async (_set, series, { onProgress }) => {
        onProgress(1, series.dims[2]);
        return ctVolume(series, storedPixels);
      },
      userName: () => 'Doe^Jane',
      readSeg: async reference => reference,
      savedResults: async () => world.elsewhere,
      store: async dataset => {
        if (world.refuse) throw world.refuse;
        archive.push(encodeDataset(dataset));
      },
    },
    images: {
      show: set => void (world.hanging = [set.displaySetInstanceUID]),
      shown: () => world.hanging,
      missing: () => world.missing,
      reload: async () => void (world.missing = 0),
      quietMs: () => world.quietMs,
      hounsfield: async (_set, series) => {
        const { hu } = ctVolume(series, storedPixels);
        return at => hu[at];
      },
      onChange: listen(listeners.images),
    },
    view: {
      show: async (_set, _series, map) => {
        world.shown = map;
        world.labels = map.labelmap.labels.slice();
        listeners.edit.forEach(listener => listener());
      },
      read: () => world.labels?.slice(),
      changed: () => true,
      nameOf: index => world.names[index],
      names: () => new Map(Object.entries(world.names).map(([index, name]) => [Number(index), name])),
      onNames: listen(listeners.names),
      activate: index => void (world.active = index),
      outline: drawn => void (world.lesionLines = drawn),
      clear: () => void (world.labels = undefined),
      presses: () => world.presses,
      onEdit: listen(listeners.edit),
    },
    prior: {
      archive: { studies: async () => [], series: async () => [], metadata: async () => [] },
      show: async () => undefined,
      hide: () => undefined,
      goTo: () => undefined,
    },
    bodyView: {
      show: async (_set, _series, map) => {
        world.bodies = map;
        world.bodyLabels = map.labelmap.labels.slice();
        listeners.bodies.forEach(listener => listener());
      },
      read: () => world.bodyLabels?.slice(),
      changed: () => true,
      nameOf: () => undefined,
      names: () => new Map(),
      onNames: () => () => undefined,
      activate: () => undefined,
      outline: () => undefined,
      clear: () => void (world.bodyLabels = world.bodies = undefined),
      presses: () => 0,
      onEdit: listen(listeners.bodies),
    },
    bodies: {
      prepare: () => undefined,
      segment: (...job) => world.segment(...job),
      locate: (...job) => world.locate(...job),
      release: () => undefined,
    },
    clicks: {
      start: (_set, listener) => void (world.clicks = listener),
      mark: marks => void (world.marks = marks),
      stop: () => void (world.clicks = undefined),
    },
    paint: {
      start: (tool, leave) => void (world.paintTool = { tool, leave }),
      stop: () => void (world.paintTool = undefined),
    },
    outlines: {
      show: (_set, regions, onClick) => Object.assign(world, { outlined: regions, clickOutline: onClick }),
      highlight: keys => void (world.highlighted = keys),
      clear: () => void (world.outlined = []),
    },
    drafts: {
      read: async key => world.drafts.get(key),
      write: async draft => void world.drafts.set(draft.key, structuredClone(draft)),
      remove: async key => void world.drafts.delete(key),
    },
    navigation: {
      goTo: lps => void world.visited.push(lps),
      closeUp: (lps, corners) => {
        world.visited.push(lps);
        world.closeUp = corners;
      },
      overview: () => void (world.closeUp = undefined),
    },
    levels: {
      show: (_set, labels, onClick) => Object.assign(world, { levelLabels: labels, clickLevel: onClick }),
      name: () => undefined,
      clear: () => void (world.levelLabels = []),
    },
    download: (name, content) => void world.downloads.set(name, content),
    notify: () => undefined,
  };
  return { ports, world };
}
