import type { Page } from 'playwright-core';

/** Labelled pixels of one CT slice: [pixel index, segment], by ascending index. */
export type SlicePixels = [number, number][];

interface HostWindow {
  cornerstone: {
    cache: {
      getImage(id: string): { referencedImageId: string; voxelManager: { getScalarData(): ArrayLike<number> } };
    };
    metaData: { get(module: string, id: string): { SOPInstanceUID: string } };
  };
  services: {
    segmentationService: {
      getSegmentations(): { segmentationId: string; representationData: { Labelmap: { imageIds: string[] } } }[];
    };
  };
}

/** What the viewer shows as lesions: labelled pixels by the SOP Instance UID of the CT slice they lie on. */
export function shownLesions(page: Page): Promise<Record<string, SlicePixels>> {
  return page.evaluate(() => {
    const { cornerstone, services } = window as unknown as HostWindow;
    const segmentation = services.segmentationService
      .getSegmentations()
      .find(({ segmentationId }) => segmentationId.startsWith('spine-oncology-lesions-'));
    const slices: Record<string, [number, number][]> = {};
    for (const id of segmentation?.representationData.Labelmap.imageIds ?? []) {
      const image = cornerstone.cache.getImage(id);
      const labels = Array.from(image.voxelManager.getScalarData());
      const pixels = labels.flatMap((label, at): [number, number][] => (label ? [[at, label]] : []));
      if (pixels.length) slices[cornerstone.metaData.get('instance', image.referencedImageId).SOPInstanceUID] = pixels;
    }
    return slices;
  });
}
