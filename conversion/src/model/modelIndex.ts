/** The list of models that the viewer offers: models/index.json. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError } from '@spine/headless/cli';
import { type ModelIndex, parseModelIndex } from '@spine/runtime/manifest';

/**
 * Enters a model folder into the index.json beside it, replacing an entry of the same id; returns its path. The first model of
 * an index becomes its default.
 * @throws CommandError 'model-index' for an index that cannot be read
 */
export function registerModel(folder: string, id: string, makeDefault: boolean): string {
  const path = join(dirname(resolve(folder)), 'index.json');
  const known = existsSync(path) ? readIndex(path) : { models: [], default: id };
  const entry = { id, path: `${basename(resolve(folder))}/manifest.json` };
  const place = known.models.findIndex(model => model.id === id);
  const models = place < 0 ? [...known.models, entry] : known.models.map((model, i) => (i === place ? entry : model));
  const index = { ...known, models, default: makeDefault ? id : known.default };
  writeFileSync(`${path}.new`, `${JSON.stringify(index, null, 2)}\n`);
  renameSync(`${path}.new`, path);
  return path;
}

/** The whole index: keys that this version does not know stay. */
function readIndex(path: string): ModelIndex {
  try {
    const json = JSON.parse(readFileSync(path, 'utf8')) as object;
    return { ...json, ...parseModelIndex(json) };
  } catch (error) {
    throw new CommandError('model-index', `${path}: ${(error as Error).message}`);
  }
}
