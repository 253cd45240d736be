/* global PUBLIC_URL */
/** A third one's: its own name on the page, a mode of its own, and its routes below a path. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- OHIF reads the global
var config = {
  routerBasename: `${PUBLIC_URL}reading`,
  whiteLabeling: {
    createLogoComponentFn: React =>
      React.createElement('span', { 'data-cy': 'site-logo', style: { color: 'white' } }, 'St. Elsewhere'),
  },
  extensions: [],
  modes: ['@ohif/mode-basic-dev-mode'],
  showStudyList: true,
  maxNumberOfWebWorkers: 3,
  // OHIF's own default: its notice lies over the bottom of the window until it is confirmed, and nobody confirms it here.
  investigationalUseDialog: { option: 'always' },
  defaultDataSourceName: 'pacs',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'pacs',
      configuration: {
        friendlyName: 'PACS',
        name: 'pacs',
        qidoRoot: '/dicom-web',
        wadoRoot: '/dicom-web',
        wadoUriRoot: '/dicom-web',
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        enableStudyLazyLoad: true,
        supportsWildcard: true,
        omitQuotationForMultipartRequest: true,
        bulkDataURI: { enabled: true },
      },
    },
  ],
};
