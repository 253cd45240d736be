/** Markdown of the bench. */
import type { BrowserSeconds, BrowserWay, NotMeasured } from './chromium';
import { BROWSER_WAYS, type PeerRow } from './comparePeers';

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
export const fixed = (value: number, digits = 2) => value.toFixed(digits);

const WAY_LABELS: Readonly<Record<BrowserWay, string>> = {
  wasm: 'Chromium, WebAssembly, 1 thread',
  'wasm-threads': 'Chromium, WebAssembly, threads',
  webgpu: 'Chromium, WebGPU',
};

/** A row for each slice; what was not measured says why. */
export function peerTable(rows: readonly PeerRow[], threads: number): string {
  const ways = BROWSER_WAYS.filter(way => rows[0].browsers[way]);
  const inBrowser = (result: BrowserSeconds | NotMeasured) =>
    'missing' in result
      ? `not measured (${result.missing})`
      : `${fixed(result.seconds)} (${result.evaluations}); first result ${fixed(result.coldCache)}, ${fixed(result.warmCache)}`;
  return table(
    [
      ...['Slice', 'Candidates', `PyTorch, reference, threads ${threads}: s, processor (predictions)`],
      `Node, fast, threads ${threads}: s, processor`,
      ...ways.map(way => `${WAY_LABELS[way]}: s (predictions); page to first result, cold and warm cache`),
    ],
    rows.map(({ slice, candidates, torch, node, browsers }) => [
      ...[slice, candidates],
      'missing' in torch
        ? `not measured (${torch.missing})`
        : `${fixed(torch.seconds)}, ${fixed(torch.processorSeconds)} (${torch.evaluations})`,
      `${fixed(node.seconds)}, ${fixed(node.processorSeconds)}`,
      ...ways.map(way => inBrowser(browsers[way]!)),
    ])
  );
}
