/** A model folder with another classifier, threshold or description; its networks stay. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { restoreStoredModel } from '@spine/conversion/storedModel';
import { malignancyProbability } from '@spine/core';
import { parseJson, readModelFile } from '@spine/headless/nodeModel';
import { type ModelManifest, parseManifest } from '@spine/runtime/manifest';
import { parseSelfTest } from '@spine/runtime/selfTest';

export const manifestOf = (folder: string): ModelManifest =>
  parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));

/** A copy of the files that make a model, in a new folder; an old one there is replaced once the copy is whole. */
export async function copyModel(from: string, to: string): Promise<void> {
  await restoreStoredModel(from);
  const { files } = manifestOf(from);
  const beside = `${to}.part`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true });
  for (const { path } of Object.values(files)) {
    mkdirSync(dirname(join(beside, path)), { recursive: true });
    copyFileSync(join(from, path), join(beside, path));
  }
  copyFileSync(join(from, 'manifest.json'), join(beside, 'manifest.json'));
  rmSync(to, { recursive: true, force: true });
  renameSync(beside, to);
}

/** Changes the manifest in place; the self-test gets what the new classifier gives for its code. */
export async function changeModel(folder: string, change: (manifest: ModelManifest) => ModelManifest): Promise<void> {
  const changed = change(manifestOf(folder));
  const { path } = changed.files.selfTest;
  const test = parseSelfTest(parseJson(await readModelFile(folder, path), path));
  const probability = malignancyProbability(changed.classifier, Float32Array.from(test.code));
  const text = JSON.stringify({ ...test, malignancyProbability: probability });
  const selfTest = { path, sha256: createHash('sha256').update(text).digest('hex'), bytes: Buffer.byteLength(text) };
  const manifest = parseManifest({ ...changed, files: { ...changed.files, selfTest } });
  writeFileSync(join(folder, path), text);
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}
