// Configuration of the assembled viewer, as a site would write its own. viewer-settings.js (answered by the demo server)
// says which data sources there are.

const dicomweb = (sourceName, friendlyName, root, more) => ({
  namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
  sourceName,
  configuration: {
    friendlyName,
    name: sourceName,
    qidoRoot: root,
    wadoRoot: root,
    wadoUriRoot: root,
    qidoSupportsIncludeField: false,
    supportsReject: false,
    supportsFuzzyMatching: false,
    supportsWildcard: true,
    imageRendering: 'wadors',
    thumbnailRendering: 'wadors',
    enableStudyLazyLoad: true,
    dicomUploadEnabled: true,
    omitQuotationForMultipartRequest: true,
    bulkDataURI: { enabled: true },
    // Bitmap SEG: many systems do not know the host's default, LABELMAP.
    segmentation: { store: { defaultMode: 'bitmap' } },
    ...more,
  },
});

window.config = () => {
  const { pacs = false, investigationalUseDialog } = window.spineSettings;
  return {
    name: 'spine-oncology',
    routerBasename: null,
    extensions: [],
    modes: [],
    customizationService: { 'workList.renderPreviewContent': { $apply: window.spinePreview } },
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    showWarningMessageForCrossOrigin: false,
    showCPUFallbackMessage: true,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    groupEnabledModesFirst: true,
    ...(investigationalUseDialog && { investigationalUseDialog }),
    defaultDataSourceName: pacs ? 'orthanc' : 'embedded',
    dataSources: [
      dicomweb('embedded', 'This server', '/dicomweb', {}),
      ...(pacs ? [dicomweb('orthanc', 'Orthanc', '/orthanc/dicom-web', {})] : []),
    ],
  };
};
