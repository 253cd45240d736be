import type { CornerstoneViewport, HostServices } from '../host/host';

/** Viewports that show slices of a display set. */
export function viewportsWith(
  {
    viewportGridService,
    cornerstoneViewportService,
  }: Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService'>,
  displaySetInstanceUID: string
): CornerstoneViewport[] {
  return [...viewportGridService.getState().viewports].flatMap(([viewportId, { displaySetInstanceUIDs }]) => {
    if (!displaySetInstanceUIDs?.includes(displaySetInstanceUID)) return [];
    const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
    return viewport && viewport.type !== 'volume3d' ? [viewport] : [];
  });
}
