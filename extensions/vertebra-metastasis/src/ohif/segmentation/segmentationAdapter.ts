/** Labels on the CT as a native segmentation of the viewer: written, watched for edits by hand, read back. */
import type { Labelmap } from '../../core';
import { type CtSeries, newUid } from '../../dicom';
import type { CornerstoneLibraries, DisplaySet, HostServices, SegmentStyle } from '../host/host';
import { allLoaded } from '../viewport/imageLoading';
import { EditPause } from './editPause';
import { labelmapImages } from './labelmapImages';
import { hostSegments, type LabelledSegments, type SegmentationStyle, type SegmentationView } from './segmentationView';
import { holdStatistics } from './statistics';

/** A brush stroke brings many events; listeners hear of it this long after the last one, ms. */
const EDIT_QUIET_MS = 250;

type Services = Pick<
  HostServices,
  | 'segmentationService'
  | 'viewportGridService'
  | 'cornerstoneViewportService'
  | 'displaySetService'
  | 'customizationService'
>;

interface Shown<M> {
  readonly displaySet: DisplaySet;
  readonly series: CtSeries;
  map: M;
}

export class SegmentationAdapter<M extends LabelledSegments> implements SegmentationView<M> {
  private shown: Shown<M> | undefined;
  /** New for each segmentation: the host remembers colour tables by id beyond the stay in the mode in which they exist. */
  private id = '';
  private readonly listeners = new Set<() => void>();
  private readonly nameListeners = new Set<() => void>();
  private namesTimer: ReturnType<typeof setTimeout> | undefined;
  private colourTimer: ReturnType<typeof setTimeout> | undefined;
  /** One after the other: the host gives a viewport to which two add at once colours of its own. */
  private adding: Promise<void> = Promise.resolve();
  private readonly subscriptions: { unsubscribe(): void }[];
  private style: SegmentStyle | undefined;
  private unread = false;
  private releaseStatistics: (() => void) | undefined;
  /** Until its voxels are written. */
  private creating: Promise<void> | undefined;
  private readonly pause = new EditPause(window, EDIT_QUIET_MS, () => this.tell());

  constructor(
    private readonly services: Services,
    private readonly libraries: () => CornerstoneLibraries,
    private readonly imageIdsOf: (displaySet: DisplaySet) => readonly string[],
    private readonly segmentationStyle: SegmentationStyle<M>
  ) {
    this.style = segmentationStyle.style;
    const { segmentationService, cornerstoneViewportService } = services;
    const { SEGMENTATION_DATA_MODIFIED, SEGMENTATION_MODIFIED, SEGMENTATION_REMOVED } = segmentationService.EVENTS;
    const { SEGMENTATION_REPRESENTATION_MODIFIED } = segmentationService.EVENTS;
    const ours = (data: unknown) => (data as { segmentationId?: string }).segmentationId === this.id;
    this.subscriptions = [
      segmentationService.subscribe(SEGMENTATION_DATA_MODIFIED, data => ours(data) && this.touched()),
      segmentationService.subscribe(SEGMENTATION_MODIFIED, data => ours(data) && this.renamed()),
      segmentationService.subscribe(SEGMENTATION_REMOVED, data => ours(data) && this.removedByUser()),
      segmentationService.subscribe(SEGMENTATION_REPRESENTATION_MODIFIED, data => ours(data) && this.recolour()),
      // A new layout brings viewports that do not show the segmentation yet.
      cornerstoneViewportService.subscribe(cornerstoneViewportService.EVENTS.VIEWPORT_DATA_CHANGED, () => {
        void this.addToViewports();
      }),
    ];
  }

  async show(displaySet: DisplaySet, series: CtSeries, map: M): Promise<void> {
    if (map.segments.length === 0) return this.clear();
    if (this.shown?.displaySet.displaySetInstanceUID !== displaySet.displaySetInstanceUID || !this.isThere()) {
      return this.create(displaySet, series, map);
    }
    this.shown.map = map;
    // What is being created gets the latest map in the end.
    if (this.creating) return this.creating;
    this.update();
    await this.addToViewports();
    this.colour();
    this.announce();
  }

  /** The host has it, or is about to. */
  private isThere(): boolean {
    return this.creating !== undefined || this.services.segmentationService.getSegmentation(this.id) !== undefined;
  }

  private create(displaySet: DisplaySet, series: CtSeries, map: M): Promise<void> {
    this.clear();
    const id = this.segmentationStyle.idPrefix + newUid();
    this.id = id;
    this.shown = { displaySet, series, map };
    // The viewer fills them in when it first draws the series, which may be later than this.
    this.imageIdsOf(displaySet);
    // Not earlier: entering a mode clears what was set for it.
    this.releaseStatistics ??= holdStatistics(this.services.customizationService);
    const creating = this.createInHost(id, displaySet, map).finally(() => {
      if (this.creating === creating) this.creating = undefined;
    });
    this.creating = creating;
    return creating;
  }

  /** On a slow machine a segmentation may be replaced, changed or cleared before the host has made it. */
  private async createInHost(id: string, displaySet: DisplaySet, map: M): Promise<void> {
    const { segmentationService } = this.services;
    const options = {
      segmentationId: id,
      label: this.segmentationStyle.title,
      segments: hostSegments(this.segmentationStyle, map),
    };
    await segmentationService.createLabelmapForDisplaySet(displaySet, options);
    if (!this.shown || this.id !== id) {
      if (segmentationService.getSegmentation(id)) segmentationService.remove(id);
      return;
    }
    this.applyStyle();
    if (this.shown.map === map) this.write(map);
    else this.update();
    // From here on a map is written at once, and what is drawn is an edit.
    this.creating = undefined;
    await this.addToViewports();
    this.colour();
    void this.announceOnceLoaded(displaySet);
  }

  /** Segments and voxels of the latest map. */
  private update(): void {
    if (!this.shown) return;
    const { map } = this.shown;
    this.services.segmentationService.addOrUpdateSegmentation({
      segmentationId: this.id,
      label: this.segmentationStyle.title,
      segments: hostSegments(this.segmentationStyle, map),
    });
    this.write(map);
  }

  /** Told again once the whole CT is there: what listeners made of part of it is incomplete. */
  private async announceOnceLoaded(displaySet: DisplaySet): Promise<void> {
    const { id } = this;
    await allLoaded(this.libraries().cornerstone, this.imageIdsOf(displaySet));
    if (!this.shown || this.id !== id) return;
    this.colour();
    this.announce();
  }

  private announce(): void {
    const { triggerSegmentationEvents } = this.libraries().cornerstoneTools.segmentation;
    triggerSegmentationEvents.triggerSegmentationDataModified(this.id);
  }

  read(): Labelmap['labels'] | undefined {
    this.unread = false;
    return this.drawn()?.labelmap.labels;
  }

  /** What the viewer shows now, strokes included; they still count as unread. */
  drawn(): (Pick<Shown<M>, 'displaySet' | 'map'> & { readonly labelmap: Labelmap }) | undefined {
    if (!this.shown) return undefined;
    const { displaySet, map } = this.shown;
    const { labelmap } = map;
    // Nothing can have been drawn yet; the host's images are empty.
    if (this.creating) return { displaySet, map, labelmap: { ...labelmap, labels: labelmap.labels.slice() } };
    const labels = new Uint8Array(labelmap.labels.length);
    for (const { image, offset } of this.images()) labels.set(image.voxelManager.getScalarData(), offset);
    return { displaySet, map, labelmap: { ...labelmap, labels } };
  }

  changed(): boolean {
    return this.unread;
  }

  nameOf(index: number): string | undefined {
    return this.services.segmentationService.getSegmentation(this.id)?.segments[index]?.label;
  }

  names(): ReadonlyMap<number, string> {
    const { segments = {} } = (this.shown && this.services.segmentationService.getSegmentation(this.id)) ?? {};
    return new Map(
      Object.entries(segments).flatMap(([index, one]) => (one?.label ? [[Number(index), one.label] as const] : []))
    );
  }

  activate(index: number): void {
    const { segmentationService, viewportGridService } = this.services;
    if (!this.shown || !segmentationService.getSegmentation(this.id)) return;
    for (const viewportId of viewportGridService.getState().viewports.keys()) {
      const here = segmentationService.getSegmentationRepresentations(viewportId, { segmentationId: this.id });
      if (here.length > 0) segmentationService.setActiveSegmentation(viewportId, this.id);
    }
    segmentationService.setActiveSegment(this.id, index);
  }

  outline(drawn: boolean): void {
    if (!this.style || this.style.renderOutline === drawn) return;
    this.style = { ...this.style, renderOutline: drawn };
    if (!this.shown || !this.services.segmentationService.getSegmentation(this.id)) return;
    this.applyStyle();
    const { triggerSegmentationRenderBySegmentationId } = this.libraries().cornerstoneTools.utilities.segmentation;
    triggerSegmentationRenderBySegmentationId(this.id);
  }

  clear(): void {
    this.pause.cancel();
    if (!this.shown) return;
    this.shown = undefined;
    const { segmentationService } = this.services;
    // One that is still being made is removed by whoever makes it.
    if (!this.creating || segmentationService.getSegmentation(this.id)) segmentationService.remove(this.id);
    this.creating = undefined;
  }

  presses(): number {
    return this.pause.presses;
  }

  onEdit(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onNames(listener: () => void): () => void {
    this.nameListeners.add(listener);
    return () => this.nameListeners.delete(listener);
  }

  /** Leaves the segmentation to the viewer, which clears all of them on leaving the mode. */
  dispose(): void {
    this.pause.dispose();
    this.releaseStatistics?.();
    this.shown = undefined;
    this.listeners.clear();
    this.nameListeners.clear();
    clearTimeout(this.namesTimer);
    clearTimeout(this.colourTimer);
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  private applyStyle(): void {
    if (!this.style) return;
    const specifier = { segmentationId: this.id, type: 'Labelmap' } as const;
    this.libraries().cornerstoneTools.segmentation.segmentationStyle.setStyle(specifier, this.style);
  }

  private write({ labelmap }: M): void {
    for (const { image, offset } of this.images()) {
      // In place: the viewer's volumes and textures hold on to this very array, and ours must not be drawn into.
      const pixels = image.voxelManager.getScalarData();
      pixels.set(labelmap.labels.subarray(offset, offset + pixels.length));
      image.voxelManager.setScalarData(pixels);
    }
  }

  private images() {
    if (!this.shown) return [];
    const segmentation = this.services.segmentationService.getSegmentation(this.id);
    const imageIds = segmentation?.representationData.Labelmap?.imageIds ?? [];
    return labelmapImages(this.libraries().cornerstone, imageIds, this.shown.series);
  }

  /** Every viewport with the CT shows the lesions. */
  private addToViewports(): Promise<void> {
    const add = () => this.addToEach();
    this.adding = this.adding.then(add, add);
    return this.adding;
  }

  private async addToEach(): Promise<void> {
    const { segmentationService, viewportGridService, cornerstoneViewportService } = this.services;
    if (!this.shown || !segmentationService.getSegmentation(this.id)) return;
    const uid = this.shown.displaySet.displaySetInstanceUID;
    const specifier = { segmentationId: this.id };
    for (const [viewportId, { displaySetInstanceUIDs }] of viewportGridService.getState().viewports) {
      if (!displaySetInstanceUIDs?.includes(uid)) continue;
      const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
      // Those draw the lesions in their own way: see VolumeRendering.
      if (!viewport || viewport.type === 'volume3d') continue;
      if (segmentationService.getSegmentationRepresentations(viewportId, specifier).length > 0) continue;
      await segmentationService.addSegmentationRepresentation(viewportId, specifier);
      this.colour(viewportId);
    }
  }

  /** The host may draw a viewport anew with colours of its own, in which a lesion would look like another kind. */
  private recolour(): void {
    clearTimeout(this.colourTimer);
    this.colourTimer = setTimeout(() => {
      const { segmentationService, viewportGridService } = this.services;
      for (const viewportId of this.shown ? viewportGridService.getState().viewports.keys() : []) {
        const here = segmentationService.getSegmentationRepresentations(viewportId, { segmentationId: this.id });
        if (here.length > 0 && this.looksDifferent(viewportId)) this.colour(viewportId);
      }
    });
  }

  private looksDifferent(viewportId: string): boolean {
    const { segmentationService } = this.services;
    return (this.shown?.map.segments ?? []).some((segment, place) => {
      const { colour } = this.segmentationStyle.segmentOf(segment, place);
      const seen = segmentationService.getSegmentColor(viewportId, this.id, segment.index);
      return colour.some((value, channel) => value !== seen?.[channel]);
    });
  }

  private colour(only?: string): void {
    if (!this.shown) return;
    const { segmentationService, viewportGridService } = this.services;
    const specifier = { segmentationId: this.id };
    for (const viewportId of only ? [only] : viewportGridService.getState().viewports.keys()) {
      if (segmentationService.getSegmentationRepresentations(viewportId, specifier).length === 0) continue;
      for (const [place, segment] of this.shown.map.segments.entries()) {
        const [red, green, blue] = this.segmentationStyle.segmentOf(segment, place).colour;
        segmentationService.setSegmentColor(viewportId, this.id, segment.index, [red, green, blue, 255]);
      }
    }
  }

  private touched(): void {
    this.unread = true;
    this.pause.touch();
  }

  /** Told later: our own writing is among the changes, and must have come to its end. */
  private renamed(): void {
    clearTimeout(this.namesTimer);
    this.namesTimer = setTimeout(() => {
      for (const listener of this.nameListeners) listener();
    }, EDIT_QUIET_MS);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private removedByUser(): void {
    if (!this.shown) return;
    this.shown = undefined;
    this.unread = true;
    this.tell();
  }
}
