/** Bundled into the page of the runtime tests: the client as the extension uses it, within reach of `page.evaluate`. */
import { defaultMethodOptions, odeSampler, referenceSampler, samplerFromSpec } from '@spine/core';
import { createRuntimeClient } from '@spine/runtime/client';
import { cacheKey, fetchModel, MODEL_CACHE } from '@spine/runtime/modelStore';
import { adapterFacts } from '@spine/runtime/provider';

const client = createRuntimeClient({ workerUrl: '/plugin/worker.js', assetBase: '/plugin/' });
const spine = {
  adapterFacts,
  client,
  createRuntimeClient,
  defaultMethodOptions,
  odeSampler,
  referenceSampler,
  samplerFromSpec,
  cacheKey,
  fetchModel,
  MODEL_CACHE,
};

declare global {
  interface Window {
    spine: typeof spine;
  }
}
window.spine = spine;
