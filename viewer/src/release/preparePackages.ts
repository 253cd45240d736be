/** Part of `npm run build`: completes the two plugin packages, so that `npm pack` in either holds all a viewer built from source needs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { listFiles, syncFiles } from '../assemble/copyTree';
import { modelFiles } from '../assemble/models';
import { repositoryRoot } from '../paths';

const FIXTURES = ['tiny'];
/** Of the extension's dist: what is fetched at run time. */
const RUN_TIME = /^(worker\.js|body-worker\.js|ort\/)/;
const TYPES = `/** The plugin as OHIF takes it. */
declare const plugin: { readonly id: string } & Record<string, unknown>;
`;

/**
 * OHIF copies a package's public/ to the root of the viewer, beside those of all other packages: everything in it has a folder
 * of its own, where the extension looks for it in such a viewer.
 * @param directory of the package, built
 */
export function preparePackage(directory: string): void {
  const dist = join(directory, 'dist');
  writeFileSync(join(dist, 'index.d.mts'), `${TYPES}export default plugin;\n`);
  writeFileSync(join(dist, 'index.d.ts'), `${TYPES}export = plugin;\n`);
  writeFileSync(join(directory, 'LICENSE'), readFileSync(join(repositoryRoot, 'LICENSE')));
  const run = listFiles(dist).filter(path => RUN_TIME.test(path) && !/\.(map|txt)$/.test(path));
  if (!run.length) return;
  const target = `plugins/${basename(directory)}`;
  const { files, generated } = modelFiles(join(repositoryRoot, 'models'), `${target}/models`, FIXTURES);
  for (const path of run) files.set(`${target}/${path}`, join(dist, path));
  const folder = join(directory, 'public');
  mkdirSync(folder, { recursive: true });
  syncFiles(files, folder, new Set(generated.keys()));
  for (const [path, text] of generated) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

if (require.main === module) {
  for (const path of ['extensions/vertebra-metastasis', 'modes/spine-oncology']) {
    const directory = join(repositoryRoot, path);
    if (!existsSync(join(directory, 'dist/index.mjs'))) throw new Error(`${path} is not built: run "npm run build".`);
    preparePackage(directory);
  }
}
