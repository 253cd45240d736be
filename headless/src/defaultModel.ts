import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const MODELS = resolve(__dirname, '../../models');

interface ModelIndex {
  readonly models: readonly { readonly id: string; readonly path: string }[];
  readonly default: string;
}

/** Folder of the model that models/index.json names as the default: the one the viewer starts with. */
export function defaultModelFolder(): string {
  const index = JSON.parse(readFileSync(join(MODELS, 'index.json'), 'utf8')) as ModelIndex;
  const entry = index.models.find(({ id }) => id === index.default);
  if (!entry) throw new Error(`models/index.json: its default "${index.default}" is not in its list.`);
  return join(MODELS, dirname(entry.path));
}
