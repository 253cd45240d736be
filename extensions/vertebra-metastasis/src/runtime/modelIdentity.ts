import type { ModelManifest } from './manifest';
import { sha256HexPlain } from './sha256';

/**
 * What tells one model from another in every file that is written: the SHA-256 of its whole manifest. The manifest holds the
 * hash of each file of weights, which are checked when they are loaded, and the classifier's numbers, patch geometry and method.
 * A changed weight, an inverted classifier or another threshold is another model, whatever its name and version say.
 * The manifest is hashed as JSON without spaces, its keys sorted at each level, so that the file's layout does not matter.
 * @returns 64 lower-case hex digits
 */
export function modelSha256(manifest: ModelManifest): string {
  return sha256HexPlain(new TextEncoder().encode(canonicalJson(manifest)));
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner
  );
}
