/** `npm run bench:reference`: runs the reference schedule over suspicious slices and keeps the results for `npm run bench`. */
import { join } from 'node:path';
import { parseOptions, runCommand, wholeNumber } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { benchmarkManifest, realFolder } from '../../evaluation/src/benchmark';
import { readSlices } from '../../evaluation/src/crops';
import { readManifest } from '../../evaluation/src/manifest';
import { ROOT } from '../support/shared';
import { probabilityOf, referenceFolder, referenceRun, shuffled, SUSPICIOUS } from './referenceRuns';

const USAGE = `npm run bench:reference -- [--model models/default] [--manifest m.csv] [--slices all] [--threads 1]
Without --manifest: the benchmark's test split. It can be stopped and goes on where it was: slices come in a fixed random order, so
that those done so far are a fair sample. Each costs 450 + 350 x candidates noise predictions.`;

void runCommand('bench:reference', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string', default: join(ROOT, 'models/default') },
    manifest: { type: 'string' },
    slices: { type: 'string', default: 'all' },
    threads: { type: 'string', default: '1' },
  });
  const threads = wholeNumber(options.threads, 'threads');
  const wanted = options.slices === 'all' ? Infinity : wholeNumber(options.slices, 'slices');
  const { network, manifest } = await loadModelFromFolder(options.model, { threads });
  const cache = join(ROOT, '.cache');
  const folder = referenceFolder(cache, manifest);
  const cases = readManifest(options.manifest ?? benchmarkManifest(cache, realFolder(undefined)));
  let done = 0;
  for (const vertebra of shuffled(cases)) {
    for (const slice of await readSlices(vertebra, 1)) {
      if ((await probabilityOf(network, manifest, slice)) < SUSPICIOUS) continue;
      const { attribution, processorSeconds } = await referenceRun(folder, network, manifest, slice);
      done++;
      process.stdout.write(
        `${done} ${vertebra.id} ${attribution.candidates.length} candidates, ${attribution.evaluations.noise} noise predictions, ${processorSeconds.toFixed(1)} s\n`
      );
    }
    if (done >= wanted) break;
  }
  await network.dispose();
});
