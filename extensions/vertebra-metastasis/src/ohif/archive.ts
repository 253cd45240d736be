import { InputError } from '../core';
import { encodeDataset, type NaturalizedInstance } from '../dicom';
import type { DataSource, HostServices } from './host';
import { fetchSeg, httpReason } from './segFile';

/**
 * Stores our SEG through the viewer's data source. The file goes out as our encoder wrote it (the host's own store function
 * would encode it anew, and would list it even when the archive refuses). It is then fetched again and compared, as
 * archives can answer "stored" and yet keep nothing or something else.
 * @returns the SEG as the archive gives it back
 * @throws InputError 'no-store', 'store-refused', 'store-unverified'
 */
export async function storeSeg(
  dataSource: DataSource,
  services: Pick<HostServices, 'userAuthenticationService'>,
  dataset: NaturalizedInstance
): Promise<NaturalizedInstance> {
  if (!dataSource.store?.dicom) {
    throw new InputError(
      'no-store',
      'This data source cannot store. Open the study from a DICOMweb source that accepts STOW; the segmentation stays here.'
    );
  }
  try {
    await dataSource.store.dicom(encodeDataset(dataset));
  } catch (error) {
    throw new InputError(
      'store-refused',
      `The archive refused the segmentation (${httpReason(error)}). It stays here unsaved; save again once the archive accepts it.`
    );
  }
  let problem = 'its pixels differ from what was sent';
  try {
    const stored = await fetchSeg(dataSource, services, dataset);
    if (samePixels(stored.PixelData, dataset.PixelData)) return stored;
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  throw new InputError(
    'store-unverified',
    `The archive took the segmentation but does not give it back unchanged (${problem}). It stays here unsaved; try again or ask the archive's administrator.`
  );
}

/**
 * Makes the viewer list a stored SEG in the open study. Asking the data source for the series would be simpler, but OHIF
 * 3.13 answers from its cache of the study: deleteStudyMetadataPromise looks for a key that is never set.
 */
export function listSeg(
  dataSource: DataSource,
  addInstances: (instances: object[], madeInClient: boolean) => void,
  stored: NaturalizedInstance
): void {
  const metadata = Object.entries(stored).filter(([keyword]) => keyword !== 'PixelData' && keyword !== '_meta');
  const instance = Object.fromEntries(metadata);
  const { wadoRoot } = dataSource.getConfig?.() ?? {};
  // As the host's own loader does it: these must not end up in a file when the host copies the instance.
  const hidden = (value: unknown) => ({ value, enumerable: false, writable: true, configurable: true });
  Object.defineProperty(instance, 'wadoRoot', hidden(wadoRoot));
  Object.defineProperty(instance, 'imageId', hidden(dataSource.getImageIdsForInstance({ instance })));
  addInstances([instance], true);
}

function samePixels(a: unknown, b: unknown): boolean {
  const [left, right] = [bytesOf(a), bytesOf(b)];
  if (!left || !right) return false;
  // An odd length is padded with one zero byte in the file.
  const length = Math.min(left.length, right.length);
  return Math.abs(left.length - right.length) <= 1 && left.subarray(0, length).every((byte, n) => byte === right[n]);
}

function bytesOf(value: unknown): Uint8Array | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (first instanceof ArrayBuffer) return new Uint8Array(first);
  return ArrayBuffer.isView(first) ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength) : undefined;
}
