import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const MODELS = resolve(__dirname, '../../models');

interface ModelIndex {
  readonly models: readonly { readonly id: string; readonly path: string }[];
  readonly default: string;
  readonly bodyOutline?: string;
}

/** Folder of the model that models/index.json names as the default: the one the viewer starts with. */
export function defaultModelFolder(): string {
  const index = readIndex();
  const entry = index.models.find(({ id }) => id === index.default);
  if (!entry) throw new Error(`models/index.json: its default "${index.default}" is not in its list.`);
  return join(MODELS, dirname(entry.path));
}

/** Folder of the network that outlines vertebral bodies; undefined where models/index.json names none. */
export function bodyNetworkFolder(): string | undefined {
  const { bodyOutline } = readIndex();
  return bodyOutline === undefined ? undefined : join(MODELS, dirname(bodyOutline));
}

function readIndex(): ModelIndex {
  return JSON.parse(readFileSync(join(MODELS, 'index.json'), 'utf8')) as ModelIndex;
}
