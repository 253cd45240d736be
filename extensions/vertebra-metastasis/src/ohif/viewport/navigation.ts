import type { HostServices } from '../host/host';
import { isOfOpenStudy } from '../host/openStudies';

/** Moves every viewport on the open study that can to the slice through a point. @param lps mm */
export function goToPoint(
  {
    viewportGridService,
    cornerstoneViewportService,
    displaySetService,
  }: Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService' | 'displaySetService'>,
  lps: readonly [number, number, number]
): void {
  for (const [viewportId, { displaySetInstanceUIDs }] of viewportGridService.getState().viewports) {
    const sets = displaySetInstanceUIDs.flatMap(uid => displaySetService.getDisplaySetByUID(uid) ?? []);
    // A point of this scan means nothing in another study.
    if (!sets.every(isOfOpenStudy)) continue;
    const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (!viewport?.jumpToWorld) continue;
    viewport.jumpToWorld([...lps]);
    viewport.render();
  }
}
