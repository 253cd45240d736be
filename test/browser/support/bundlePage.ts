import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import webpack, { type Configuration } from 'webpack';
import { ROOT } from '../../support/shared';

const SOURCE = join(ROOT, 'extensions/vertebra-metastasis/src');

/** Bundles a script for a page. @param externals packages that are globals of the page @returns the folder that holds page.js */
export function bundlePage(entry: string, externals: Configuration['externals'] = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'spine-page-'));
  const compiler = webpack({
    mode: 'development',
    devtool: false,
    target: ['web', 'es2022'],
    context: ROOT,
    entry,
    externals,
    output: { path: folder, filename: 'page.js' },
    resolve: {
      extensions: ['.tsx', '.ts', '.js'],
      alias: { '@spine/core': join(SOURCE, 'core'), '@spine/runtime': join(SOURCE, 'runtime') },
    },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          loader: 'ts-loader',
          options: {
            transpileOnly: true,
            configFile: join(ROOT, 'tsconfig.json'),
            compilerOptions: { noEmit: false },
          },
        },
      ],
    },
  });
  if (!compiler) throw new Error('webpack refused its configuration');
  return new Promise((resolve, reject) =>
    compiler.run((error, stats) => {
      const problem = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined);
      compiler.close(() => (problem ? reject(problem) : resolve(folder)));
    })
  );
}
