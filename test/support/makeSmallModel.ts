/** `npx tsx test/support/makeSmallModel.ts <folder>`: a toy model with few channels and random weights, listed in the index beside it. */
import { basename } from 'node:path';
import { registerModel } from '@spine/conversion/model/modelIndex';
import { changeModel } from '@spine/datasets/learn/modelFolder';
import { writeSmallModel } from './smallModel';

const [folder] = process.argv.slice(2);
void (async () => {
  await writeSmallModel(folder, basename(folder));
  // Random weights make hundreds of specks, each of which would be scored.
  await changeModel(folder, manifest => ({ ...manifest, method: { ...manifest.method, minPixels: 80 } }));
  registerModel(folder, basename(folder), true);
})();
