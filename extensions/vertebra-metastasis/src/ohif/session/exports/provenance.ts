import { maskRecord, type MethodOptions, type Provenance, providerText, samplerRecord } from '../../../core';
import type { VertebraEntry } from '../../../ui';
import { type LoadedModel, modelSha256 } from '../../../runtime';

export function provenanceOf(
  { manifest, provider, reason }: LoadedModel,
  method: MethodOptions,
  vertebrae: readonly VertebraEntry[]
): Provenance {
  const { id, name, version } = manifest;
  return {
    model: { id, name, version, sha256: modelSha256(manifest) },
    sampler: samplerRecord(method, manifest.patch),
    threshold: method.attributionThreshold,
    provider: providerText(provider, reason.provider === 'webgpu' ? reason.arithmetic.code : undefined),
    masks: vertebrae.map(maskRecord),
  };
}
