// From fast to slow: unit beside the code, golden parity, DICOM contracts and the session without a viewer, a real browser.
/** Types are checked in a step of their own (`npm run typecheck`); here they are only taken off. */
const withoutTypes = syntax => [
  '@swc/jest',
  {
    swcrc: false,
    jsc: { parser: syntax, target: 'es2022', transform: { react: { runtime: 'automatic' } } },
    module: { type: 'commonjs' },
  },
];
const shared = {
  transform: {
    '\\.ts$': withoutTypes({ syntax: 'typescript' }),
    '\\.tsx$': withoutTypes({ syntax: 'typescript', tsx: true }),
    '\\.m?js$': withoutTypes({ syntax: 'ecmascript' }),
  },
  transformIgnorePatterns: ['/node_modules/(?!(nifti-reader-js|@cornerstonejs/adapters)/)'],
  moduleNameMapper: {
    '^@spine/core$': '<rootDir>/extensions/vertebra-metastasis/src/core/index.ts',
    '^@spine/(core|runtime|dicom)/(.*)$': '<rootDir>/extensions/vertebra-metastasis/src/$1/$2',
    '^@spine/dicom$': '<rootDir>/extensions/vertebra-metastasis/src/dicom/index.ts',
    '^@spine/phantoms$': '<rootDir>/phantoms/src/index.ts',
    '^@spine/phantoms/(.*)$': '<rootDir>/phantoms/src/$1',
    '^@spine/headless/(.*)$': '<rootDir>/headless/src/$1',
    '^@spine/(conversion|datasets|evaluation)/(.*)$': '<rootDir>/$1/src/$2',
    // ESM only, with no export condition that jest's CommonJS resolver knows.
    '^nifti-reader-js$': '<rootDir>/node_modules/nifti-reader-js/dist/nifti.js',
    '^@ohif/(core|ui-next)$': '<rootDir>/test/support/ohifStub.ts',
  },
  modulePathIgnorePatterns: ['/dist/', '/.cache/'],
  // Globals of jest's sandbox are looked up through an interceptor at each use; as parameters of the module they are not.
  sandboxInjectedGlobals: [
    ...['Math', 'Number', 'Array', 'Object', 'Map', 'Set', 'Infinity'],
    ...['Float32Array', 'Float64Array', 'Uint8Array', 'Uint16Array', 'Int16Array', 'Int32Array', 'Uint32Array'],
  ],
};
const project = (name, testMatch, extra = {}) => ({
  displayName: name,
  rootDir: __dirname,
  testEnvironment: '<rootDir>/test/support/nodeEnvironment.cjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/typedArrays.cjs'],
  testMatch,
  ...shared,
  ...extra,
});
module.exports = {
  globalSetup: '<rootDir>/test/support/restoreModels.cjs',
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/sequencer.cjs',
  // Two workers on a shared machine: a hung test shall fail, a slow one shall not.
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/test/support/countReporter.cjs'],
  projects: [
    project('unit', [
      '<rootDir>/extensions/**/*.test.ts?(x)',
      '<rootDir>/modes/**/*.test.ts',
      '<rootDir>/viewer/**/*.test.ts',
      '<rootDir>/headless/**/*.test.ts',
      '<rootDir>/phantoms/**/*.test.ts',
      '<rootDir>/evaluation/**/*.test.ts',
      '<rootDir>/cohort/**/*.test.ts',
      '<rootDir>/conversion/**/*.test.ts',
      '<rootDir>/datasets/**/*.test.ts',
    ]),
    project('golden', ['<rootDir>/test/golden/**/*.test.ts']),
    project('contract', ['<rootDir>/test/contract/**/*.test.ts', '<rootDir>/test/session/**/*.test.ts']),
    // OHIF 3.14 brings React 19: what draws is tested under it, too.
    project('react19', ['<rootDir>/extensions/**/src/ui/**/*.test.ts?(x)', '<rootDir>/test/support/react19.test.ts'], {
      moduleNameMapper: {
        ...shared.moduleNameMapper,
        '^react$': '<rootDir>/node_modules/react-19',
        '^react/(.*)$': '<rootDir>/node_modules/react-19/$1',
        '^react-dom$': '<rootDir>/node_modules/react-dom-19',
        '^react-dom/(.*)$': '<rootDir>/node_modules/react-dom-19/$1',
      },
    }),
    // Needs a driver that no other test needs: `npm run test:float16`.
    ...(process.env.SPINE_FLOAT16 ? [project('float16', ['<rootDir>/test/float16/**/*.test.ts'])] : []),
    // Other people's OHIF behind nginx; `npm run test:deploy` has every combination.
    project('deploy', ['<rootDir>/test/deploy/**/*.test.ts'], {
      testPathIgnorePatterns:
        process.env.SPINE_DEPLOY === 'whole' ? [] : ['/test/deploy/(beta314|packages|signIn)\\.test\\.ts$'],
    }),
    project('browser', ['<rootDir>/test/browser/**/*.test.ts'], {
      testPathIgnorePatterns: [
        // Makes pictures with the default model and nothing else: `npm run screenshots`.
        ...(process.env.SPINE_SCREENSHOTS ? [] : ['/test/browser/reviewPictures\\.test\\.ts$']),
        // Takes a quarter of an hour and more: `npm run test:published`.
        ...(process.env.SPINE_PUBLISHED ? [] : ['/test/browser/published/']),
      ],
    }),
  ],
};
