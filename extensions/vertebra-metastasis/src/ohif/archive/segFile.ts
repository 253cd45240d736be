import { InputError } from '../../core';
import { decodeFile, type NaturalizedInstance, text } from '../../dicom';
import type { DataSource, HostServices } from '../host/host';
import { type IdleTimeout, withIdleTimeout } from './idleTimeout';

/**
 * Fetches a stored SEG (or another object without images) as a file and decodes it, pixels included. Reading the file itself, not what a display made of
 * it, keeps segment numbers, codes and overlaps as they were written.
 * @param reference any dataset with the three UIDs
 * @throws InputError 'no-wado' (the data source has no WADO-RS), 'seg-unavailable', 'not-dicom'
 */
export async function fetchSeg(
  dataSource: DataSource,
  { userAuthenticationService }: Pick<HostServices, 'userAuthenticationService'>,
  reference: NaturalizedInstance,
  idleTimeout: IdleTimeout
): Promise<NaturalizedInstance> {
  const client = dataSource.retrieve.getWadoDicomWebClient?.();
  if (!client) {
    throw new InputError('no-wado');
  }
  client.headers = userAuthenticationService.getAuthorizationHeader() ?? {};
  let file: unknown;
  try {
    file = await withIdleTimeout(idleTimeout, alive =>
      client.retrieveInstance({
        studyInstanceUID: text(reference, 'StudyInstanceUID'),
        seriesInstanceUID: text(reference, 'SeriesInstanceUID'),
        sopInstanceUID: text(reference, 'SOPInstanceUID'),
        progressCallback: alive,
      })
    );
  } catch (error) {
    throw new InputError('seg-unavailable', { reason: httpReason(error) });
  }
  if (!(file instanceof ArrayBuffer)) {
    throw new InputError('seg-answer');
  }
  return decodeFile(file);
}

/** What a failed DICOMweb request says: status line where there is one. */
export function httpReason(error: unknown): string {
  const { status, response, message } = error as {
    status?: number;
    response?: unknown;
    message?: string;
  };
  const detail = typeof response === 'string' && response.length < 300 ? response.trim() : '';
  if (status) return [`HTTP ${status}`, detail].filter(Boolean).join(': ');
  // Of a request that got no answer at all.
  if (status === 0) return 'no answer';
  return message || String(error);
}
