// Run-time configuration of the assembled viewer. viewer-plugins.js (built) describes our plugins as OHIF 3.14 wants
// them; viewer-settings.js (answered by the server) says which data sources there are.

/** Loads one UMD plugin, verified by the browser against its integrity hash. */
function loadPlugin({ packageName, importPath, globalName, integrity, styles }) {
  for (const href of styles) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
  }
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), {
      src: importPath,
      integrity,
      crossOrigin: 'anonymous',
    });
    script.onload = () => {
      const plugin = window[globalName];
      if (!plugin) return reject(new Error(`${importPath} does not define ${globalName}.`));
      window.runtimePlugins[packageName] = plugin;
      resolve(plugin);
    };
    script.onerror = () => reject(new Error(`The plugin ${packageName} could not be loaded from ${importPath}.`));
    document.head.append(script);
  });
}

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

// 3.13 accepts a function here and calls it once its own modules are up: only then do the shared packages exist.
window.config = async () => {
  const { pacs = false, investigationalUseDialog, extensionConfiguration } = window.spineSettings;
  window.spineHostGlobals();
  const [extensions, modes] = await Promise.all(
    [window.spinePlugins.extensions, window.spinePlugins.modes].map(plugins => Promise.all(plugins.map(loadPlugin)))
  );
  return {
    name: 'spine-oncology',
    routerBasename: null,
    extensions: extensions.map(extension => [extension, extensionConfiguration]),
    modes,
    customizationService: { 'workList.renderPreviewContent': { $set: window.spinePreview(modes) } },
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
