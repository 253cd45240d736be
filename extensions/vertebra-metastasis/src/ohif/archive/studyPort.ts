import { DicomMetadataStore } from '@ohif/core';
import { hounsfieldRange } from '../../core';
import { listObject, storeObject } from './archive';
import type { StudyPort } from '../session';
import { readCtVolume } from './ctReader';
import { cornerstoneLibraries, type DataSource, type HostContext } from '../host/host';
import { isOfOpenStudy, openStudyUids } from '../host/openStudies';
import { fetchSeg } from './segFile';
import type { IdleTimeout } from './idleTimeout';
import { seriesVersion } from '../../dicom';
import { userName } from '../host/userName';

/** Series arrive in bursts; the study is read again this long after the last, ms. */
const SETTLE_MS = 150;

/** The open study as the viewer knows it. */
export function createStudyPort(host: HostContext, idleTimeout: IdleTimeout): StudyPort {
  const { services } = host.servicesManager;
  const { displaySetService } = services;
  const isListed = ({ SeriesInstanceUID }: { readonly SeriesInstanceUID: string }) =>
    displaySetService.getActiveDisplaySets().some(set => set.SeriesInstanceUID === SeriesInstanceUID);
  const dataSource = (): DataSource => host.extensionManager.getActiveDataSource()[0];
  return {
    displaySets: () => displaySetService.getActiveDisplaySets().filter(isOfOpenStudy),
    onChange(listener) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle = () => {
        clearTimeout(timer);
        timer = setTimeout(listener, SETTLE_MS);
      };
      const { DISPLAY_SETS_ADDED, DISPLAY_SETS_CHANGED, DISPLAY_SETS_REMOVED } = displaySetService.EVENTS;
      const subscriptions = [DISPLAY_SETS_ADDED, DISPLAY_SETS_CHANGED, DISPLAY_SETS_REMOVED].map(event =>
        displaySetService.subscribe(event, settle)
      );
      return () => {
        clearTimeout(timer);
        for (const subscription of subscriptions) subscription.unsubscribe();
      };
    },
    studyUids: openStudyUids,
    awaitsCt: () =>
      openStudyUids().some(uid => {
        const series = DicomMetadataStore.getStudy(uid)?.series ?? [];
        return series.length === 0 || series.some(one => one.Modality === 'CT' && !isListed(one));
      }),
    unlisted: () =>
      openStudyUids()
        .flatMap(uid => DicomMetadataStore.getStudy(uid)?.series ?? [])
        .filter(one => one.instances.length > 0 && !isListed(one))
        .map(({ Modality, SeriesDescription }) => [Modality, SeriesDescription].filter(Boolean).join(' ') || 'series'),
    userName: () => userName(services.userAuthenticationService.getUser()),
    async readCt(displaySet, series, options) {
      const volume = await readCtVolume(cornerstoneLibraries(host), dataSource(), displaySet, series, options);
      hounsfieldRange(volume);
      return volume;
    },
    readSeg: reference => fetchSeg(dataSource(), services, reference, idleTimeout),
    async savedResults() {
      const search = dataSource().query?.series?.search;
      const studies = new Set(
        displaySetService
          .getActiveDisplaySets()
          .filter(isOfOpenStudy)
          .map(set => set.StudyInstanceUID)
      );
      if (!search) return [];
      // An archive that cannot be asked does not keep anybody from saving; what it refuses it says when storing.
      const answers = await Promise.all([...studies].map(uid => search(uid).catch(() => [])));
      return answers
        .flat()
        .flatMap(({ modality, description = '', seriesInstanceUid }) =>
          modality === 'SEG' && seriesVersion('lesions', description) > 0 ? [{ seriesInstanceUid, description }] : []
        );
    },
    async store(dataset) {
      const stored = await storeObject(dataSource(), services, dataset, idleTimeout);
      listObject(
        dataSource(),
        (instances, madeInClient) => DicomMetadataStore.addInstances(instances, madeInClient),
        stored
      );
    },
  };
}
