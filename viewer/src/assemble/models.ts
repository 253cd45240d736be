import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { listFiles } from './copyTree';

interface ModelIndex {
  models: { id: string; path: string }[];
  default: string;
  bodyOutline?: string;
}

/**
 * The files of the models listed in models/index.json, as the viewer serves them.
 * @param without leaves out models by id
 * @returns path below the viewer's root -> file (checkpoints and compressed networks stay behind), or text where the list is shortened
 * @throws Error naming the entry whose manifest does not exist, or the network that was not restored
 */
export function modelFiles(
  modelsFolder: string,
  servedUnder: string,
  without: readonly string[] = []
): { files: Map<string, string>; generated: Map<string, string> } {
  const indexFile = join(modelsFolder, 'index.json');
  if (!existsSync(indexFile)) throw new Error(`${indexFile} is missing: it lists the models the viewer offers.`);
  const index = JSON.parse(readFileSync(indexFile, 'utf8')) as ModelIndex;
  const models = index.models.filter(({ id }) => !without.includes(id));
  if (!models.some(({ id }) => id === index.default)) {
    throw new Error(
      `models/index.json names "${index.default}" as the default, which is not among the models to serve.`
    );
  }
  const files = new Map<string, string>();
  const bodyOutline = index.bodyOutline === undefined ? [] : [{ id: 'body outline', path: index.bodyOutline }];
  for (const { id, path } of [...models, ...bodyOutline]) {
    const manifest = join(modelsFolder, normalize(path));
    if (!existsSync(manifest)) {
      throw new Error(
        `models/index.json lists "${id}" at ${path}, which does not exist. Convert the model or remove the entry.`
      );
    }
    const folder = dirname(manifest);
    for (const file of listFiles(folder)) {
      const stored = /^(.*)\.planes\.gz$/.exec(file);
      if (stored && !existsSync(join(folder, stored[1]))) {
        throw new Error(`${join(folder, stored[1])} is missing: run "npm run models:restore".`);
      }
      if (!stored && !file.endsWith('.ckpt')) {
        files.set(`${servedUnder}/${dirname(normalize(path))}/${file}`, join(folder, file));
      }
    }
  }
  const generated = new Map([[`${servedUnder}/index.json`, `${JSON.stringify({ ...index, models }, null, 2)}\n`]]);
  return { files, generated };
}
