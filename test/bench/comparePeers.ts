/** The same slices and weights in PyTorch with the reference schedule, natively in Node, and in Chromium. */
import type { ModelManifest } from '@spine/runtime/manifest';
import type { BenchmarkSlice } from '../../evaluation/src/crops';
import { type BrowserSeconds, browserSeconds, type BrowserWay, type NotMeasured } from './chromium';
import { nodeTiming, type TorchTiming, torchTiming } from './peers';

export interface PeerRow {
  readonly slice: string;
  readonly candidates: number;
  readonly node: { readonly seconds: number; readonly processorSeconds: number };
  /** By way; empty where the browser part is not measured. */
  readonly browsers: Readonly<Partial<Record<BrowserWay, BrowserSeconds | NotMeasured>>>;
  readonly torch: TorchTiming | NotMeasured;
}

/** How many times as fast as PyTorch, over all slices together; null where a peer is missing. */
export interface Speedup {
  readonly nodeVsTorch: number | null;
  /** The faster of one thread and several. */
  readonly wasmVsTorch: number | null;
  readonly webGpuVsTorch: number | null;
}

export const BROWSER_WAYS: readonly BrowserWay[] = ['wasm', 'wasm-threads', 'webgpu'];

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
  const browsers: Partial<Record<BrowserWay, BrowserSeconds | NotMeasured>> = {};
  for (const way of browser ? BROWSER_WAYS : []) browsers[way] = await browserSeconds(model, manifest, slice, way);
  return { slice: slice.vertebra.id, candidates, node, browsers, torch: torchTiming(model, manifest, slice, threads) };
}

export function speedupOf(rows: readonly PeerRow[]): Speedup {
  /** Seconds of all rows together, undefined where one is not measured. */
  const sum = (of: (row: PeerRow) => { readonly seconds: number } | NotMeasured | undefined) => {
    const measured = rows.map(of).flatMap(one => (one && 'seconds' in one ? [one.seconds] : []));
    return measured.length > 0 && measured.length === rows.length ? measured.reduce((a, b) => a + b) : undefined;
  };
  const torch = sum(row => row.torch);
  const times = (...peers: (number | undefined)[]) => {
    const known = peers.filter(seconds => seconds !== undefined);
    return torch !== undefined && known.length > 0 ? torch / Math.min(...known) : null;
  };
  const inBrowser = (way: BrowserWay) => sum(({ browsers }) => browsers[way]);
  return {
    nodeVsTorch: times(sum(({ node }) => node)),
    wasmVsTorch: times(inBrowser('wasm'), inBrowser('wasm-threads')),
    webGpuVsTorch: times(inBrowser('webgpu')),
  };
}
