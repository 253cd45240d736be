import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { listFiles } from './copyTree';

/** An entry of `window.config.extensions` or `.modes` as OHIF 3.14 reads it (docs: Runtime Extensions). */
export interface PluginDescriptor {
  packageName: string;
  importPath: string;
  globalName: string;
  coreVersionRange: string;
  integrity: string;
  styles: string[];
}

export interface Plugin {
  descriptor: PluginDescriptor;
  /** Path below the viewer's root -> built file. */
  files: Map<string, string>;
}

/**
 * Reads one built plugin package.
 * @param folder the package, e.g. modes/spine-oncology; its name becomes the folder under /plugins
 * @throws Error if the bundle has not been built.
 */
export function readPlugin(folder: string): Plugin {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const packageName = (manifest as { name: string }).name;
  const dist = join(folder, 'dist');
  const bundle = join(dist, 'index.umd.js');
  if (!existsSync(bundle)) {
    throw new Error(
      `${bundle} is missing: run "npm run build", which bundles the plugins before it assembles the viewer.`
    );
  }
  const base = `plugins/${basename(folder)}`;
  const files = new Map(listFiles(dist).map(path => [`${base}/${path}`, join(dist, path)]));
  return {
    files,
    descriptor: {
      packageName,
      importPath: `/${base}/index.umd.js`,
      globalName: packageName,
      coreVersionRange: '>=3.13.2 <4',
      integrity: `sha384-${createHash('sha384').update(readFileSync(bundle)).digest('base64')}`,
      styles: listFiles(dist)
        .filter(path => path.endsWith('.css'))
        .map(path => `/${base}/${path}`),
    },
  };
}
