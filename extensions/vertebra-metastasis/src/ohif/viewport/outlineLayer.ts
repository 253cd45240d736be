/** Outlines of lesions over the viewports. */
import type { Vec3 } from '../../core';
import type { CornerstoneLibraries, CornerstoneViewport, DisplaySet } from '../host/host';
import { viewportsWith } from './ctViewports';
import { type LayerServices, ViewportLayer } from './viewportLayer';
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

/** Tools for which a click without movement means nothing; with a brush or a measurement it is not about the outline. */
const LOOKING: readonly string[] = ['WindowLevel', 'Pan', 'Zoom', 'StackScroll', 'Crosshairs', 'TrackballRotate'];

export class OutlineLayer extends ViewportLayer<Parameters<OutlinePort['show']>> implements OutlinePort {
  private layers: ViewportOutlines[] = [];
  private highlighted: readonly (string | undefined)[] = [];

  constructor(
    services: LayerServices,
    private readonly libraries: () => CornerstoneLibraries
  ) {
    super(services);
  }

  highlight(keys: readonly (string | undefined)[]): void {
    this.highlighted = keys;
    for (const layer of this.layers) layer.highlight(keys);
  }

  protected remove(): void {
    for (const layer of this.layers) layer.remove();
    this.layers = [];
  }

  protected draw(...[displaySet, regions, onClick]: Parameters<OutlinePort['show']>): void {
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
