/**
 * Opens a model on the WebGPU adapter of Node (Dawn) in float32 and with float16 asked for, and prints the outcome and one prediction of each
 * as JSON. A process of its own: the driver is named by its environment. Run: npx tsx test/float16/evaluate.ts <model folder>.
 */
import { PATCH_PIXELS } from '@spine/core';
import { loadModelFromFolder } from '@spine/headless/nodeModel';

void (async () => {
  const noisy = Float32Array.from({ length: PATCH_PIXELS }, (_, i) => Math.sin(i));
  const found: unknown[] = [];
  for (const arithmetic of ['float32', 'float16'] as const) {
    const model = await loadModelFromFolder(process.argv[2], { provider: { name: 'webgpu' }, arithmetic });
    const code = new Float32Array(model.network.codeSize).fill(0.1);
    const noise = await model.network.predictNoise(noisy, 500, code, 1);
    found.push({ provider: model.provider, outcome: model.arithmetic, noise: [...noise] });
    await model.network.dispose();
  }
  process.stdout.write(JSON.stringify(found));
})();
