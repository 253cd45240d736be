/** Earlier studies of the patient, out of the viewer's data source. */
import { InputError } from '../../core';
import { decodeJson, type NaturalizedInstance } from '../../dicom';
import type { DataSource, HostServices, QidoSeries, QidoStudy } from '../host/host';
import { httpReason } from './segFile';

export interface PriorArchive {
  /** All studies of a patient, the open one among them. @throws InputError 'no-query', 'query-failed' */
  studies(patientId: string): Promise<readonly QidoStudy[]>;
  series(studyInstanceUid: string): Promise<readonly QidoSeries[]>;
  /** Every instance of a series, without pixels. @throws InputError 'no-query', 'query-failed' */
  metadata(studyInstanceUid: string, seriesInstanceUid: string): Promise<readonly NaturalizedInstance[]>;
}

/** Asks the data source in use at the time of each question. */
export function createPriorArchive(
  dataSource: () => DataSource,
  { userAuthenticationService }: Pick<HostServices, 'userAuthenticationService'>
): PriorArchive {
  return {
    async studies(patientId) {
      const search = dataSource().query?.studies?.search;
      if (!search) throw noQuery();
      const found = await asked(() => search({ patientId, disableWildcard: true }));
      // Archives differ in how they match; only the very same patient is of use.
      return found.filter(({ mrn }) => mrn === patientId);
    },
    async series(studyInstanceUid) {
      const search = dataSource().query?.series?.search;
      if (!search) throw noQuery();
      return asked(() => search(studyInstanceUid));
    },
    async metadata(studyInstanceUID, seriesInstanceUID) {
      const client = dataSource().retrieve.getWadoDicomWebClient?.();
      if (!client) throw noQuery();
      client.headers = userAuthenticationService.getAuthorizationHeader() ?? {};
      return (await asked(() => client.retrieveSeriesMetadata({ studyInstanceUID, seriesInstanceUID }))).map(
        decodeJson
      );
    },
  };
}

async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw new InputError('query-failed', { reason: httpReason(error) });
  }
}

function noQuery(): InputError {
  return new InputError('no-query');
}
