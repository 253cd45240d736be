// The bundles a viewer loads at run time, in the form of OHIF's runtime-extension contract: UMD, library name ==
// package name == extension or mode id, and the packages the host shares left external (globals of the same name).
const path = require('path');
const fs = require('fs');
const { CycloneDxWebpackPlugin } = require('@cyclonedx/webpack-plugin');
const webpack = require('webpack');

const shared = ['react', 'react-dom', 'react/jsx-runtime', '@ohif/core', '@ohif/ui-next'];
const extension = path.resolve(__dirname, 'extensions/vertebra-metastasis');
const mode = path.resolve(__dirname, 'modes/spine-oncology');
const ortDist = path.dirname(require.resolve('onnxruntime-web', { paths: [extension] }));
/** One wasm build serves WebGPU and WASM alike. Its script is renamed: web servers commonly do not know .mjs as JavaScript. */
const ortFiles = {
  'ort-wasm-simd-threaded.asyncify.mjs': 'ort-wasm-simd-threaded.asyncify.js',
  'ort-wasm-simd-threaded.asyncify.wasm': 'ort-wasm-simd-threaded.asyncify.wasm',
};

const common = (name, buildMode) => ({
  name,
  mode: buildMode,
  devtool: buildMode === 'production' ? 'source-map' : 'eval-source-map',
  target: ['web', 'es2022'],
  performance: { hints: false },
  stats: 'errors-warnings',
  cache: {
    type: 'filesystem',
    name: `${name.replace(/\W+/g, '-')}-${buildMode}`,
    cacheDirectory: path.resolve(__dirname, '.cache/webpack'),
    buildDependencies: { config: [__filename, path.resolve(__dirname, 'package-lock.json')] },
  },
  resolve: {
    extensions: ['.tsx', '.ts', '.mjs', '.js'],
    // onnxruntime-web's own build that leaves the wasm outside: without it webpack emits a second 27 MB copy.
    conditionNames: ['onnxruntime-web-use-extern-wasm', 'import', 'browser', 'module', 'default'],
    alias: {
      '@spine/core': path.join(extension, 'src/core'),
      '@spine/runtime': path.join(extension, 'src/runtime'),
      '@spine/dicom': path.join(extension, 'src/dicom'),
    },
    fallback: { fs: false, path: false, zlib: false },
  },
  module: {
    // onnxruntime finds its wasm by `env.wasm.wasmPaths`; its own `new URL(…, import.meta.url)` must stay untouched.
    rules: [
      { test: /onnxruntime-web/, parser: { url: false } },
      {
        test: /\.tsx?$/,
        loader: 'ts-loader',
        options: {
          transpileOnly: true,
          configFile: path.resolve(__dirname, 'tsconfig.json'),
          compilerOptions: { noEmit: false },
        },
      },
    ],
  },
  optimization: { splitChunks: false },
});

const plugin = (directory, buildMode) => {
  const manifest = require(path.join(directory, 'package.json'));
  return {
    ...common(manifest.name, buildMode),
    entry: path.join(directory, 'src/index.ts'),
    output: {
      path: path.join(directory, 'dist'),
      filename: 'index.umd.js',
      library: { name: manifest.name, type: 'umd', export: 'default' },
      globalObject: "typeof self !== 'undefined' ? self : this",
    },
    externals: shared,
    plugins: [banner(manifest)],
  };
};

/** The same as a module, for a viewer built from source. */
const moduleOf = (directory, buildMode) => {
  const manifest = require(path.join(directory, 'package.json'));
  return {
    ...common(`${manifest.name}-module`, buildMode),
    entry: path.join(directory, 'src/index.ts'),
    experiments: { outputModule: true },
    output: { path: path.join(directory, 'dist'), filename: 'index.mjs', module: true, library: { type: 'module' } },
    externalsType: 'module',
    externals: shared,
    plugins: [banner(manifest)],
  };
};

/** What is in a bundle, package by package with its licence's text; viewer/src/release/billOfMaterials.ts joins the lists. */
const contents = ({ name, output }) =>
  new CycloneDxWebpackPlugin({
    specVersion: '1.6',
    outputLocation: path.relative(output.path, path.resolve(__dirname, 'viewer/build/sbom', name)),
    includeWellknown: false,
    reproducibleResults: true,
    collectEvidence: true,
    validateResults: false,
  });

/** Package and version in front of the minified bundle: the loader tells a stale file from a damaged one by them. */
const banner = ({ name, version }) =>
  new webpack.BannerPlugin({
    banner: `/*! ${name} ${version} */`,
    raw: true,
    stage: webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE + 1,
  });

/** What adds the plugins to an OHIF 3.13 at run time; viewer/src/release writes what it loads in front of it. */
const loader = buildMode => ({
  ...common('spine-oncology-loader', buildMode),
  devtool: false,
  entry: {
    loader: path.resolve(__dirname, 'viewer/src/loader/main.ts'),
    check: path.resolve(__dirname, 'viewer/src/check/main.ts'),
  },
  output: { path: path.resolve(__dirname, 'viewer/build'), filename: '[name].js' },
});

/** The workers beside the extension: inference (with onnxruntime's wasm in ort/) and segmentation of vertebral bodies. */
const workers = buildMode => ({
  ...common('vertebra-metastasis-worker', buildMode),
  target: ['webworker', 'es2022'],
  entry: {
    worker: path.join(extension, 'src/runtime/worker.ts'),
    'body-worker': path.join(extension, 'src/runtime/bodyWorker.ts'),
  },
  experiments: { outputModule: true },
  output: {
    path: path.join(extension, 'dist'),
    filename: '[name].js',
    module: true,
    chunkFormat: 'module',
    publicPath: 'auto',
  },
  plugins: [{ apply: compiler => compiler.hooks.afterEmit.tap('CopyOrt', copyOrt) }],
});

function copyOrt() {
  const target = path.join(extension, 'dist/ort');
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  for (const [file, name] of Object.entries(ortFiles))
    fs.copyFileSync(path.join(ortDist, file), path.join(target, name));
}

module.exports = (_env, { mode: buildMode = 'production' }) =>
  [
    plugin(extension, buildMode),
    plugin(mode, buildMode),
    moduleOf(extension, buildMode),
    moduleOf(mode, buildMode),
    workers(buildMode),
    loader(buildMode),
  ].map(bundle => ({ ...bundle, plugins: [...(bundle.plugins ?? []), contents(bundle)] }));
