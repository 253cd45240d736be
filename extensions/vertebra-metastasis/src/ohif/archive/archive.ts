import { InputError, type StoredObject } from '../../core';
import { encodeDataset, type NaturalizedInstance, text } from '../../dicom';
import type { DataSource, HostServices } from '../host/host';
import { fetchSeg, httpReason } from './segFile';
import { type IdleTimeout, IdleTimeoutError, withIdleTimeout } from './idleTimeout';
import { compareContent } from './sameContent';

/** STOW-RS answers so when it has the instance already, as after an earlier try whose answer got lost. */
const CONFLICT = 409;

/**
 * Stores an object of ours through the viewer's data source. The file goes out as our encoder wrote it (the host's own store
 * function would encode it anew, and would list it even when the archive refuses). It is then fetched again and compared, as
 * archives can answer "stored" and yet keep nothing or something else.
 * @returns the object as the archive gives it back
 * @throws InputError 'no-store', 'store-refused', 'store-timeout', 'store-unreachable', 'store-unverified'
 */
export async function storeObject(
  dataSource: DataSource,
  services: Pick<HostServices, 'userAuthenticationService'>,
  dataset: NaturalizedInstance,
  idleTimeout: IdleTimeout
): Promise<NaturalizedInstance> {
  const object = objectOf(dataset);
  if (!dataSource.store?.dicom) {
    throw new InputError('no-store', { object });
  }
  const file = encodeDataset(dataset);
  const refused = await send(dataSource.store.dicom, file, idleTimeout);
  if (refused && refused.status !== CONFLICT) throw storeError(object, refused.error);
  let reason: string | undefined;
  let withoutReview = false;
  try {
    const stored = await fetchSeg(dataSource, services, dataset, idleTimeout);
    const kept = compareContent(stored, dataset, file);
    if (kept === 'same') return stored;
    if (kept === 'without-review') withoutReview = true;
  } catch (error) {
    reason = httpReason(error);
  }
  if (withoutReview) throw new InputError('store-without-review', { object });
  if (refused) throw storeError(object, refused.error);
  if (reason === undefined) throw new InputError('store-changed', { object });
  throw new InputError('store-unverified', { object, reason });
}

function objectOf(dataset: NaturalizedInstance): StoredObject {
  const modality = text(dataset, 'Modality');
  return modality === 'SEG' || modality === 'RTSTRUCT' || modality === 'SR' ? modality : 'file';
}

type Send = NonNullable<NonNullable<DataSource['store']>['dicom']>;

/** @returns why it failed, if so; status 0 without an answer */
async function send(
  store: Send,
  file: ArrayBuffer,
  idleTimeout: IdleTimeout
): Promise<{ readonly error: unknown; readonly status: number } | undefined> {
  const request = typeof XMLHttpRequest === 'undefined' ? undefined : new XMLHttpRequest();
  try {
    await withIdleTimeout(
      idleTimeout,
      async alive => {
        request?.upload.addEventListener('progress', alive);
        request?.addEventListener('progress', alive);
        await store(file, request);
      },
      () => request?.abort()
    );
    return undefined;
  } catch (error) {
    return { error, status: (error as { status?: number }).status ?? 0 };
  }
}

function storeError(object: StoredObject, error: unknown): InputError {
  if (error instanceof IdleTimeoutError) {
    return new InputError('store-timeout', { object, seconds: error.params.seconds });
  }
  if (!(error as { status?: number }).status) {
    return new InputError('store-unreachable', { object, reason: httpReason(error) });
  }
  return new InputError('store-refused', { object, reason: httpReason(error) });
}

/**
 * Makes the viewer list a stored object in the open study. Asking the data source for the series would be simpler, but OHIF
 * 3.13 answers from its cache of the study: deleteStudyMetadataPromise looks for a key that is never set.
 */
export function listObject(
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
