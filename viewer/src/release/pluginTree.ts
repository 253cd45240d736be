/** The folder that makes an OHIF into one with the mode: `plugins/@spine-oncology`, the same in the release and in the demo viewer. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { modelFiles } from '../assemble/models';
import { readPlugin } from '../assemble/plugins';
import { wantedExports } from '../assemble/wantedExports';
import type { Release } from '../loader/release';
import { repositoryRoot } from '../paths';

/** Below the viewer's root. */
export const PLUGINS_FOLDER = 'plugins/@spine-oncology';

export interface PluginTree {
  release: Release;
  /** Path below {@link PLUGINS_FOLDER} -> file. */
  files: Map<string, string>;
  /** Likewise -> text. */
  generated: Map<string, string>;
}

export interface TreeOptions {
  /** Leaves out models by id, e.g. the test fixture. */
  withoutModels?: readonly string[];
  /** What a page beside the plugins imports from the host, too. */
  alsoWanted?: Record<string, string[]>;
}

/** @throws Error naming what has not been built */
export function pluginTree({ withoutModels = [], alsoWanted = {} }: TreeOptions = {}): PluginTree {
  const root = (path: string) => join(repositoryRoot, path);
  const extension = readPlugin(root('extensions/vertebra-metastasis'));
  const mode = readPlugin(root('modes/spine-oncology'));
  const wanted = wantedExports([root('extensions/vertebra-metastasis/src'), root('modes/spine-oncology/src')]);
  for (const [name, exports] of Object.entries(alsoWanted)) (wanted[name] ??= []).push(...exports);
  const release: Release = {
    version: extension.version,
    extensions: [extension.descriptor],
    modes: [mode.descriptor],
    wantedExports: Object.fromEntries(Object.entries(wanted).map(([name, all]) => [name, [...new Set(all)].sort()])),
  };
  const models = modelFiles(root('models'), `${extension.folder}/models`, withoutModels);
  const files = new Map([
    ...extension.files,
    ...mode.files,
    ...models.files,
    ['check.html', root('viewer/public/check.html')],
    ['LICENSE', root('LICENSE')],
  ]);
  const generated = new Map([
    ...models.generated,
    ['loader.js', `var spineOncologyRelease = ${JSON.stringify(release)};\n${built('loader.js')}`],
    ['check.js', built('check.js')],
    ['descriptors.json', `${JSON.stringify({ extensions: release.extensions, modes: release.modes }, null, 2)}\n`],
  ]);
  generated.set('files.json', fileList(release.version, files, generated));
  return { release, files, generated };
}

function built(name: string): string {
  const file = join(repositoryRoot, 'viewer/build', name);
  if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build".`);
  return readFileSync(file, 'utf8');
}

/** What check.html compares the served files with. */
function fileList(version: string, files: Map<string, string>, generated: Map<string, string>): string {
  const entry = (path: string, bytes: number, content: Buffer | string) => ({
    path, bytes, sha256: createHash('sha256').update(content).digest('hex'),
  });
  const list = [
    ...[...files].map(([path, file]) => entry(path, statSync(file).size, readFileSync(file))),
    ...[...generated].map(([path, text]) => entry(path, Buffer.byteLength(text), text)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return `${JSON.stringify({ version, files: list }, null, 1)}\n`;
}
