import { ClickTool } from './viewport/clickTool';
import type { Configuration } from './host/configuration';
import { type Controller, createController, preferredCt, type PriorPort } from './session';
import { imageIds } from './archive/ctReader';
import { clearDrafts, createDraftStore, noDrafts } from './host/draftStore';
import { askForOpenStudies } from './host/cohortQueue';
import { openStudyUids } from './host/openStudies';
import { userName } from './host/userName';
import { downloadFile } from './host/download';
import { guardedActions, guardLeaving } from './guards';
import { cornerstoneLibraries, type DisplaySet, type HostContext } from './host/host';
import { chosenStrings } from './host/language';
import { createBodyPort, createModelPort } from './host/modelPorts';
import { LevelLayer } from './viewport/levelLayer';
import { Navigation } from './viewport/navigation';
import { OutlineLayer } from './viewport/outlineLayer';
import { CtImages } from './viewport/ctImages';
import { PaintTool } from './viewport/paintTool';
import { createPriorArchive } from './archive/priorArchive';
import { PriorViewer } from './viewport/priorViewer';
import { toProblem } from './problems';
import type { BodyMap } from './segmentation/sessionBodies';
import type { LesionMap } from './segmentation/lesionMap';
import { bodyStyle, lesionStyle } from './segmentation/segmentationStyles';
import { SegmentationAdapter } from './segmentation/segmentationAdapter';
import { VolumeRendering } from './viewport/volumeRendering';
import { createStudyPort } from './archive/studyPort';

/**
 * One stay in the mode. The controller is made when panel or command first need it, outlives the panel (another tab of
 * the side panel unmounts it) and ends with the mode.
 */
export class ModeSession {
  private controller: Controller | undefined;
  private view: SegmentationAdapter<LesionMap> | undefined;
  private bodyView: SegmentationAdapter<BodyMap> | undefined;
  private priorViewer: PriorViewer | undefined;
  private outlines: OutlineLayer | undefined;
  private levels: LevelLayer | undefined;
  private paintTool: PaintTool | undefined;
  private images: CtImages | undefined;
  private rendering: VolumeRendering | undefined;
  private signedOut: () => boolean = () => false;
  private stopGuarding: () => void = () => undefined;
  /** The panel says everything itself while it is in sight. */
  panelVisible = false;

  constructor(private readonly configuration: () => Configuration) {}

  open(host: HostContext): Controller {
    if (this.controller) return this.controller;
    const { services } = host.servicesManager;
    const libraries = () => cornerstoneLibraries(host);
    const imageIdsOf = (displaySet: DisplaySet) => imageIds(host.extensionManager.getActiveDataSource()[0], displaySet);
    this.view = new SegmentationAdapter(services, libraries, imageIdsOf, lesionStyle);
    this.bodyView = new SegmentationAdapter(services, libraries, imageIdsOf, bodyStyle);
    this.outlines = new OutlineLayer(services, libraries);
    this.levels = new LevelLayer(services);
    this.paintTool = new PaintTool(host, libraries);
    this.images = new CtImages(host);
    this.rendering = new VolumeRendering(services, libraries, this.view);
    const configuration = this.configuration();
    void askForOpenStudies(configuration, services);
    const user = () => userName(services.userAuthenticationService.getUser());
    const signedIn = user();
    this.signedOut = () => signedIn !== undefined && user() === undefined;
    const controller = createController({
      model: createModelPort(configuration, services),
      study: createStudyPort(host, { idleMs: 1000 * configuration.archiveTimeoutSeconds }),
      images: this.images,
      view: this.view,
      prior: this.priorPort(host),
      bodyView: this.bodyView,
      bodies: createBodyPort(configuration, services),
      clicks: new ClickTool(services, libraries),
      outlines: this.outlines,
      paint: this.paintTool,
      drafts: configuration.drafts ? createDraftStore(user) : noDrafts,
      navigation: new Navigation(services, () => controller.store.get().ct.selected),
      levels: this.levels,
      download: downloadFile,
      notify: ({ title, type, ...said }) => {
        if (this.panelVisible) return;
        const message = 'problem' in said ? chosenStrings().problem(said.problem).text : said.message;
        services.uiNotificationService.show({ title, message, type });
      },
    });
    // Keys ask before work is lost, too.
    const ask = (question: string) => window.confirm(question);
    const strings = chosenStrings();
    const actions = guardedActions(controller, strings, ask);
    this.stopGuarding = guardLeaving(controller, strings.review.unsavedLeave, ask);
    this.controller = { ...controller, actions };
    return this.controller;
  }

  private priorPort(host: HostContext): PriorPort {
    const viewer = new PriorViewer(host);
    this.priorViewer = viewer;
    return {
      archive: createPriorArchive(() => host.extensionManager.getActiveDataSource()[0], host.servicesManager.services),
      show: pair => viewer.show(pair),
      hide: () => viewer.hide(),
      goTo: lps => viewer.goTo(lps),
    };
  }

  /** Whether the hanging protocol shall show this display set: the CT that is open in the panel, or the one that it will open. */
  isWantedCt({ displaySetInstanceUID }: DisplaySet, all: readonly DisplaySet[]): boolean {
    const open = this.controller?.store.get().ct.selected;
    return displaySetInstanceUID === (open ?? preferredCt(all, openStudyUids())?.displaySetInstanceUID);
  }

  /** The controller if there is one: commands do not open the model by themselves. */
  get current(): Controller | undefined {
    return this.controller;
  }

  /** Cancels what runs and frees the model. */
  async end(): Promise<void> {
    const { controller, view, bodyView, priorViewer, outlines, levels, paintTool, images, rendering } = this;
    this.controller = this.view = this.bodyView = undefined;
    this.priorViewer = this.outlines = this.levels = this.paintTool = this.images = this.rendering = undefined;
    this.stopGuarding();
    if (this.signedOut()) void clearDrafts().catch(toProblem);
    view?.dispose();
    bodyView?.dispose();
    priorViewer?.dispose();
    outlines?.dispose();
    levels?.dispose();
    paintTool?.release();
    images?.dispose();
    rendering?.dispose();
    try {
      await controller?.dispose();
    } catch (error) {
      // The mode has been left, so only the console can report it.
      toProblem(error);
    }
  }
}
