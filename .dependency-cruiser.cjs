// `npm run lint` reads every import with this, type-only ones included: no circles, and a layer imports only what stands below it
// (core <- {runtime, dicom, ui} <- ohif <- index <- mode). eslint.config.mjs adds which packages a layer may import.
const source = '^extensions/vertebra-metastasis/src';
const layer = (name, forbidden) => ({
  name: `${name}-layer`,
  severity: 'error',
  comment: `${name} imports only the layers below it`,
  from: { path: `${source}/${name}/`, pathNot: '[.]test[.]tsx?$' },
  to: { path: `${source}/(${forbidden.join('|')})` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'files that import one another, if only types, can be neither read nor tested alone',
      from: {},
      to: { circular: true },
    },
    layer('core', ['runtime/', 'dicom/', 'ui/', 'ohif/', 'index']),
    layer('runtime', ['dicom/', 'ui/', 'ohif/', 'index']),
    layer('dicom', ['runtime/', 'ui/', 'ohif/', 'index']),
    layer('ui', ['runtime/', 'dicom/', 'ohif/', 'index']),
    layer('ohif', ['index']),
    {
      name: 'product-imports-no-test',
      severity: 'error',
      comment: 'what is shipped does not depend on tests',
      from: { path: '^(extensions|modes|viewer|headless)/', pathNot: '([.]test[.]tsx?$|/testing/|/test[A-Z])' },
      to: { path: '(^test/|[.]test[.]tsx?$)' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist|[.]cache|[.]venv)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'] },
  },
};
