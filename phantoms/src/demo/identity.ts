import { createHash } from 'node:crypto';

/** UID made from a name: 2.25 and a version-8 UUID of its SHA-256 (PS3.5 B.2). The same name gives the same UID. */
export function namedUid(name: string): string {
  const bytes = createHash('sha256').update(`spine-oncology-phantom/${name}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return `2.25.${bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)}`;
}
