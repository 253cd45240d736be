export type { BodyClient } from './bodyClient';
export { createBodyClient } from './bodyClient';
export type { RuntimeClient, RuntimeClientOptions, LoadOptions, AttributeHooks } from './client';
export { createRuntimeClient } from './client';
export type { ModelIndex, ModelManifest } from './manifest';
export { parseManifest, parseModelIndex } from './manifest';
export { methodOf } from './method';
export type { LoadedModel, LoadProgress } from './protocol';
export type { ExecutionProvider, PreferredProvider } from './provider';
