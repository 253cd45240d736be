/** Outlines of lesions over the viewports. */
import type { Vec3 } from '../../core';
import { viewportsWith } from './ctViewports';
import type { CornerstoneLibraries, CornerstoneViewport, DisplaySet, HostServices, Subscription } from '../host/host';
import { type OutlinedRegion, ViewportOutlines } from './viewportOutlines';

export type { OutlinedRegion };

/** What is drawn; the last call counts. */
export interface OutlinePort {
  /** @param onClick told of clicks on an outline or into the region, with the place in LPS mm */
  show(displaySet: DisplaySet, regions: readonly OutlinedRegion[], onClick: (key: string, lps: Vec3) => void): void;
  /** The selected lesion and the one under the pointer. */
  highlight(keys: readonly (string | undefined)[]): void;
  clear(): void;
}

type Services = Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>;
type Shown = Parameters<OutlinePort['show']>;

/** Tools for which a click without movement means nothing; with a brush or a measurement it is not about the outline. */
const LOOKING: readonly string[] = ['WindowLevel', 'Pan', 'Zoom', 'StackScroll', 'Crosshairs', 'TrackballRotate'];

export class OutlineLayer implements OutlinePort {
  private layers: ViewportOutlines[] = [];
  private shown: Shown | undefined;
  private highlighted: readonly (string | undefined)[] = [];
  private readonly layout: Subscription;

  constructor(
    private readonly services: Services,
    private readonly libraries: () => CornerstoneLibraries
  ) {
    const { cornerstoneViewportService } = services;
    const { VIEWPORT_DATA_CHANGED } = cornerstoneViewportService.EVENTS;
    // A new layout brings viewports without outlines.
    this.layout = cornerstoneViewportService.subscribe(VIEWPORT_DATA_CHANGED, () => this.draw());
  }

  show(...shown: Shown): void {
    this.shown = shown;
    this.draw();
  }

  highlight(keys: readonly (string | undefined)[]): void {
    this.highlighted = keys;
    for (const layer of this.layers) layer.highlight(keys);
  }

  clear(): void {
    this.shown = undefined;
    this.draw();
  }

  dispose(): void {
    this.clear();
    this.layout.unsubscribe();
  }

  private draw(): void {
    for (const layer of this.layers) layer.remove();
    this.layers = [];
    if (!this.shown) return;
    const [displaySet, regions, onClick] = this.shown;
    if (regions.length === 0) return;
    this.layers = viewportsWith(this.services, displaySet.displaySetInstanceUID).map(
      viewport =>
        new ViewportOutlines(viewport, regions, this.highlighted, (key, lps) => {
          if (this.isLooking(viewport)) onClick(key, lps);
        })
    );
  }

  private isLooking({ id, renderingEngineId }: CornerstoneViewport): boolean {
    const { ToolGroupManager } = this.libraries().cornerstoneTools;
    const tool = ToolGroupManager.getToolGroupForViewport(id, renderingEngineId)?.getActivePrimaryMouseButtonTool();
    return tool === undefined || LOOKING.includes(tool);
  }
}
