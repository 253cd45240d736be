/** The earlier study beside the open one in the viewer's own viewports. */
import { InputError, type LevelAlignment, type Vec3 } from '../../core';
import type { OpenedPrior } from '../session/prior/study';
import { imageIds } from '../archive/ctReader';
import { cornerstoneLibraries, type DisplaySet, type GridViewport, type HostContext } from '../host/host';
import { type LesionMap, storedMap } from '../segmentation/lesionMap';
import { priorStyle } from '../segmentation/segmentationStyles';
import { SegmentationAdapter } from '../segmentation/segmentationAdapter';
import { centreOn, linkCameras } from './linkedCameras';
import { linkWindows } from './linkedWindows';

export interface PriorPair {
  /** CT of the open study. */
  readonly ct: DisplaySet;
  readonly prior: OpenedPrior;
  readonly alignments: readonly LevelAlignment[];
}

const NOW = 'spine-compare-now';
const THEN = 'spine-compare-prior';
/** The viewer makes display sets as metadata arrive; longer than this is a fault, ms. */
const DISPLAY_SET_TIMEOUT_MS = 60_000;

export class PriorViewer {
  private shown: { pair: PriorPair; lesions: SegmentationAdapter<LesionMap> } | undefined;
  /** What the grid held before. */
  private before: { numRows: number; numCols: number; viewports: GridViewport[] } | undefined;
  private unlink: () => void = () => undefined;
  private readonly subscription: { unsubscribe(): void };

  constructor(private readonly host: HostContext) {
    const { cornerstoneViewportService } = host.servicesManager.services;
    const { VIEWPORT_DATA_CHANGED } = cornerstoneViewportService.EVENTS;
    this.subscription = cornerstoneViewportService.subscribe(VIEWPORT_DATA_CHANGED, () => this.link());
  }

  /** @throws InputError 'prior-ct' when the viewer cannot load the earlier CT */
  async show(pair: PriorPair): Promise<void> {
    this.hide();
    const { study, series, content } = pair.prior;
    await this.host.commandsManager.runCommand('loadStudy', { StudyInstanceUID: study.studyInstanceUid });
    const displaySet = await this.displaySet(series.seriesInstanceUID);
    const lesions = this.adapter();
    this.shown = { pair, lesions };
    this.layOut(pair.ct, displaySet);
    await lesions.show(displaySet, series, storedMap(content, series.slicePositionsMm));
    this.link();
  }

  /** Puts the viewports back as they were. */
  hide(): void {
    const { viewportGridService } = this.host.servicesManager.services;
    if (!this.shown) return;
    this.close();
    const { before } = this;
    this.before = undefined;
    const compared = viewportGridService.getState().viewports.has(NOW);
    if (before && compared) {
      const { numRows, numCols, viewports } = before;
      const findOrCreateViewport = (position: number) => viewports[position];
      viewportGridService.setLayout({ numRows, numCols, layoutOptions: [], findOrCreateViewport });
    }
  }

  /** @param lps of the prior scan, mm */
  goTo(lps: Vec3): void {
    const viewport = this.viewport(THEN);
    if (viewport) centreOn(viewport, lps);
  }

  /** Leaves the viewports to the viewer, which is leaving the mode. */
  dispose(): void {
    this.subscription.unsubscribe();
    this.unlink();
    this.shown?.lesions.dispose();
    this.shown = undefined;
  }

  private close(): void {
    this.unlink();
    this.unlink = () => undefined;
    this.shown?.lesions.clear();
    this.shown?.lesions.dispose();
    this.shown = undefined;
  }

  private layOut(current: DisplaySet, prior: DisplaySet): void {
    const { viewportGridService } = this.host.servicesManager.services;
    const { layout, viewports } = viewportGridService.getState();
    this.before = { ...layout, viewports: [...viewports.values()] };
    const like = this.before.viewports.find(one => one.displaySetInstanceUIDs.includes(current.displaySetInstanceUID));
    const side = (viewportId: string, { displaySetInstanceUID }: DisplaySet): GridViewport => ({
      displaySetInstanceUIDs: [displaySetInstanceUID],
      displaySetOptions: [{ ...like?.displaySetOptions?.[0] }],
      // With an id of its own the viewer remembers place and zoom apart from those of the single viewport.
      viewportOptions: {
        ...{ viewportId, id: viewportId },
        ...{ toolGroupId: 'mpr', viewportType: 'volume', orientation: 'sagittal' },
      },
    });
    const sides = [side(NOW, current), side(THEN, prior)];
    const findOrCreateViewport = (position: number) => sides[position];
    viewportGridService.setLayout({ numRows: 1, numCols: 2, layoutOptions: [], findOrCreateViewport });
  }

  private link(): void {
    const [now, then] = [this.viewport(NOW), this.viewport(THEN)];
    if (!this.shown || !now?.getCamera?.().focalPoint || !then?.getCamera?.().focalPoint) return;
    this.unlink();
    const unlink = [linkCameras(now, then, this.shown.pair.alignments), linkWindows(now, then)];
    this.unlink = () => unlink.forEach(stop => stop());
  }

  private viewport(id: string) {
    const { viewportGridService, cornerstoneViewportService } = this.host.servicesManager.services;
    if (!viewportGridService.getState().viewports.has(id)) return undefined;
    return cornerstoneViewportService.getCornerstoneViewport(id);
  }

  private adapter(): SegmentationAdapter<LesionMap> {
    const { extensionManager, servicesManager } = this.host;
    return new SegmentationAdapter(
      servicesManager.services,
      () => cornerstoneLibraries(this.host),
      displaySet => imageIds(extensionManager.getActiveDataSource()[0], displaySet),
      priorStyle
    );
  }

  private displaySet(seriesInstanceUid: string): Promise<DisplaySet> {
    const { displaySetService } = this.host.servicesManager.services;
    const find = () =>
      displaySetService.getActiveDisplaySets().find(set => set.SeriesInstanceUID === seriesInstanceUid);
    return new Promise((resolve, reject) => {
      const finish = (found: DisplaySet | undefined) => {
        if (!found) return;
        clearTimeout(timer);
        subscription.unsubscribe();
        resolve(found);
      };
      const subscription = displaySetService.subscribe(displaySetService.EVENTS.DISPLAY_SETS_ADDED, () =>
        finish(find())
      );
      const timer = setTimeout(() => {
        subscription.unsubscribe();
        reject(new InputError('prior-ct-view'));
      }, DISPLAY_SET_TIMEOUT_MS);
      finish(find());
    });
  }
}
