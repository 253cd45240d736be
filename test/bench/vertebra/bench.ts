/**
 * A whole vertebra with the same weights: in Node and in Chromium screened and, where it is suspicious, searched with a sampler of ours; in
 * PyTorch with the reference schedule, which has no screening, on every slice, and on the searched ones alone.
 */
import type { MethodOptions, SliceAttribution } from '@spine/core';
import { attributeSlices, PATCH_PIXELS, screenSlices } from '@spine/core';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { methodOf } from '@spine/runtime/method';
import { type BrowserSeconds, browserVertebra, type NotMeasured } from '../chromium';
import { torchTiming } from '../peers';
import { fixed, table } from '../tables';
import { leftOutOf, searchedOf, type StudyModel, type WholeVertebra, wholeVertebrae } from './cases';
import { vertebraRuns } from './runs';
import { referenceEvaluations } from './study';

export interface VertebraBench {
  readonly model: string;
  readonly sampler: string;
  readonly leastSlices: number;
  readonly threads: number;
  readonly browser: boolean;
}

/** Seconds and noise predictions of the vertebra. */
interface Run {
  readonly seconds: number;
  /** Of the processor, where it is known: on a busy machine the fairer one. */
  readonly processorSeconds?: number;
  readonly evaluations: number;
}

export interface VertebraRow {
  readonly vertebra: string;
  /** Within the width that the model knows, and of them those searched. */
  readonly known: number;
  readonly searched: number;
  readonly sampler: string;
  readonly node: Run;
  readonly wasm: Run | NotMeasured;
  /** Of one slice as it was measured, of every slice and of the searched ones: every prediction of the schedule costs the same. */
  readonly torch: { readonly measured: Run; readonly everySlice: Run; readonly searched: Run } | NotMeasured;
}

/** Times as fast as PyTorch on every slice of the vertebra, and on those alone that are searched. */
export interface VertebraSpeedup {
  readonly nodeVsTorchVertebra: number | null;
  readonly wasmVsTorchVertebra: number | null;
  readonly nodeVsTorchSearched: number | null;
  readonly wasmVsTorchSearched: number | null;
  /** In time of the processor: on a busy machine the fairer one. */
  readonly nodeVsTorchVertebraProcessor: number | null;
  readonly nodeVsTorchSearchedProcessor: number | null;
}

/** Of the benchmark's phantoms the first vertebra in a fixed random order with enough searched slices. */
export async function benchVertebra(
  { model, sampler, leastSlices, threads, browser }: VertebraBench,
  cache: string,
  say: (text: string) => void
): Promise<{ readonly rows: readonly VertebraRow[]; readonly speedup: VertebraSpeedup }> {
  const { network, manifest } = await loadModelFromFolder(model, { threads });
  const whole = await firstWith(leastSlices, { network, manifest }, cache);
  const inputs = searchedOf(whole);
  const method: MethodOptions = methodOf(manifest, sampler);
  // Not timed: how many candidates the slices have that screening leaves out, so that the reference's predictions there are counted.
  const leftOut = await vertebraRuns({ network, manifest }, cache, 'test').run('fast', leftOutOf(whole));

  const [start, processor] = [performance.now(), process.cpuUsage()];
  const patches = new Float32Array(whole.slices.length * PATCH_PIXELS);
  whole.slices.forEach(({ patch }, n) => patches.set(patch, n * PATCH_PIXELS));
  await screenSlices(network, manifest.classifier, patches, whole.slices.length);
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
    ? await browserVertebra(
        model,
        manifest,
        { screened: whole.slices, searched: inputs },
        sampler,
        threads > 1 ? 'wasm-threads' : 'wasm'
      )
    : { missing: 'skipped' };
  const wasm: Run | NotMeasured =
    'missing' in inBrowser ? inBrowser : { seconds: inBrowser.seconds, evaluations: inBrowser.evaluations };

  // The slice with a typical number of candidates.
  const counts = attributed.map(({ candidates }) => candidates.length);
  const order = [...counts.keys()].sort((a, b) => counts[a] - counts[b]);
  const typical = inputs[order[order.length >> 1]];
  const timing = torchTiming(model, manifest, typical, threads);
  const searched = counts.reduce((sum, count) => sum + referenceEvaluations(count), 0);
  const others = leftOut.reduce((sum, { candidates }) => sum + referenceEvaluations(candidates.length), 0);
  const scaled = (run: Run, evaluations: number): Run => ({
    seconds: (run.seconds * evaluations) / run.evaluations,
    processorSeconds: (run.processorSeconds! * evaluations) / run.evaluations,
    evaluations,
  });
  const torch: VertebraRow['torch'] =
    'missing' in timing
      ? timing
      : {
          measured: timing,
          everySlice: scaled(timing, searched + others),
          searched: scaled(timing, searched),
        };

  const slices = { known: whole.slices.length, searched: inputs.length };
  const row: VertebraRow = { vertebra: whole.id, ...slices, sampler, node, wasm, torch };
  const times = (run: Run | NotMeasured, which: 'everySlice' | 'searched') =>
    'missing' in torch || 'missing' in run ? null : torch[which].seconds / run.seconds;
  const processorTimes = (which: 'everySlice' | 'searched') =>
    'missing' in torch ? null : torch[which].processorSeconds! / node.processorSeconds!;
  const speedup: VertebraSpeedup = {
    nodeVsTorchVertebra: times(node, 'everySlice'),
    wasmVsTorchVertebra: times(wasm, 'everySlice'),
    nodeVsTorchSearched: times(node, 'searched'),
    wasmVsTorchSearched: times(wasm, 'searched'),
    nodeVsTorchVertebraProcessor: processorTimes('everySlice'),
    nodeVsTorchSearchedProcessor: processorTimes('searched'),
  };
  const shown = (run: Run | NotMeasured) =>
    'missing' in run
      ? `not measured (${run.missing})`
      : [run.seconds, run.processorSeconds]
          .flatMap(value => (value === undefined ? [] : [fixed(value, 1)]))
          .join(', ')
          .concat(` (${run.evaluations})`);
  const ratio = (value: number | null) => (value === null ? '' : fixed(value, 1));
  const torchShown = (which: 'everySlice' | 'searched') => shown('missing' in torch ? torch : torch[which]);
  say(
    table(
      [
        ...['Vertebra', 'Slices searched, known', 'Sampler', `Node, threads ${threads}: s, processor (predictions)`],
        ...[`Chromium, WebAssembly, threads ${threads}`, `PyTorch, reference, threads ${threads}`],
        ...['times as fast: Node (processor)', 'Chromium'],
      ],
      (['everySlice', 'searched'] as const).map(which => [
        ...[row.vertebra, `${row.searched}, ${row.known}`, sampler, shown(node), shown(wasm)],
        `${which === 'everySlice' ? '(a) every slice' : '(b) the searched slices'}: ${torchShown(which)}`,
        ...[`${ratio(times(node, which))} (${ratio(processorTimes(which))})`, ratio(times(wasm, which))],
      ])
    )
  );
  if (!('missing' in torch)) {
    say(
      `Node and Chromium screen every slice and search the suspicious ones. PyTorch ran one slice (${torch.measured.evaluations} predictions, ${fixed(torch.measured.seconds, 1)} s); the others' predictions are counted and cost the same.`
    );
  }
  return { rows: [row], speedup };
}

async function firstWith(leastSlices: number, model: StudyModel, cache: string): Promise<WholeVertebra> {
  for await (const whole of wholeVertebrae(cache, 'test', model)) {
    if (searchedOf(whole).length >= leastSlices) return whole;
  }
  throw new Error(`no vertebra of the benchmark has ${leastSlices} slices that are searched`);
}
