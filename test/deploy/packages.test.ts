/** The two packages as a viewer built from source takes them: what is in them, and that webpack and Rspack can bundle them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rspack } from '@rspack/core';
import webpack from 'webpack';

import { ROOT } from '../support/shared';

const EXTENSION = '@spine-oncology/extension-vertebra-metastasis';
const MODE = '@spine-oncology/mode-spine-oncology';
const folders: Record<string, string> = {
  [EXTENSION]: 'extensions/vertebra-metastasis',
  [MODE]: 'modes/spine-oncology',
};
const shared = ['react', 'react-dom', 'react/jsx-runtime', '@ohif/core', '@ohif/ui-next'];

/** Paths in the archive that `npm pack` makes. */
function packed(name: string): string[] {
  const cwd = join(ROOT, folders[name]);
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd, encoding: 'utf8', stdio: 'pipe' })
  ) as { files: { path: string }[] }[];
  return files.map(({ path }) => path);
}

test('the extension holds its bundles, sources, and everything it fetches in a folder of its own', () => {
  const files = packed(EXTENSION);
  const assets = 'public/plugins/vertebra-metastasis';
  expect(files).toEqual(
    expect.arrayContaining([
      ...['dist/index.umd.js', 'dist/index.mjs', 'dist/index.d.ts', 'src/index.ts', 'README.md', 'LICENSE'],
      ...[`${assets}/worker.js`, `${assets}/body-worker.js`, `${assets}/models/index.json`],
      ...[`${assets}/models/default/manifest.json`, `${assets}/ort/ort-wasm-simd-threaded.asyncify.wasm`],
    ])
  );
  expect(files.filter(path => /tiny|\.test\.|\.map$|\.ckpt$/.test(path))).toEqual([]);
  // OHIF copies both to the root of the viewer, beside those of other packages.
  expect(files.filter(path => path.startsWith('public/') && !path.startsWith(assets))).toEqual([]);
  expect(files.filter(path => /^dist\/(?!index\.|.*LICENSE)/.test(path))).toEqual([]);
});

test('the mode holds its bundles and sources', () => {
  expect(packed(MODE)).toEqual(
    expect.arrayContaining([
      'dist/index.umd.js',
      'dist/index.mjs',
      'dist/index.d.ts',
      'src/index.ts',
      'README.md',
      'LICENSE',
    ])
  );
});

test.each([EXTENSION, MODE])('publint finds no error and no warning in %s', name => {
  const publint = join(ROOT, 'node_modules/publint/src/cli.js');
  const options = ['run', join(ROOT, folders[name]), '--level', 'warning', '--strict', '--pack', 'false'];
  expect(execFileSync(process.execPath, [publint, ...options], { encoding: 'utf8' })).toContain('All good!');
});

test.each<[string, typeof webpack]>([
  ['webpack', webpack],
  ['Rspack', rspack as unknown as typeof webpack],
])('%s bundles both, and the bundle has them', async (_name, bundler) => {
  const folder = mkdtempSync(join(tmpdir(), 'spine-consumer-'));
  try {
    writeFileSync(
      join(folder, 'index.js'),
      `import extension from '${EXTENSION}'; import mode from '${MODE}'; globalThis.plugins = [extension, mode];`
    );
    const compiler = bundler({
      mode: 'development',
      devtool: false,
      context: folder,
      entry: './index.js',
      output: { path: folder, filename: 'bundle.js' },
      resolve: { modules: [join(ROOT, 'node_modules')] },
      externals: Object.fromEntries(shared.map(one => [one, `var globalThis.shared[${JSON.stringify(one)}]`])),
    })!;
    const problems = await new Promise<string>((resolve, reject) =>
      compiler.run((error, stats) =>
        compiler.close(() =>
          error
            ? reject(error)
            : resolve(stats?.hasErrors() || stats?.hasWarnings() ? stats.toString('errors-warnings') : '')
        )
      )
    );
    expect(problems).toBe('');
    const anything: object = new Proxy(function () {}, { get: () => anything, apply: () => anything });
    const scope = { shared: Object.fromEntries(shared.map(one => [one, anything])), plugins: [] as { id: string }[] };
    new Function('globalThis', 'window', 'self', readFileSync(join(folder, 'bundle.js'), 'utf8'))(scope, scope, scope);
    expect(scope.plugins.map(({ id }) => id)).toEqual([EXTENSION, MODE]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
