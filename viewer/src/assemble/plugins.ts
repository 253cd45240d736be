import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { PluginDescriptor } from '../loader/release';
import { listFiles } from './copyTree';

export interface Plugin {
  /** Paths in it are relative to the folder of the loader. */
  descriptor: PluginDescriptor;
  /** The folder of its files, relative to the folder of the loader: `<name without scope>/<version>`. */
  folder: string;
  version: string;
  /** Path relative to the folder of the loader -> built file. */
  files: Map<string, string>;
}

/**
 * Reads one built plugin package.
 * @param directory the package, e.g. modes/spine-oncology
 * @throws Error if the bundle has not been built.
 */
export function readPlugin(directory: string): Plugin {
  const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const { name: packageName, version } = manifest as { name: string; version: string };
  const dist = join(directory, 'dist');
  const bundle = join(dist, 'index.umd.js');
  if (!existsSync(bundle)) {
    throw new Error(
      `${bundle} is missing: run "npm run build", which bundles the plugins before it assembles the viewer.`
    );
  }
  const folder = `${packageName.replace(/^@[^/]+\//, '')}/${version}`;
  const built = listFiles(dist).filter(path => !/\.(map|mjs|d\.m?ts)$/.test(path));
  return {
    folder,
    version,
    files: new Map(built.map(path => [`${folder}/${path}`, join(dist, path)])),
    descriptor: {
      packageName,
      importPath: `${folder}/index.umd.js`,
      globalName: packageName,
      coreVersionRange: '>=3.13.2 <4',
      integrity: `sha384-${createHash('sha384').update(readFileSync(bundle)).digest('base64')}`,
      styles: built.filter(path => path.endsWith('.css')).map(path => `${folder}/${path}`),
    },
  };
}
