/**
 * `npm run study:vertebra:reference`: the reference schedule on every searched slice of whole vertebrae, kept for
 * `npm run study:vertebra`.
 */
import { join } from 'node:path';
import { parseOptions, runCommand, wholeNumber } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { ROOT } from '../../support/shared';
import { referenceFolder, referenceRun } from '../referenceRuns';
import { searchedOf, setName, wholeVertebrae } from './cases';
import { chosenSet } from './options';

const USAGE = `npm run study:vertebra:reference -- [--model models/default] [--set test|tuning|demo|real] [--vertebrae 24] [--threads 1]
It can be stopped and goes on where it was: each slice is kept as soon as it is done, in a folder of the model's hash and the phantoms'
seed. A slice costs 450 + 350 x candidates noise predictions, a vertebra with a lesion some ten minutes of a core with the default model, one that is not searched nothing.`;

void runCommand('study:vertebra:reference', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string', default: join(ROOT, 'models/default') },
    set: { type: 'string', default: 'test' },
    vertebrae: { type: 'string', default: '24' },
    threads: { type: 'string', default: '1' },
  });
  const wanted = wholeNumber(options.vertebrae, 'vertebrae');
  const set = chosenSet(options.set);
  const { network, manifest } = await loadModelFromFolder(options.model, {
    threads: wholeNumber(options.threads, 'threads'),
  });
  const cache = join(ROOT, '.cache');
  const folder = join(referenceFolder(cache, manifest), setName(set));
  let done = 0;
  for await (const vertebra of wholeVertebrae(cache, set, { network, manifest })) {
    const searched = searchedOf(vertebra);
    for (const slice of searched) {
      const { attribution, processorSeconds } = await referenceRun(folder, network, manifest, slice);
      process.stdout.write(
        `${vertebra.id}-${slice.index} ${attribution.candidates.length} candidates, ${attribution.evaluations.noise} noise predictions, ${processorSeconds.toFixed(1)} s\n`
      );
    }
    done++;
    process.stdout.write(
      `vertebra ${done} of ${wanted}: ${vertebra.id}, ${searched.length} of ${vertebra.slices.length} slices searched\n`
    );
    if (done >= wanted) break;
  }
  await network.dispose();
});
