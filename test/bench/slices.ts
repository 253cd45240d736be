/** Single slices: samplers against the reference schedule, screening, growth, memory, and the same in PyTorch and in Chromium. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { methodOf } from '@spine/runtime/method';
import { benchmarkManifest, realFolder } from '../../evaluation/src/benchmark';
import { readManifest } from '../../evaluation/src/manifest';
import { ROOT } from '../support/shared';
import { type PeerRow, peerRow, speedupOf, spreadByCandidates } from './comparePeers';
import { batchCost, growthPerRun, memoryOverRuns, screeningSeconds } from './growth';
import { comparableMethod, referenceFolder, referenceSet, SUSPICIOUS } from './referenceRuns';
import { compareRuns, runMethod, type SamplerRun, skippedShare } from './sampler';
import { fixed, peerTable, table } from './tables';

export interface SliceBench {
  readonly model: string;
  /** How many, or those that `npm run bench:reference` has finished. */
  readonly slices: number | 'stored';
  /** `fast` first. */
  readonly samplers: readonly string[];
  readonly threads: number;
  readonly peerSlices: number;
  readonly skip: ReadonlySet<string>;
}

/** "Analysing one vertebra fully" is taken as five slices, as few as anybody would; with all slices the share is smaller. */
const SLICES_OF_A_VERTEBRA = 5;
/** Vertebrae whose screening is compared with that. */
const SCREENED_VERTEBRAE = 13;

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** @param say takes Markdown @returns fields of the bench's JSON */
export async function benchSlices(options: SliceBench, cache: string, say: (text: string) => void) {
  const { threads, samplers, skip } = options;
  const { network, manifest } = await loadModelFromFolder(options.model, { threads });
  const { classifier } = manifest;

  const cases = readManifest(benchmarkManifest(cache, realFolder(undefined)));
  const { slices, runs, looked } = await referenceSet(
    referenceFolder(cache, manifest),
    network,
    manifest,
    cases,
    options.slices
  );
  const reference = {
    slices: runs.map(({ attribution }) => attribution),
    seconds: runs.map(({ processorSeconds }) => processorSeconds),
  };
  say(
    `Model ${manifest.id} ${manifest.version}, Node, ${threads} threads. Of ${looked} slices of the benchmark's test split, in a fixed random order, ${slices.length} are suspicious (P at least ${SUSPICIOUS}) and compared; the others show nothing with any sampler.`
  );
  const compared = [];
  for (const name of samplers) {
    const run = await runMethod(network, classifier, slices, comparableMethod(manifest, name));
    compared.push({ run, skipped: skippedShare(run), ...compareRuns(name, slices, reference, run) });
  }
  say(
    table(
      [
        ...['Sampler', 'Fewer evaluations', 'mean over slices', 'Faster (processor)', 'Not scored'],
        ...[
          'Mask Dice',
          'Same kept',
          'Score difference',
          'Dice with truth (reference, this)',
          'F1 with truth (reference, this)',
        ],
      ],
      compared.map(c => [
        ...[c.label, fixed(c.evaluationRatio, 1), fixed(c.meanSliceRatio, 1), fixed(c.timeRatio, 1), fixed(c.skipped)],
        ...[fixed(c.maskDice, 3), fixed(c.sameKept, 3), fixed(c.scoreDifference, 3)],
        ...[c.truthDice, c.truthF1].map(both => both.map(value => fixed(value, 3)).join(', ')),
      ])
    )
  );
  const [{ run: fast, evaluationRatio, meanSliceRatio, maskDice, sameKept }] = compared;
  const overAll = (suspicious: number) => 1 - ((1 - suspicious) * slices.length) / looked;
  const withScreening = { slices: looked, maskDice: overAll(maskDice), sameKept: overAll(sameKept) };
  say(
    `fast over all ${looked} slices, those not searched counted as equal: mask Dice ${fixed(withScreening.maskDice, 3)}, same kept ${fixed(withScreening.sameKept, 3)}.`
  );

  const vertebrae: { vertebrae: number; seconds: number }[] = [];
  for (const count of [1, 5, SCREENED_VERTEBRAE, 25]) {
    vertebrae.push({ vertebrae: count, seconds: await screeningSeconds(network, classifier, slices[0].patch, count) });
  }
  const screening = vertebrae.find(v => v.vertebrae === SCREENED_VERTEBRAE)!.seconds;
  const screeningFraction = screening / (SLICES_OF_A_VERTEBRA * mean(reference.seconds));
  say(
    `Screening ${SCREENED_VERTEBRAE} vertebrae of 5 slices: ${fixed(screening)} s of the processor, ${fixed(100 * screeningFraction, 2)} % of the reference schedule on ${SLICES_OF_A_VERTEBRA} slices of one vertebra.`
  );
  say(
    table(
      ['Vertebrae of 5 slices', 'screened, processor s'],
      vertebrae.map(v => [v.vertebrae, fixed(v.seconds)])
    )
  );
  const batches = await batchCost(network, await network.encode(slices[0].patch, 1), [1, 2, 4, 8]);
  say(
    table(
      ['Batch', 'ms per image'],
      batches.map(b => [b.batch, fixed(b.msPerImage, 1)])
    )
  );
  const counts = [...new Set(reference.slices.map(slice => slice.candidates.length))].sort((a, b) => a - b);
  say(
    table(
      ['Candidates', 'Slices', 'Noise predictions, reference', 'fast', 'processor s, reference', 'fast'],
      counts.map(count => {
        const at = reference.slices.flatMap((slice, i) => (slice.candidates.length === count ? [i] : []));
        const of = (values: readonly number[], digits: number) => fixed(mean(at.map(i => values[i])), digits);
        const noise = (run: Pick<SamplerRun, 'slices'>) => run.slices.map(slice => slice.evaluations.noise);
        return [
          ...[count, at.length, of(noise(reference), 0), of(noise(fast), 0)],
          ...[of(reference.seconds, 1), of(fast.seconds, 1)],
        ];
      })
    )
  );

  const firstOf = (seconds: readonly number[], count: number) => seconds.slice(0, count).reduce((x, y) => x + y, 0);
  const growth = [1, 2, 4, 8, 16, slices.length].filter(
    (count, i, all) => count <= slices.length && all.indexOf(count) === i
  );
  say(
    table(
      ['Slices searched', 'processor s, reference', 'fast'],
      growth.map(count => [count, fixed(firstOf(reference.seconds, count), 1), fixed(firstOf(fast.seconds, count), 1)])
    )
  );

  let memory: { megabytesPerAnalysis: number; peak: number } | null = null;
  if (!skip.has('memory')) {
    const resident = await memoryOverRuns(network, classifier, slices[0], methodOf(manifest, 'fast'));
    memory = { megabytesPerAnalysis: growthPerRun(resident), peak: Math.max(...resident) };
    say(
      `Memory over 20 analyses in a row: ${fixed(memory.megabytesPerAnalysis)} MB more per analysis, at most ${fixed(memory.peak, 0)} MB.`
    );
  }
  await network.dispose();

  const peers: PeerRow[] = [];
  if (!skip.has('peers')) {
    const candidates = reference.slices.map(slice => slice.candidates.length);
    const browser = !skip.has('browser') && existsSync(join(ROOT, 'extensions/vertebra-metastasis/dist/worker.js'));
    if (!browser) say('Chromium: not measured (run `npm run build` first).');
    for (const at of spreadByCandidates(candidates, options.peerSlices)) {
      peers.push(await peerRow(options.model, manifest, slices[at], candidates[at], { threads, browser }));
    }
    say(peerTable(peers, threads));
  }
  const speedup = speedupOf(peers);
  if (peers.length > 0) {
    const times = (value: number | null) => (value === null ? 'not measured' : `${fixed(value, 1)} times`);
    say(
      `Over these slices together, faster than PyTorch with the reference schedule: Node ${times(speedup.nodeVsTorch)}, Chromium on WebAssembly ${times(speedup.wasmVsTorch)}, on WebGPU ${times(speedup.webGpuVsTorch)}.`
    );
  }
  return {
    sampler: { evaluationRatio, meanSliceRatio, maskDice, sameKept, slices: slices.length, withScreening },
    samplers: compared.map(({ run, ...figures }) => ({ ...figures, slices: run.slices.length })),
    speedup,
    screeningFraction,
    peers,
    memory,
    batches,
    vertebrae,
  };
}
