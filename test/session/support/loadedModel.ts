import { SPEC } from '@spine/core/testing/study';

/** A model as the inference client reports it once it is loaded, with these rules in its manifest. */
export const loadedWith = (rules: { attributionThreshold: number; minPixels: number }) => ({
  manifest: {
    id: 'tiny',
    name: 'Tiny',
    version: '1',
    description: '',
    intendedUse: '',
    limits: [],
    patch: SPEC,
    method: { inversionSteps: 4, renderSteps: 4, targetProbability: 1e-5, ...rules },
    files: { noisePredictor: { sha256: 'ab'.repeat(32), bytes: 4e6 } },
    licence: 'MIT',
    provenance: { source: 'made up' },
  },
  provider: 'wasm',
  threads: 1,
  preferredBatch: 1,
  evaluationMs: 1,
  fromCache: false,
  reason: { provider: 'wasm', threads: 1, isolated: false, why: { code: 'chosen' } },
});
