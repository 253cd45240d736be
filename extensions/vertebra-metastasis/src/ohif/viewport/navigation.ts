import { text } from '../../dicom';
import type { DisplaySet, HostServices } from '../host/host';
import { isOfOpenStudy } from '../host/openStudies';

/**
 * Moves every viewport that shows the study of a CT to the slice through a point.
 * @param lps mm
 * @param ct display set that the point belongs to; by default any of the open studies
 */
export function goToPoint(
  {
    viewportGridService,
    cornerstoneViewportService,
    displaySetService,
  }: Pick<HostServices, 'viewportGridService' | 'cornerstoneViewportService' | 'displaySetService'>,
  lps: readonly [number, number, number],
  ct?: string
): void {
  const own = ct ? displaySetService.getDisplaySetByUID(ct) : undefined;
  for (const [viewportId, { displaySetInstanceUIDs }] of viewportGridService.getState().viewports) {
    const sets = displaySetInstanceUIDs.flatMap(uid => displaySetService.getDisplaySetByUID(uid) ?? []);
    // A point of this scan means nothing in another study.
    if (!sets.every(set => isOfOpenStudy(set) && (!own || inSameSpace(set, own)))) continue;
    const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (!viewport?.jumpToWorld) continue;
    viewport.jumpToWorld([...lps]);
    viewport.render();
  }
}

/** One study, and one frame of reference: series of one study may have been scanned apart. */
function inSameSpace(a: DisplaySet, b: DisplaySet): boolean {
  const [one, other] = [a, b].map(({ instances, instance }) =>
    text(instances?.[0] ?? instance ?? {}, 'FrameOfReferenceUID')
  );
  return a.StudyInstanceUID === b.StudyInstanceUID && (one === other || one === '' || other === '');
}
