import { InputError } from '../../core';
import {
  authorizedFetch,
  type AvailableModel,
  type BodyClient,
  createBodyClient,
  createRuntimeClient,
  parseModelIndex,
  startWorker,
} from '../../runtime';
import { pageFacts, resolveAssetBase } from './assetBase';
import type { Configuration } from './configuration';
import { EXTENSION_ID } from './extensionId';
import type { HostServices } from './host';
import type { ModelEntry, ModelPort } from '../session';

/** The inference worker and the models a site offers. */
export function createModelPort(configuration: Configuration, services: HostServices): ModelPort {
  const base = assetBase(configuration);
  const { preferred } = configuration;
  const authorization = () => authorizationOf(services);
  const client = createRuntimeClient({ workerUrl: `${base}worker.js`, assetBase: base });
  return {
    list: () => listModels(configuration, base, authorization()),
    load: (manifestUrl, listeners) =>
      client.load(manifestUrl, { preferred, authorization: authorization(), ...listeners }),
    attributeSlice: (patch, bodyMask, options, hooks) => client.attributeSlice(patch, bodyMask, options, hooks),
    get together() {
      return client.together;
    },
    screenSlices: (patches, count, hooks) => client.screenSlices(patches, count, hooks),
    timeEvaluation: () => client.timeEvaluation(),
    screenKinds: (stacks, count, hooks) => client.screenKinds(stacks, count, hooks),
    setPaused: paused => client.setPaused(paused),
    release: () => client.release(),
  };
}

/** The worker that segments vertebral bodies, with the network that the list of models names for it. */
export function createBodyPort(configuration: Configuration, services: HostServices): BodyClient {
  const base = assetBase(configuration);
  const start = () => startWorker(`${base}body-worker.js`, 'vertebral-bodies');
  return createBodyClient(start, () => ({
    modelsUrl: `${base}models/index.json`,
    assetBase: base,
    authorization: authorizationOf(services),
  }));
}

function assetBase({ assetBase: configured }: Configuration): string {
  return resolveAssetBase(EXTENSION_ID, configured, pageFacts());
}

/** Of whoever is signed in now. */
function authorizationOf({ userAuthenticationService }: HostServices): string | undefined {
  return userAuthenticationService.getAuthorizationHeader()?.Authorization;
}

async function listModels(
  { models: configured, defaultModel, problem }: Configuration,
  base: string,
  authorization: string | undefined
): Promise<{ models: ModelEntry[]; default: string; available: AvailableModel[] }> {
  if (problem) throw problem;
  const url = `${base}models/index.json`;
  const index = parseModelIndex(await fetchJson(url, authorization));
  const listed = index.models.map(({ id, path }) => ({ id, manifestUrl: `${base}models/${path}` }));
  const all = [...configured, ...listed.filter(({ id }) => !configured.some(one => one.id === id))];
  const first = defaultModel ?? index.default;
  if (!all.some(({ id }) => id === first)) {
    throw new InputError('default-model', { id: first, known: all.map(({ id }) => id) });
  }
  const models = await Promise.all(all.map(async entry => ({ ...entry, label: await labelOf(entry, authorization) })));
  const available = (index.available ?? []).filter(({ id }) => !all.some(one => one.id === id));
  return { models, default: first, available };
}

/** The name in the manifest; a broken manifest is reported when its model is chosen, until then the id stands for it. */
async function labelOf(
  { id, manifestUrl }: { id: string; manifestUrl: string },
  authorization: string | undefined
): Promise<string> {
  try {
    const { name, version } = (await fetchJson(manifestUrl, authorization)) as { name?: unknown; version?: unknown };
    return typeof name === 'string' ? `${name} ${typeof version === 'string' ? version : ''}`.trim() : id;
  } catch {
    return id;
  }
}

async function fetchJson(url: string, authorization: string | undefined): Promise<unknown> {
  const response = await authorizedFetch(url, authorization).catch((error: unknown) => {
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
  return new InputError('model-index', { url, reason: why });
}
