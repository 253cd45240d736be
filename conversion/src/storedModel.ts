/**
 * A model kept in the repository as its checkpoint alone, compressed: `models/tiny`. Its ONNX files hold the same numbers once
 * more, so they are made from it where they are missing, and must have the hashes that the manifest names.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { CommandError } from '@spine/headless/cli';
import { parseManifest } from '@spine/runtime/manifest';
import { SESSION_KEYS } from '@spine/runtime/session';
import { openWeights } from './checkpoint/weights';
import { GRAPHS } from './graphs';
import { inferArchitecture } from './model/inferArchitecture';

/** `<name>.ckpt.planes.gz`: all first bytes of the float32 numbers, then all second ones, and so on; exponents compress well so. */
const STORED = '.planes.gz';
const NUMBER_BYTES = 4;

/**
 * Makes what is missing of a stored model: the checkpoint and its ONNX files. Does nothing for other folders. Safe to run in
 * several processes at once.
 * @throws CommandError 'model-hash' when the stored checkpoint is not the one that the manifest was written for
 */
export async function restoreStoredModel(folder: string): Promise<void> {
  const stored = existsSync(folder) ? readdirSync(folder).find(name => name.endsWith(STORED)) : undefined;
  if (stored === undefined) return;
  const { files, provenance } = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const checkpoint = join(folder, stored.slice(0, -STORED.length));
  const missing = SESSION_KEYS.filter(key => !existsSync(join(folder, files[key].path)));
  if (existsSync(checkpoint) && missing.length === 0) return;

  const scratch = mkdtempSync(join(folder, '.restoring-'));
  const place = (name: string, bytes: Uint8Array, sha256: string) => {
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== sha256) {
      throw new CommandError(
        'model-hash',
        `${name} made from ${join(folder, stored)} is not the file that the manifest names`
      );
    }
    writeFileSync(join(scratch, name), bytes);
    renameSync(join(scratch, name), join(folder, name));
  };
  try {
    const name = stored.slice(0, -STORED.length);
    if (!existsSync(checkpoint)) {
      place(name, joinPlanes(gunzipSync(readFileSync(join(folder, stored)))), provenance.checkpointSha256);
    }
    const weights = await openWeights(checkpoint);
    try {
      const architecture = inferArchitecture(weights.shapes, checkpoint);
      for (const key of missing) {
        place(files[key].path, await GRAPHS[key](weights, architecture, false), files[key].sha256);
      }
    } finally {
      weights.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The bytes of a stored checkpoint. */
export function storeCheckpoint(bytes: Uint8Array): Uint8Array {
  const planes = new Uint8Array(bytes.length);
  let to = 0;
  for (let plane = 0; plane < NUMBER_BYTES; plane++) {
    for (let at = plane; at < bytes.length; at += NUMBER_BYTES) planes[to++] = bytes[at];
  }
  return gzipSync(planes, { level: 9, strategy: constants.Z_RLE });
}

function joinPlanes(planes: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(planes.length);
  let from = 0;
  for (let plane = 0; plane < NUMBER_BYTES; plane++) {
    for (let at = plane; at < bytes.length; at += NUMBER_BYTES) bytes[at] = planes[from++];
  }
  return bytes;
}
