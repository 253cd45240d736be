/** Something drawn over the viewports of a CT, drawn again when a new layout brings other viewports. */
import type { HostServices, Subscription } from '../host/host';

export type LayerServices = Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>;

/** @typeParam Shown arguments of `show` */
export abstract class ViewportLayer<Shown extends readonly unknown[]> {
  private shown: Shown | undefined;
  private readonly layout: Subscription;

  constructor(protected readonly services: LayerServices) {
    const { cornerstoneViewportService } = services;
    const { VIEWPORT_DATA_CHANGED } = cornerstoneViewportService.EVENTS;
    this.layout = cornerstoneViewportService.subscribe(VIEWPORT_DATA_CHANGED, () => this.redraw());
  }

  show(...shown: Shown): void {
    this.shown = shown;
    this.redraw();
  }

  clear(): void {
    this.shown = undefined;
    this.redraw();
  }

  dispose(): void {
    this.clear();
    this.layout.unsubscribe();
  }

  private redraw(): void {
    this.remove();
    if (this.shown) this.draw(...this.shown);
  }

  /** Takes away what is drawn. */
  protected abstract remove(): void;
  protected abstract draw(...shown: Shown): void;
}
