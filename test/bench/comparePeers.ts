/** The same slices and weights in PyTorch with the reference schedule, natively in Node, and in Chromium on WebAssembly. */
import type { ModelManifest } from '@spine/runtime/manifest';
import type { BenchmarkSlice } from '../../models/evaluation/src/crops';
import { type BrowserSeconds, browserSeconds } from './chromium';
import { nodeTiming, type TorchTiming, torchTiming } from './peers';

export interface PeerRow {
  readonly slice: string;
  readonly candidates: number;
  readonly node: { readonly seconds: number; readonly processorSeconds: number };
  /** Without and with threads; empty where the browser part is not measured. */
  readonly browsers: readonly BrowserSeconds[];
  readonly torch: TorchTiming | { readonly missing: string };
}

/** How many times as fast as PyTorch, over all slices together; null where a peer is missing. */
export interface Speedup {
  readonly nodeVsTorch: number | null;
  /** The faster of one thread and several. */
  readonly wasmVsTorch: number | null;
}

/** Slices of few, a typical number of, and many candidates: `count` of them, evenly over their order by candidates. */
export function spreadByCandidates(candidates: readonly number[], count: number): number[] {
  const order = [...candidates.keys()].sort((a, b) => candidates[a] - candidates[b]);
  const chosen = Math.min(count, order.length);
  return Array.from({ length: chosen }, (_, k) => order[Math.floor(((k + 0.5) * order.length) / chosen)]);
}

export async function peerRow(
  model: string,
  manifest: ModelManifest,
  slice: BenchmarkSlice,
  candidates: number,
  { threads, browser }: { readonly threads: number; readonly browser: boolean }
): Promise<PeerRow> {
  const node = await nodeTiming(model, slice, threads);
  const browsers: BrowserSeconds[] = [];
  for (const isolated of browser ? [false, true] : []) {
    browsers.push(await browserSeconds(model, manifest, slice, isolated));
  }
  return { slice: slice.vertebra.id, candidates, node, browsers, torch: torchTiming(model, manifest, slice, threads) };
}

export function speedupOf(rows: readonly PeerRow[]): Speedup {
  const sum = (of: (row: PeerRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  if (rows.length === 0 || rows.some(({ torch }) => 'missing' in torch))
    return { nodeVsTorch: null, wasmVsTorch: null };
  const torch = sum(row => ('seconds' in row.torch ? row.torch.seconds : 0));
  const wasm = rows[0].browsers.map((_, k) => sum(({ browsers }) => browsers[k].slice));
  return {
    nodeVsTorch: torch / sum(({ node }) => node.seconds),
    wasmVsTorch: wasm.length > 0 ? torch / Math.min(...wasm) : null,
  };
}
