import { InputError } from '../../core';
import { type BodyClient, createBodyClient, createRuntimeClient, parseModelIndex } from '../../runtime';
import { assetBase, type Configuration } from './configuration';
import type { ModelEntry, ModelPort } from '../session';

/** The inference worker and the models a site offers. */
export function createModelPort(configuration: Configuration): ModelPort {
  const base = assetBase(configuration);
  const client = createRuntimeClient({ workerUrl: `${base}worker.js`, assetBase: base });
  return {
    list: () => listModels(configuration, base),
    load: (manifestUrl, listeners) => client.load(manifestUrl, { preferred: configuration.preferred, ...listeners }),
    attributeSlice: (patch, bodyMask, options, hooks) => client.attributeSlice(patch, bodyMask, options, hooks),
    get together() {
      return client.together;
    },
    screenSlices: (patches, count, hooks) => client.screenSlices(patches, count, hooks),
    setPaused: paused => client.setPaused(paused),
    release: () => client.release(),
  };
}

/** The worker that segments vertebral bodies, with the network that the list of models names for it. */
export function createBodyPort(configuration: Configuration): BodyClient {
  const base = assetBase(configuration);
  const start = () => new Worker(`${base}body-worker.js`, { type: 'module', name: 'vertebral-bodies' });
  return createBodyClient(start, { modelsUrl: `${base}models/index.json`, assetBase: base });
}

async function listModels(
  { models: configured, defaultModel }: Configuration,
  base: string
): Promise<{ models: ModelEntry[]; default: string }> {
  const url = `${base}models/index.json`;
  const index = parseModelIndex(await fetchJson(url));
  const listed = index.models.map(({ id, path }) => ({ id, manifestUrl: `${base}models/${path}` }));
  const all = [...configured, ...listed.filter(({ id }) => !configured.some(one => one.id === id))];
  const first = defaultModel ?? index.default;
  if (!all.some(({ id }) => id === first)) {
    throw new InputError(
      'model-index',
      `The default model "${first}" is not among ${all.map(({ id }) => id).join(', ')}.`
    );
  }
  const models = await Promise.all(all.map(async entry => ({ ...entry, label: await labelOf(entry) })));
  return { models, default: first };
}

/** The name in the manifest; a broken manifest is reported when its model is chosen, until then the id stands for it. */
async function labelOf({ id, manifestUrl }: { id: string; manifestUrl: string }): Promise<string> {
  try {
    const { name, version } = (await fetchJson(manifestUrl)) as { name?: unknown; version?: unknown };
    return typeof name === 'string' ? `${name} ${typeof version === 'string' ? version : ''}`.trim() : id;
  } catch {
    return id;
  }
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url).catch((error: unknown) => {
    throw unavailable(url, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw unavailable(url, `HTTP ${response.status}`);
  try {
    return await response.json();
  } catch {
    throw unavailable(url, 'the answer is not JSON');
  }
}

function unavailable(url: string, why: string): InputError {
  return new InputError('model-index', `${url} could not be read (${why}). Check that the models are served there.`);
}
