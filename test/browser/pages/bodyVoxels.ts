import type { Page } from 'playwright-core';

interface HostWindow {
  cornerstone: { cache: { getImage(id: string): { voxelManager: { getScalarData(): ArrayLike<number> } } } };
  services: {
    segmentationService: {
      getSegmentations(): { segmentationId: string; representationData: { Labelmap: { imageIds: string[] } } }[];
    };
  };
}

/** How many voxels each vertebral body has in the viewer's segmentation, by segment. */
export function labelledVoxels(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() => {
    const { cornerstone, services } = window as unknown as HostWindow;
    const segmentation = services.segmentationService
      .getSegmentations()
      .find(({ segmentationId }) => segmentationId.startsWith('spine-oncology-bodies-'));
    const counts: Record<string, number> = {};
    for (const id of segmentation?.representationData.Labelmap.imageIds ?? []) {
      for (const label of Array.from(cornerstone.cache.getImage(id).voxelManager.getScalarData())) {
        if (label) counts[label] = (counts[label] ?? 0) + 1;
      }
    }
    return counts;
  });
}
