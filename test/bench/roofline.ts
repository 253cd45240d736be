/** How much of what a device can do an evaluation reaches: a product of two matrices, timed in the same run, is taken as its peak. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { multiplications } from '@spine/conversion/model/cost';
import { GraphBuilder } from '@spine/conversion/onnx/GraphBuilder';
import { restoreStoredModel } from '@spine/conversion/storedModel';
import { PATCH_PIXELS } from '@spine/core';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { type NodeProvider, sessionOptions } from '@spine/headless/nodeProvider';
import type { ModelManifest } from '@spine/runtime/manifest';
import { createNetwork, type LoadedNetwork } from '@spine/runtime/network';
import { type ModelSessions, OPENING_ORDER, type OrtSession } from '@spine/runtime/session';
import { manifestOf } from '../../datasets/src/learn/modelFolder';
import { fixed, table } from './tables';

export interface Roofline {
  readonly device: string;
  readonly batch: number;
  /** Of one noise prediction, per image. */
  readonly evaluationMs: number;
  /** 1e9 floating-point operations a second, two for each multiplication. */
  readonly gigaflops: number;
  readonly peakGigaflops: number;
  readonly share: number;
}

/** Sides of the matrices: large enough to keep a device busy, small enough to take part of a second. */
const SIDE = { cpu: 1024, cuda: 8192, webgpu: 2048 } as const;
const REPEATS = 8;
/** float16 beside it on cards, as a share of the same peak in float32; where it is not usable the row says float32 twice. */
const ARITHMETICS = { cpu: ['float32'], cuda: ['float32', 'float16'], webgpu: ['float32', 'float16'] } as const;
const BATCHES = { cpu: [1], cuda: [1, 8, 32], webgpu: [1, 8, 32] } as const;

type Open = (graph: Uint8Array) => Promise<OrtSession>;

/** A product of two square matrices on a device. */
interface Product {
  readonly operations: number;
  run(): Promise<unknown>;
  release(): Promise<void>;
}

async function openProduct(
  open: Open,
  tensor: (data: Float32Array, dims: number[]) => never,
  side: number
): Promise<Product> {
  const graph = new GraphBuilder(false);
  const shape = [side, side];
  const product = graph.op('MatMul', ['a', 'b']);
  const session = await open(graph.finish('product', { a: shape, b: shape }, { c: { from: product, shape } }));
  const numbers = () => new Float32Array(side * side).map((_, i) => Math.sin(i));
  const feeds = { a: tensor(numbers(), shape), b: tensor(numbers(), shape) };
  return { operations: 2 * side ** 3, run: () => session.run(feeds), release: () => session.release() };
}

/** The fastest of each, in turns, so that other work on the machine comes between both alike; milliseconds. */
async function fastestInTurns(...runs: (() => Promise<unknown>)[]): Promise<number[]> {
  for (const run of runs) await run();
  const best = runs.map(() => Infinity);
  for (let n = 0; n < REPEATS; n++) {
    for (const [which, run] of runs.entries()) {
      const start = performance.now();
      await run();
      best[which] = Math.min(best[which], performance.now() - start);
    }
  }
  return best;
}

async function measured(
  device: string,
  network: LoadedNetwork,
  manifest: ModelManifest,
  product: Product,
  batches: readonly number[]
): Promise<Roofline[]> {
  const operations = 2 * multiplications(manifest.architecture).noisePredictor;
  const rows: Roofline[] = [];
  for (const batch of batches) {
    const [noisy, codes] = [PATCH_PIXELS, network.codeSize].map(size => new Float32Array(batch * size).fill(0.3));
    const evaluate = () => network.predictNoise(noisy, 500, codes, batch);
    const [evaluationMs, productMs] = await fastestInTurns(evaluate, product.run);
    const gigaflops = (batch * operations) / (1e6 * evaluationMs);
    const peakGigaflops = product.operations / (1e6 * productMs);
    const share = gigaflops / peakGigaflops;
    rows.push({ device, batch, evaluationMs: evaluationMs / batch, gigaflops, peakGigaflops, share });
  }
  return rows;
}

/** onnxruntime-node on a provider, and onnxruntime-web's WebAssembly on one thread, both in this process. */
export async function rooflineOf(model: string, threads: number, provider: NodeProvider): Promise<Roofline[]> {
  await restoreStoredModel(model);
  const manifest = manifestOf(model);
  const product = await openProduct(
    async graph => (await native.InferenceSession.create(graph, sessionOptions(provider, threads))) as OrtSession,
    (data, dims) => new native.Tensor('float32', data, dims) as never,
    SIDE[provider.name]
  );
  const rows: Roofline[] = [];
  for (const arithmetic of ARITHMETICS[provider.name]) {
    const { network, provider: text } = await loadModelFromFolder(model, { threads, provider, arithmetic });
    const device = provider.name === 'cpu' ? `Node, threads ${threads}` : `Node, ${text}`;
    rows.push(...(await measured(device, network, manifest, product, BATCHES[provider.name])));
    await network.dispose();
  }
  await product.release();
  if (provider.name !== 'cpu') return rows;

  web.env.wasm.numThreads = 1;
  const open: Open = async bytes =>
    (await web.InferenceSession.create(bytes, { executionProviders: ['wasm'], logSeverityLevel: 3 })) as OrtSession;
  const createTensor = (data: Float32Array, dims: readonly number[]) => new web.Tensor('float32', data, dims);
  const inWasmProduct = await openProduct(open, createTensor as never, SIDE.cpu);
  const sessions: Record<string, OrtSession> = {};
  for (const key of OPENING_ORDER) {
    sessions[key] = await open(new Uint8Array(readFileSync(join(model, manifest.files[key].path))));
  }
  const inWasm = createNetwork(sessions as unknown as ModelSessions, manifest, { createTensor, preferredBatch: 1 });
  rows.push(...(await measured('WebAssembly, 1 thread', inWasm, manifest, inWasmProduct, [1])));
  await inWasm.dispose();
  await inWasmProduct.release();
  return rows;
}

export const rooflineTable = (rows: readonly Roofline[]) =>
  table(
    ['Device', 'Batch', 'ms an image', 'GFLOP/s', 'GFLOP/s of a matrix product', 'Share'],
    rows.map(row => [
      ...[row.device, row.batch, fixed(row.evaluationMs, 1), fixed(row.gigaflops, 1)],
      ...[fixed(row.peakGigaflops, 1), `${fixed(100 * row.share, 0)} %`],
    ])
  );

export async function benchRoofline(
  model: string,
  threads: number,
  provider: NodeProvider,
  say: (text: string) => void
): Promise<readonly Roofline[]> {
  const rows = await rooflineOf(model, threads, provider);
  say(rooflineTable(rows));
  return rows;
}
