/** The lesions as a native segmentation of the viewer: written, watched for edits by hand, read back. */
import { type Labelmap } from '../core';
import { type CtSeries, KIND_COLOURS, lesionLabel, newUid } from '../dicom';
import type { CornerstoneLibraries, DisplaySet, HostServices, NewSegment } from './host';
import type { LesionMap } from './lesionMap';
import { slicePlaces } from './slicePlaces';

/** A brush stroke brings many events; listeners hear of it this long after the last one, ms. */
const EDIT_QUIET_MS = 250;

/** Where lesions are shown. */
export interface LesionView {
  /** Creates the segmentation or replaces its content. */
  show(displaySet: DisplaySet, series: CtSeries, map: LesionMap): Promise<void>;
  /** The voxels as the viewer holds them now, on the CT grid; undefined when nothing is shown. */
  read(): Labelmap['labels'] | undefined;
  /** Name of a segment in the viewer. */
  nameOf(index: number): string | undefined;
  clear(): void;
  /** Called after voxels may have changed, our own writing included. @returns a function that stops listening */
  onEdit(listener: () => void): () => void;
}

type Services = Pick<
  HostServices,
  'segmentationService' | 'viewportGridService' | 'cornerstoneViewportService' | 'displaySetService'
>;

interface Shown {
  readonly displaySet: DisplaySet;
  readonly series: CtSeries;
  map: LesionMap;
}

const TITLE = 'Vertebral lesions (research use only)';
/** Begins the id of our segmentations. */
export const LESION_SEGMENTATION_PREFIX = 'spine-oncology-lesions-';

export class SegmentationAdapter implements LesionView {
  private shown: Shown | undefined;
  /** New for each segmentation: the host remembers colour tables by id beyond the visit in which they exist. */
  private id = '';
  private readonly listeners = new Set<() => void>();
  private readonly subscriptions: { unsubscribe(): void }[];
  private quiet: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly services: Services,
    private readonly libraries: () => CornerstoneLibraries,
    private readonly imageIdsOf: (displaySet: DisplaySet) => readonly string[],
    private readonly algorithmName: string,
    private readonly names = { title: TITLE, prefix: LESION_SEGMENTATION_PREFIX }
  ) {
    const { segmentationService, cornerstoneViewportService } = services;
    const { SEGMENTATION_DATA_MODIFIED, SEGMENTATION_REMOVED } = segmentationService.EVENTS;
    const ours = (data: unknown) => (data as { segmentationId?: string }).segmentationId === this.id;
    this.subscriptions = [
      segmentationService.subscribe(SEGMENTATION_DATA_MODIFIED, data => ours(data) && this.watchEdit()),
      segmentationService.subscribe(SEGMENTATION_REMOVED, data => ours(data) && this.removedByUser()),
      // A new layout brings viewports that do not show the segmentation yet.
      cornerstoneViewportService.subscribe(cornerstoneViewportService.EVENTS.VIEWPORT_DATA_CHANGED, () => {
        void this.addToViewports();
      }),
    ];
  }

  async show(displaySet: DisplaySet, series: CtSeries, map: LesionMap): Promise<void> {
    if (map.segments.length === 0) return this.clear();
    const { segmentationService } = this.services;
    const segments = this.hostSegments(map);
    const exists = this.shown && segmentationService.getSegmentation(this.id);
    if (exists && this.shown?.displaySet.displaySetInstanceUID === displaySet.displaySetInstanceUID) {
      this.shown.map = map;
      segmentationService.addOrUpdateSegmentation({ segmentationId: this.id, label: this.names.title, segments });
    } else {
      this.clear();
      this.id = this.names.prefix + newUid();
      this.shown = { displaySet, series, map };
      // The viewer fills them in when it first draws the series, which may be later than this.
      this.imageIdsOf(displaySet);
      const options = { segmentationId: this.id, label: this.names.title, segments };
      await segmentationService.createLabelmapForDisplaySet(displaySet, options);
    }
    this.write(map);
    await this.addToViewports();
    this.colour();
    const { triggerSegmentationEvents } = this.libraries().cornerstoneTools.segmentation;
    triggerSegmentationEvents.triggerSegmentationDataModified(this.id);
  }

  read(): Labelmap['labels'] | undefined {
    if (!this.shown) return undefined;
    const labels = new Uint8Array(this.shown.map.labelmap.labels.length);
    this.forEachSlice((image, offset) => labels.set(image.voxelManager.getScalarData(), offset));
    return labels;
  }

  nameOf(index: number): string | undefined {
    return this.services.segmentationService.getSegmentation(this.id)?.segments[index]?.label;
  }

  clear(): void {
    clearTimeout(this.quiet);
    if (!this.shown) return;
    this.shown = undefined;
    this.services.segmentationService.remove(this.id);
  }

  onEdit(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Leaves the segmentation to the viewer, which clears all of them on leaving the mode. */
  dispose(): void {
    clearTimeout(this.quiet);
    this.shown = undefined;
    this.listeners.clear();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  private hostSegments({ segments }: LesionMap): Record<number, NewSegment> {
    return Object.fromEntries(
      segments.map(segment => [
        segment.index,
        {
          segmentIndex: segment.index,
          label: lesionLabel(segment),
          active: segment.index === 1,
          locked: false,
          cachedStats: {},
          algorithmType: segment.algorithmType,
          algorithmName: this.algorithmName,
        },
      ])
    );
  }

  private write({ labelmap }: LesionMap): void {
    this.forEachSlice((image, offset) => {
      // In place: the viewer's volumes and textures hold on to this very array, and ours must not be drawn into.
      const pixels = image.voxelManager.getScalarData();
      pixels.set(labelmap.labels.subarray(offset, offset + pixels.length));
      image.voxelManager.setScalarData(pixels);
    });
  }

  /** Visits each labelmap image of the viewer with the offset of its slice in the labelmap. */
  private forEachSlice(
    visit: (
      image: NonNullable<ReturnType<CornerstoneLibraries['cornerstone']['cache']['getImage']>>,
      offset: number
    ) => void
  ): void {
    if (!this.shown) return;
    const { cornerstone } = this.libraries();
    const segmentation = this.services.segmentationService.getSegmentation(this.id);
    const imageIds = segmentation?.representationData.Labelmap?.imageIds ?? [];
    const places = slicePlaces(cornerstone, imageIds, this.shown.series);
    const [columns, rows] = this.shown.series.dims;
    imageIds.forEach((imageId, n) => {
      const image = cornerstone.cache.getImage(imageId);
      if (image) visit(image, places[n] * columns * rows);
    });
  }

  /** Every viewport with the CT shows the lesions. */
  private async addToViewports(): Promise<void> {
    const { segmentationService, viewportGridService, cornerstoneViewportService } = this.services;
    if (!this.shown || !segmentationService.getSegmentation(this.id)) return;
    const uid = this.shown.displaySet.displaySetInstanceUID;
    const specifier = { segmentationId: this.id };
    for (const [viewportId, { displaySetInstanceUIDs }] of viewportGridService.getState().viewports) {
      if (!displaySetInstanceUIDs?.includes(uid)) continue;
      if (!cornerstoneViewportService.getCornerstoneViewport(viewportId)) continue;
      if (segmentationService.getSegmentationRepresentations(viewportId, specifier).length > 0) continue;
      await segmentationService.addSegmentationRepresentation(viewportId, specifier);
      this.colour(viewportId);
    }
  }

  private colour(only?: string): void {
    if (!this.shown) return;
    const { segmentationService, viewportGridService } = this.services;
    const specifier = { segmentationId: this.id };
    for (const viewportId of only ? [only] : viewportGridService.getState().viewports.keys()) {
      if (segmentationService.getSegmentationRepresentations(viewportId, specifier).length === 0) continue;
      for (const { index, kind } of this.shown.map.segments) {
        segmentationService.setSegmentColor(viewportId, this.id, index, [...KIND_COLOURS[kind], 255]);
      }
    }
  }

  private watchEdit(): void {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      for (const listener of this.listeners) listener();
    }, EDIT_QUIET_MS);
  }

  private removedByUser(): void {
    if (!this.shown) return;
    this.shown = undefined;
    for (const listener of this.listeners) listener();
  }
}
