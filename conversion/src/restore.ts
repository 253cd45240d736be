/** `npm run models:restore`: makes the ONNX files of models that the repository keeps as a checkpoint (see storedModel.ts). */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { restoreStoredModel } from './storedModel';

const MODELS = resolve(__dirname, '../../models');

async function main(): Promise<void> {
  for (const { name } of readdirSync(MODELS, { withFileTypes: true }).filter(entry => entry.isDirectory())) {
    await restoreStoredModel(join(MODELS, name));
  }
}

void main();
