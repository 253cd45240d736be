/** The body network that is shipped: loads with its hashes and self-test, outlines a held-out phantom, refuses a changed file. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { segmentBody } from '@spine/core';
import { bodyNetworkFolder } from '@spine/headless/defaultModel';
import { loadBodyNetwork } from '@spine/headless/nodeBodyNetwork';
import { centresOf } from '@spine/evaluation/vertebrae/bench';
import { type PhantomCrop, phantomCrops } from '@spine/evaluation/vertebrae/cases';
import { diceOf } from '@spine/evaluation/vertebrae/figures';

jest.setTimeout(300_000);

test('one click in a phantom of the test split outlines its body', async () => {
  const network = (await loadBodyNetwork())!;
  const ct = phantomCrops(1).next().value as PhantomCrop;
  const [{ lps }] = centresOf(ct);
  const body = await segmentBody(ct.volume, lps, { network });
  expect(diceOf(body.mask, ct.bodies, ct.labels[0])).toBeGreaterThan(0.88);
  expect(body.confidence).toBeGreaterThan(0.9);
  await expect(segmentBody(ct.volume, [lps[0], lps[1] - 22, lps[2]], { network })).rejects.toMatchObject({
    code: expect.stringMatching(/^(click-|seed-outside)/) as string,
  });
});

test('a network file that was changed is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'body-'));
  try {
    cpSync(bodyNetworkFolder()!, folder, { recursive: true });
    const graph = readFileSync(join(folder, 'body_outline.onnx'));
    graph[graph.length >> 1] ^= 1;
    writeFileSync(join(folder, 'body_outline.onnx'), graph);
    await expect(loadBodyNetwork(1, folder)).rejects.toMatchObject({ code: 'model-hash' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
