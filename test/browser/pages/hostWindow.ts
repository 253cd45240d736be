/** What the host puts on window that the tests ask. */
export interface HostWindow {
  cornerstone: {
    getRenderingEngines(): { getViewports(): HostViewport[] }[];
  };
  services: {
    viewportGridService: {
      setActiveViewportId(id: string): void;
      getActiveViewportId(): string;
      getState(): { viewports: Map<string, { displaySetInstanceUIDs: string[] }> };
      setDisplaySetsForViewports(updates: { viewportId: string; displaySetInstanceUIDs: string[] }[]): Promise<void>;
    };
    segmentationService: { getSegmentations(): { segmentationId: string }[]; remove(segmentationId: string): void };
    displaySetService: {
      getDisplaySetByUID(uid: string): { SeriesDescription: string } | undefined;
      getActiveDisplaySets(): { displaySetInstanceUID: string; SeriesDescription: string }[];
    };
  };
}
interface HostViewport {
  id: string;
  type: string;
  viewportStatus: string;
  canvas: HTMLCanvasElement;
  getCurrentImageId?(): string | undefined;
  jumpToWorld(lps: [number, number, number]): void;
  worldToCanvas(lps: [number, number, number]): [number, number];
  canvasToWorld(canvas: [number, number]): [number, number, number];
  getCamera(): { parallelScale: number };
  render(): void;
}
