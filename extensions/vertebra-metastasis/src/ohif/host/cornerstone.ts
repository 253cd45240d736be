/** The parts of cornerstone 5.6 that this extension touches, and nothing more. */

type Point = readonly [number, number, number];
export interface CornerstoneViewport {
  readonly id: string;
  readonly renderingEngineId: string;
  /** 'stack', 'orthographic', 'volume3d'... */
  readonly type: string;
  readonly element: HTMLDivElement;
  readonly canvas: HTMLCanvasElement;
  /** Between the canvas, in CSS pixels, and the patient, LPS mm. */
  canvasToWorld(canvas: [number, number]): [number, number, number];
  worldToCanvas(lps: [number, number, number]): [number, number];
  getCamera(): {
    readonly viewPlaneNormal?: Point;
    readonly focalPoint?: Point;
    readonly position?: Point;
    /** Half the height of what is seen, mm. */
    readonly parallelScale?: number;
  };
  setCamera?(camera: {
    focalPoint: [number, number, number];
    position: [number, number, number];
    parallelScale?: number;
  }): void;
  jumpToWorld?(lps: [number, number, number]): boolean;
  /** `preset` is the name of the one set last. */
  getProperties?(): { readonly voiRange?: VoiRange; readonly preset?: string };
  /** @param volumeId of the volume meant; default: the first */
  setProperties?(properties: { voiRange: VoiRange } | { preset: RenderingPreset }, volumeId?: string): void;
  /** Of volume viewports. */
  addVolumes?(volumes: { volumeId: string; actorUID: string; visibility: boolean }[]): Promise<void>;
  removeVolumeActors?(actorUIDs: string[]): void;
  getFrameOfReferenceUID?(): string;
  readonly isDisabled?: boolean;
  render(): void;
}
/** Grey scale: the values shown black and white. */
export interface VoiRange {
  readonly lower: number;
  readonly upper: number;
}

/** How a 3-D viewport draws a volume: numbers in a string, separated by blanks. */
export interface RenderingPreset
  extends Readonly<Record<'scalarOpacity' | 'colorTransfer' | 'gradientOpacity' | 'interpolation' | 'shade', string>> {
  readonly name: string;
  readonly ambient: string;
  readonly diffuse: string;
  readonly specular: string;
  readonly specularPower: string;
}

/** How a labelmap is drawn; alphas from 0 to 1. */
export interface SegmentStyle {
  readonly renderFill: boolean;
  readonly renderOutline: boolean;
  readonly fillAlpha: number;
  readonly fillAlphaInactive: number;
  readonly outlineWidth: number;
}

/** A cached image of cornerstone. */
export interface CornerstoneImage {
  readonly imageId: string;
  readonly referencedImageId?: string;
  readonly rows: number;
  readonly columns: number;
  readonly preScale?: { readonly scaled?: boolean };
  /** Absent on images that were loaded at once and in full. */
  readonly imageQualityStatus?: number;
  readonly voxelManager: {
    getScalarData(): Int16Array | Uint16Array | Uint8Array | Float32Array;
    setScalarData(data: ArrayLike<number>): void;
  };
}

/** A volume that is filled slice by slice as its images arrive. */
export interface StreamingVolume {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  readonly loadStatus?: { readonly loading: boolean };
  /** How an image must be loaded to fit into this volume. */
  getLoaderImageOptions?(imageId: string): object;
  /** An image has arrived. */
  successCallback?(imageId: string, image: CornerstoneImage): void;
}

export interface CornerstoneLibraries {
  readonly cornerstone: {
    /** The presets that the viewer offers. */
    readonly CONSTANTS: { readonly VIEWPORT_PRESETS: RenderingPreset[] };
    readonly cache: {
      /** @param minQuality an image of lower ImageQualityStatus counts as not there; default: anything */
      getImage(imageId: string, minQuality?: number): CornerstoneImage | undefined;
      getVolumes(): readonly StreamingVolume[];
      /** @throws Error when it is not there */
      removeVolumeLoadObject(volumeId: string): void;
      removeImageLoadObject(imageId: string, options: { force: boolean }): void;
    };
    readonly volumeLoader: {
      createLocalVolume(
        volumeId: string,
        options: {
          readonly metadata: object;
          readonly dimensions: readonly number[];
          readonly spacing: readonly number[];
          readonly origin: readonly number[];
          readonly direction: readonly number[];
          readonly scalarData: Int16Array;
        }
      ): unknown;
    };
    readonly imageLoader: { loadAndCacheImage(imageId: string, options?: object): Promise<CornerstoneImage> };
    readonly metaData: { get(module: string, imageId: string): unknown };
    readonly eventTarget: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  };
  readonly cornerstoneTools: {
    readonly utilities: {
      readonly segmentation: { triggerSegmentationRenderBySegmentationId(segmentationId: string): void };
    };
    readonly ToolGroupManager: {
      getToolGroupForViewport(
        viewportId: string,
        renderingEngineId: string
      ): { getActivePrimaryMouseButtonTool(): string | undefined } | undefined;
    };
    readonly segmentation: {
      readonly triggerSegmentationEvents: { triggerSegmentationDataModified(segmentationId: string): void };
      readonly segmentationStyle: {
        setStyle(specifier: { segmentationId: string; type: 'Labelmap' }, style: SegmentStyle): void;
      };
    };
  };
}
