/** Another site's: a function that OHIF calls with its services, here to know who is signed in. */
const source = root => ({
  namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
  sourceName: 'archive',
  configuration: {
    friendlyName: 'Archive',
    name: 'archive',
    ...{ qidoRoot: root, wadoRoot: root, wadoUriRoot: root },
    ...{ imageRendering: 'wadors', thumbnailRendering: 'wadors', enableStudyLazyLoad: true, supportsWildcard: true },
    omitQuotationForMultipartRequest: true,
    bulkDataURI: { enabled: true },
  },
});

window.config = async ({ servicesManager }) => {
  const { userAuthenticationService } = servicesManager.services;
  window.siteSawServices = Boolean(servicesManager && userAuthenticationService !== null);
  return {
    extensions: [],
    modes: [],
    showStudyList: true,
    maxNumberOfWebWorkers: 2,
    investigationalUseDialog: { option: 'never' },
    defaultDataSourceName: 'archive',
    dataSources: [source('/dicom-web')],
  };
};
