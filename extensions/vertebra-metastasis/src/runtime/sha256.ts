import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

/**
 * SHA-256 of `bytes` in lower-case hex. By the browser's own implementation where there is one: it is several times as fast, but
 * withheld from pages served over plain http (a "non-secure context"), and a hospital's viewer may be one.
 */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return sha256HexPlain(bytes);
  return bytesToHex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
}

/** The same at once and without the browser's help. */
export function sha256HexPlain(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
