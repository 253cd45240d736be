/** Extension id == package name == global of the UMD bundle, as OHIF's run-time plugins want it. */
export const EXTENSION_ID = '@spine-oncology/extension-vertebra-metastasis';
