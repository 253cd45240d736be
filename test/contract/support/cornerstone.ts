import type { NaturalizedInstance } from '@spine/dicom';
import { numbers, text } from '@spine/dicom';

/**
 * The real SEG decoder of @cornerstonejs/adapters (the one OHIF runs), fed from memory. What is stood in for is the image cache
 * and the events of cornerstone core, which need a browser; see `cornerstoneCore` below.
 */
interface Decoder {
  createFromDICOMSegBuffer(
    imageIds: string[],
    buffer: ArrayBuffer,
    options: { metadataProvider: MetadataProvider }
  ): Promise<{ labelMapImages: LabelmapImage[][] }>;
}
interface MetadataProvider {
  get(type: string, imageId: string): unknown;
  addCustomMetadata(imageId: string, type: string, value: unknown): void;
}
interface LabelmapImage {
  readonly referencedImageId: string;
  getPixelData(): Uint8Array;
}

const sizes = new Map<string, number>();

/** Stand-in for @cornerstonejs/core: pass it to jest.mock. */
export const cornerstoneCore = () => ({
  Enums: { MetadataModules: {} },
  utilities: {
    isEqual: (a: number[], b: number[], tolerance = 1e-5) => a.every((value, n) => Math.abs(value - b[n]) <= tolerance),
  },
  eventTarget: {},
  triggerEvent: () => undefined,
  imageLoader: {
    createAndCacheDerivedLabelmapImage: (referencedImageId: string): LabelmapImage => {
      const pixels = new Uint8Array(sizes.get(referencedImageId)!);
      return { referencedImageId, getPixelData: () => pixels };
    },
  },
});

export const cornerstoneTools = () => ({ utilities: { throttle: (callback: unknown) => callback } });

/**
 * Decodes a SEG against a CT given in any order.
 * @returns pixels of each CT slice, by its SOPInstanceUID
 */
export async function decodeWithCornerstone(seg: ArrayBuffer, ct: readonly NaturalizedInstance[]) {
  // Loaded here, after jest.mock stands in for core.
  const path = '@cornerstonejs/adapters/cornerstone3D/Segmentation/generateToolState';
  const decoder = (await import(path)) as Decoder;
  const imageIds = ct.map(instance => `memory:${text(instance, 'SOPInstanceUID')}`);
  const byId = new Map(imageIds.map((id, n) => [id, ct[n]]));
  imageIds.forEach((id, n) => sizes.set(id, Number(ct[n].Rows) * Number(ct[n].Columns)));
  const custom = new Map<string, unknown>();
  const metadataProvider: MetadataProvider = {
    addCustomMetadata: (id, type, value) => void custom.set(`${type}|${id}`, value),
    get: (type, id) => custom.get(`${type}|${id}`) ?? metadataOf(type, byId.get(id)),
  };
  const { labelMapImages } = await decoder.createFromDICOMSegBuffer(imageIds, seg, { metadataProvider });
  return new Map(
    labelMapImages[0].map(image => [image.referencedImageId.slice('memory:'.length), image.getPixelData()])
  );
}

function metadataOf(type: string, instance: NaturalizedInstance | undefined): unknown {
  if (!instance) return undefined;
  const orientation = numbers(instance, 'ImageOrientationPatient');
  switch (type) {
    case 'instance':
      return instance;
    case 'generalImageModule':
      return { sopInstanceUID: text(instance, 'SOPInstanceUID') };
    case 'generalSeriesModule':
      return { seriesInstanceUID: text(instance, 'SeriesInstanceUID'), modality: 'CT' };
    case 'imagePlaneModule':
      return {
        rowCosines: orientation.slice(0, 3),
        columnCosines: orientation.slice(3),
        imageOrientationPatient: orientation,
        imagePositionPatient: numbers(instance, 'ImagePositionPatient'),
        rows: instance.Rows,
        columns: instance.Columns,
      };
    default:
      return undefined;
  }
}
