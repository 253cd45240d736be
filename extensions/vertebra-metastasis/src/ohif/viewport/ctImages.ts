/** The CT in the viewer's viewports: which one hangs there, and whether all of its slices could be loaded. */
import type { CtSeries } from '../../dicom';
import { cachedHounsfield, imageIds } from '../archive/ctReader';
import { cornerstoneLibraries, type DisplaySet, type HostContext } from '../host/host';
import { spineProtocol } from '../host/hangingProtocol';
import { isOfOpenStudy } from '../host/openStudies';
import { viewportsWith } from './ctViewports';
import { FULL_RESOLUTION, loadFull, showLoaded } from './imageLoading';

export interface ImagesPort {
  /** Hangs a CT unless a viewport shows it already, or nothing hangs yet. */
  show(displaySet: DisplaySet): void;
  /** Display sets in the viewports, those under a segmentation among them. */
  shown(): readonly string[];
  /** How many slices the viewer tried to load and could not: it draws gaps, or copies of neighbouring slices. */
  missing(displaySet: DisplaySet): number;
  /** Loads the missing slices again and draws them. What fails again is still missing. */
  reload(displaySet: DisplaySet): Promise<void>;
  /** Since the viewer last took in an image, ms; while it does, everything else on the machine is slower. */
  quietMs(): number;
  /** Hounsfield units by offset into the CT grid, once the viewer has every slice; undefined where it lists none for one. */
  hounsfield(displaySet: DisplaySet, series: CtSeries): Promise<((offset: number) => number) | undefined>;
  /** @param listener told when another series hangs, or slices fail or arrive @returns a function that stops */
  onChange(listener: () => void): () => void;
}

/** Changes come in bursts, ms. */
const SETTLE_MS = 400;
const CONCURRENT_IMAGES = 8;
const EVENTS = { failed: 'CORNERSTONE_IMAGE_LOAD_FAILED', loaded: 'CORNERSTONE_IMAGE_LOADED' } as const;

export class CtImages implements ImagesPort {
  private readonly listeners = new Set<() => void>();
  /** Images whose last request failed. */
  private readonly failed = new Set<string>();
  private readonly arrived = new Set<string>();
  private lastLoad = performance.now();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly subscriptions: { unsubscribe(): void }[];

  constructor(private readonly host: HostContext) {
    const { viewportGridService: grid, cornerstoneViewportService: viewports } = this.services;
    const changed = () => this.changed();
    this.subscriptions = [
      grid.subscribe(grid.EVENTS.GRID_STATE_CHANGED, changed),
      viewports.subscribe(viewports.EVENTS.VIEWPORT_DATA_CHANGED, changed),
    ];
    const { eventTarget } = this.cornerstone;
    eventTarget.addEventListener(EVENTS.failed, this.onFailed);
    eventTarget.addEventListener(EVENTS.loaded, this.onLoaded);
  }

  show({ displaySetInstanceUID, StudyInstanceUID }: DisplaySet): void {
    const shown = this.shown();
    if (shown.length === 0 || shown.includes(displaySetInstanceUID)) return;
    const { hangingProtocolService, displaySetService } = this.services;
    // The protocol prefers the CT that is open in the panel, and stacks what cannot be reformatted.
    const displaySets = displaySetService.getActiveDisplaySets();
    hangingProtocolService.run({ displaySets, activeStudy: { StudyInstanceUID } }, spineProtocol.id);
  }

  shown(): readonly string[] {
    const { viewportGridService, displaySetService } = this.services;
    const uids = [...viewportGridService.getState().viewports.values()].flatMap(
      one => one.displaySetInstanceUIDs ?? []
    );
    return uids.flatMap(uid => {
      const under = displaySetService.getDisplaySetByUID(uid)?.referencedDisplaySetInstanceUID;
      return under ? [uid, under] : [uid];
    });
  }

  missing(displaySet: DisplaySet): number {
    return this.missingIds(displaySet).length;
  }

  async reload(displaySet: DisplaySet): Promise<void> {
    const ids = this.missingIds(displaySet);
    const work = async () => {
      // Failures are told by the event.
      for (let id = ids.pop(); id !== undefined; id = ids.pop())
        await loadFull(this.cornerstone, id).catch(() => undefined);
    };
    await Promise.all(Array.from({ length: CONCURRENT_IMAGES }, work));
    this.settle();
  }

  quietMs(): number {
    return performance.now() - this.lastLoad;
  }

  hounsfield(displaySet: DisplaySet, series: CtSeries): Promise<((offset: number) => number) | undefined> {
    const [dataSource] = this.host.extensionManager.getActiveDataSource();
    return cachedHounsfield(cornerstoneLibraries(this.host), dataSource, displaySet, series);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    const { eventTarget } = this.cornerstone;
    eventTarget.removeEventListener(EVENTS.failed, this.onFailed);
    eventTarget.removeEventListener(EVENTS.loaded, this.onLoaded);
  }

  private get services() {
    return this.host.servicesManager.services;
  }

  private get cornerstone() {
    return cornerstoneLibraries(this.host).cornerstone;
  }

  private missingIds(displaySet: DisplaySet): string[] {
    if (this.failed.size === 0) return [];
    const { cache } = this.cornerstone;
    const ids = imageIds(this.host.extensionManager.getActiveDataSource()[0], displaySet);
    return ids.filter(id => this.failed.has(id) && !cache.getImage(id, FULL_RESOLUTION));
  }

  private readonly onFailed = (event: Event): void => {
    this.lastLoad = performance.now();
    const { imageId } = (event as CustomEvent<{ imageId: string }>).detail;
    this.failed.add(imageId);
    this.changed();
  };

  private readonly onLoaded = (event: Event): void => {
    this.lastLoad = performance.now();
    const { imageId } = (event as CustomEvent<{ image: { imageId: string } }>).detail.image;
    if (!this.failed.delete(imageId)) return;
    this.arrived.add(imageId);
    this.changed();
  };

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), SETTLE_MS);
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.drawArrived();
    for (const listener of this.listeners) listener();
  }

  /** Draws the images that arrived after a failure. */
  private drawArrived(): void {
    if (this.arrived.size === 0) return;
    for (const id of this.arrived) showLoaded(this.cornerstone, id);
    this.arrived.clear();
    for (const displaySet of this.services.displaySetService.getActiveDisplaySets().filter(isOfOpenStudy)) {
      for (const viewport of viewportsWith(this.services, displaySet.displaySetInstanceUID)) viewport.render();
    }
  }
}
