/**
 * The repository keeps networks compressed, as `<name>.planes.gz` beside their manifest: the ONNX files of `models/default` and
 * `models/body`, and the checkpoint of `models/tiny`, whose ONNX files hold the same numbers once more and are made from it.
 * What is made must have the hash that the manifest names.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { CommandError } from '@spine/headless/cli';
import { parseBodyManifest } from '@spine/runtime/bodyManifest';
import { parseManifest } from '@spine/runtime/manifest';
import { SESSION_KEYS } from '@spine/runtime/session';
import { openWeights } from './checkpoint/weights';
import { GRAPHS } from './graphs';
import { inferArchitecture } from './model/inferArchitecture';

/** All first bytes of the 4-byte words, then all second ones, and so on: the exponents of float32 and float16 compress well so. */
export const STORED = '.planes.gz';
const WORD_BYTES = 4;
const CHECKPOINT = '.ckpt';

/**
 * Makes what is missing of a stored model. Does nothing for other folders. Safe to run in several processes at once.
 * @param options.replace also makes files anew whose hash is not the manifest's: those of a former version of the model
 * @throws CommandError 'model-hash' when a stored file is not the one that the manifest was written for
 */
export async function restoreStoredModel(folder: string, { replace = false } = {}): Promise<void> {
  const stored = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith(STORED)) : [];
  if (stored.length === 0) return;
  const { hashes, graphs } = readManifest(folder);
  const names = stored.map(name => name.slice(0, -STORED.length));
  const checkpoint = names.find(name => name.endsWith(CHECKPOINT));
  const wanted = (name: string): boolean => {
    const path = join(folder, name);
    return !existsSync(path) || (replace && sha256Of(readFileSync(path)) !== hashes.get(name));
  };
  const unpacked = names.filter(wanted);
  const made = graphs.filter(({ path }) => wanted(path));
  if (unpacked.length === 0 && made.length === 0) return;

  const scratch = mkdtempSync(join(folder, '.restoring-'));
  const place = (name: string, from: string, bytes: Uint8Array) => {
    if (sha256Of(bytes) !== hashes.get(name)) {
      throw new CommandError(
        'model-hash',
        `${name} made from ${join(folder, from + STORED)} is not the file that the manifest names`
      );
    }
    writeFileSync(join(scratch, name), bytes);
    renameSync(join(scratch, name), join(folder, name));
  };
  try {
    for (const name of unpacked) place(name, name, unpackFile(readFileSync(join(folder, name + STORED))));
    if (checkpoint === undefined || made.length === 0) return;
    const weights = await openWeights(join(folder, checkpoint));
    try {
      const architecture = inferArchitecture(weights.shapes, join(folder, checkpoint));
      for (const { key, path } of made) place(path, checkpoint, await GRAPHS[key](weights, architecture, false));
    } finally {
      weights.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Writes `<name>.planes.gz` beside each network of a model folder, for the repository. @returns the files written */
export function storeModel(folder: string): string[] {
  const networks = [...readManifest(folder).hashes.keys()].filter(name => !name.endsWith(CHECKPOINT));
  return networks.map(name => {
    const file = join(folder, name + STORED);
    writeFileSync(file, packFile(readFileSync(join(folder, name))));
    return file;
  });
}

/** The SHA-256 of the checkpoint and the networks by file name, and what is made from the checkpoint where there is one. */
function readManifest(folder: string) {
  const json = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { kind?: unknown };
  if (json.kind === 'body-outline') {
    const { network } = parseBodyManifest(json).files;
    return { hashes: new Map([[network.path, network.sha256]]), graphs: [] };
  }
  const { files, provenance } = parseManifest(json);
  const graphs = SESSION_KEYS.map(key => ({ key, ...files[key] }));
  const networks = files.screening ? [...graphs, files.screening] : graphs;
  const hashes = new Map(networks.map(({ path, sha256 }) => [path, sha256]));
  const checkpoint = readdirSync(folder).find(name => name.endsWith(CHECKPOINT + STORED));
  if (checkpoint === undefined) return { hashes, graphs: [] };
  return { hashes: hashes.set(checkpoint.slice(0, -STORED.length), provenance.checkpointSha256), graphs };
}

/** The bytes of a stored file. */
export function packFile(bytes: Uint8Array): Uint8Array {
  const planes = new Uint8Array(bytes.length);
  let to = 0;
  for (let plane = 0; plane < WORD_BYTES; plane++) {
    for (let at = plane; at < bytes.length; at += WORD_BYTES) planes[to++] = bytes[at];
  }
  return gzipSync(planes, { level: 9, strategy: constants.Z_RLE });
}

function unpackFile(stored: Uint8Array): Uint8Array {
  const planes = gunzipSync(stored);
  const bytes = new Uint8Array(planes.length);
  let from = 0;
  for (let plane = 0; plane < WORD_BYTES; plane++) {
    for (let at = plane; at < bytes.length; at += WORD_BYTES) bytes[at] = planes[from++];
  }
  return bytes;
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
