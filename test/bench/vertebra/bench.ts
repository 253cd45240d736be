/** A whole vertebra with the same weights: in Node and in Chromium with a sampler of ours, in PyTorch with the reference schedule. */
import type { MethodOptions, SliceAttribution } from '@spine/core';
import { attributeSlices } from '@spine/core';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { methodOf } from '@spine/runtime/method';
import { type BrowserSeconds, browserVertebra, type NotMeasured } from '../chromium';
import { torchTiming } from '../peers';
import { fixed, table } from '../tables';
import { SLICE_MM, vertebraCases, type WholeVertebra, wholeVertebra } from './cases';

export interface VertebraBench {
  readonly model: string;
  readonly sampler: string;
  readonly leastSlices: number;
  readonly threads: number;
  readonly browser: boolean;
}

/** Seconds and noise predictions of the vertebra's searched slices together. */
interface Run {
  readonly seconds: number;
  /** Of the processor, where it is known: on a busy machine the fairer one. */
  readonly processorSeconds?: number;
  readonly evaluations: number;
}

export interface VertebraRow {
  readonly vertebra: string;
  readonly slices: number;
  readonly sampler: string;
  readonly node: Run;
  readonly wasm: Run | NotMeasured;
  /** Of one slice as it was measured, and of all: every prediction of the schedule costs the same. */
  readonly torch: (Run & { readonly measured: Run }) | NotMeasured;
}

export interface VertebraSpeedup {
  readonly nodeVsTorchVertebra: number | null;
  readonly wasmVsTorchVertebra: number | null;
}

/** Of the benchmark's phantoms the first vertebra in a fixed random order with enough searched slices. */
export async function benchVertebra(
  { model, sampler, leastSlices, threads, browser }: VertebraBench,
  cache: string,
  say: (text: string) => void
): Promise<{ readonly rows: readonly VertebraRow[]; readonly speedup: VertebraSpeedup }> {
  const { network, manifest } = await loadModelFromFolder(model, { threads });
  const screening = { network, classifier: manifest.classifier, spec: manifest.patch };
  const whole = await firstWith(leastSlices, screening, cache);
  const { searched, vertebra } = whole;
  const inputs = searched.map(({ patch, bodyMask, index }) => ({ patch, bodyMask, offsetMm: index * SLICE_MM }));
  const method: MethodOptions = methodOf(manifest, sampler);

  const [start, processor] = [performance.now(), process.cpuUsage()];
  const attributed: SliceAttribution[] = [];
  if (method.inferScores) attributed.push(...(await attributeSlices(network, manifest.classifier, inputs, method)));
  else {
    for (const one of inputs) {
      attributed.push(...(await attributeSlices(network, manifest.classifier, [one], method)));
    }
  }
  const noise = attributed.reduce((sum, { evaluations }) => sum + evaluations.noise, 0);
  const { user, system } = process.cpuUsage(processor);
  const seconds = (performance.now() - start) / 1000;
  const node: Run = { seconds, processorSeconds: (user + system) / 1e6, evaluations: noise };
  await network.dispose();

  const inBrowser: BrowserSeconds | NotMeasured = browser
    ? await browserVertebra(model, manifest, inputs, sampler, threads > 1 ? 'wasm-threads' : 'wasm')
    : { missing: 'skipped' };
  const wasm: Run | NotMeasured =
    'missing' in inBrowser ? inBrowser : { seconds: inBrowser.seconds, evaluations: inBrowser.evaluations };

  // The slice with a typical number of candidates.
  const counts = attributed.map(({ candidates }) => candidates.length);
  const order = [...counts.keys()].sort((a, b) => counts[a] - counts[b]);
  const typical = searched[order[order.length >> 1]];
  const timing = torchTiming(model, manifest, typical, threads);
  const reference = counts.reduce((sum, count) => sum + 450 + 350 * count, 0);
  const torch: VertebraRow['torch'] =
    'missing' in timing
      ? timing
      : {
          seconds: (timing.seconds * reference) / timing.evaluations,
          processorSeconds: (timing.processorSeconds * reference) / timing.evaluations,
          evaluations: reference,
          measured: timing,
        };

  const row: VertebraRow = { vertebra: vertebra.id, slices: searched.length, sampler, node, wasm, torch };
  const times = (run: Run | NotMeasured) =>
    'missing' in torch || 'missing' in run ? null : torch.seconds / run.seconds;
  const speedup = { nodeVsTorchVertebra: times(node), wasmVsTorchVertebra: times(wasm) };
  const shown = (run: Run | NotMeasured) =>
    'missing' in run
      ? `not measured (${run.missing})`
      : [run.seconds, run.processorSeconds]
          .flatMap(value => (value === undefined ? [] : [fixed(value, 1)]))
          .join(', ')
          .concat(` (${run.evaluations})`);
  const ratio = (value: number | null) => (value === null ? '' : fixed(value, 1));
  say(
    table(
      [
        ...[
          'Vertebra',
          'Searched slices',
          'Sampler',
          `PyTorch, reference, threads ${threads}: s, processor (predictions)`,
        ],
        ...[`Node, threads ${threads}`, `Chromium, WebAssembly, threads ${threads}`, 'times as fast: Node', 'Chromium'],
      ],
      [
        [
          ...[row.vertebra, row.slices, sampler, shown(torch), shown(node), shown(wasm)],
          ...[ratio(speedup.nodeVsTorchVertebra), ratio(speedup.wasmVsTorchVertebra)],
        ],
      ]
    )
  );
  if (!('missing' in torch)) {
    say(
      `PyTorch ran one slice (${torch.measured.evaluations} predictions, ${fixed(torch.measured.seconds, 1)} s); the others' predictions are counted and cost the same.`
    );
  }
  return { rows: [row], speedup };
}

async function firstWith(
  leastSlices: number,
  model: Parameters<typeof wholeVertebra>[0],
  cache: string
): Promise<WholeVertebra> {
  for (const vertebra of vertebraCases(cache, 'test')) {
    const whole = await wholeVertebra(model, vertebra);
    if (whole.searched.length >= leastSlices) return whole;
  }
  throw new Error(`no vertebra of the benchmark has ${leastSlices} slices that are searched`);
}
