/** `npm run models:restore`: see storedModel.ts. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseOptions, runCommand } from '@spine/headless/cli';
import { restoreStoredModel, storeModel } from './storedModel';

const MODELS = resolve(__dirname, '../../models');
const USAGE = `npm run models:restore -- [--store models/<id>]
Makes the network files under models/ that the repository keeps compressed, where they are missing or of a former version.
  --store <folder>   instead: writes the compressed files of a model folder, which are what to commit`;

void runCommand('models:restore', USAGE, async (argv, { stdout }) => {
  const { store } = parseOptions({ store: { type: 'string' } }, argv);
  if (store !== undefined) {
    for (const file of storeModel(resolve(store))) stdout.write(`${file}\n`);
    return;
  }
  for (const entry of readdirSync(MODELS, { withFileTypes: true })) {
    if (entry.isDirectory()) await restoreStoredModel(join(MODELS, entry.name), { replace: true });
  }
});
