import type { HostServices } from './host';

/** Moves every viewport that can to the slice through a point. @param lps mm */
export function goToPoint(
  {
    viewportGridService,
    cornerstoneViewportService,
  }: Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>,
  lps: readonly [number, number, number]
): void {
  for (const viewportId of viewportGridService.getState().viewports.keys()) {
    const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (!viewport?.jumpToWorld) continue;
    viewport.jumpToWorld([...lps]);
    viewport.render();
  }
}
