/** `npm run study:vertebra`: whole vertebrae with the samplers that a person can choose, against a yardstick on every searched slice. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { attributeSlices, type MethodOptions, type SliceAttribution } from '@spine/core';
import { parseOptions, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { agreementOf, compareVertebra, type VertebraAgreement } from '../../../evaluation/src/vertebraAgreement';
import { ROOT } from '../../support/shared';
import { comparableMethod, referenceFolder, storedReference } from '../referenceRuns';
import { fixed, table } from '../tables';
import { setName, SLICE_MM, vertebraCases, type WholeVertebra, wholeVertebra } from './cases';
import { chosenSet } from './options';
import { type StudyFigures, writeStudy } from './summary';

const USAGE = `npm run study:vertebra -- [--model models/default] [--set test|tuning] [--yardstick reference|fast] [--samplers guided,fast] [--vertebrae 20] [--threads 1] [--json <file>]
Whole vertebrae of the phantoms: evaluations, mask Dice, volume error and 3-D lesions against the yardstick on every searched slice.
reference: those that \`npm run study:vertebra:reference\` has finished. fast: made now and kept; in single slices its masks agree with
the reference's to a Dice of 0.998, which this does not measure again.`;

interface Run {
  readonly slices: readonly SliceAttribution[];
  readonly processorSeconds: number;
}

const evaluationsOf = ({ slices }: Pick<Run, 'slices'>) =>
  slices.reduce((sum, { evaluations }) => sum + evaluations.noise, 0);
/** What the published schedule takes for these candidates. */
const referenceEvaluations = ({ slices }: Pick<Run, 'slices'>) =>
  slices.reduce((sum, { candidates }) => sum + 450 + 350 * candidates.length, 0);

void runCommand('study:vertebra', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string', default: join(ROOT, 'models/default') },
    set: { type: 'string', default: 'test' },
    yardstick: { type: 'string', default: 'reference' },
    samplers: { type: 'string', default: 'guided' },
    vertebrae: { type: 'string', default: '20' },
    threads: { type: 'string', default: '1' },
    json: { type: 'string' },
  });
  const { yardstick } = options;
  if (yardstick !== 'reference' && yardstick !== 'fast')
    throw new UsageError(`--yardstick ${yardstick}: reference or fast`);
  const wanted = wholeNumber(options.vertebrae, 'vertebrae');
  const set = chosenSet(options.set);
  const { network, manifest } = await loadModelFromFolder(options.model, {
    threads: wholeNumber(options.threads, 'threads'),
  });
  const cache = join(ROOT, '.cache');
  const stored = join(referenceFolder(cache, manifest), setName(set));
  const model = { network, classifier: manifest.classifier, spec: manifest.patch };

  async function run({ vertebra, searched }: WholeVertebra, method: MethodOptions): Promise<Run> {
    // The nodes are part of the name: other ones never meet these files.
    const key = `${method.sampler.id}-${method.sampler.editEvaluations}+${method.sampler.roundTripEvaluations(1)}-${method.skipBelowThresholdBy ?? 'all'}`;
    const file = join(stored, key, `${vertebra.id}.v8`);
    const keep = method.sampler.id === 'fast';
    if (keep && existsSync(file)) return deserialize(readFileSync(file)) as Run;
    const start = process.cpuUsage();
    const inputs = searched.map(({ patch, bodyMask, index }) => ({ patch, bodyMask, offsetMm: index * SLICE_MM }));
    const slices: SliceAttribution[] = [];
    if (method.inferScores) slices.push(...(await attributeSlices(network, model.classifier, inputs, method)));
    else for (const one of inputs) slices.push(...(await attributeSlices(network, model.classifier, [one], method)));
    const { user, system } = process.cpuUsage(start);
    const result = { slices, processorSeconds: (user + system) / 1e6 };
    if (keep) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(`${file}.part`, serialize(result));
      renameSync(`${file}.part`, file);
    }
    return result;
  }

  function storedRun({ searched }: WholeVertebra): Run | undefined {
    const runs = searched.map(slice => storedReference(stored, slice));
    if (runs.some(one => !one)) return undefined;
    return {
      slices: runs.map(one => one!.attribution),
      processorSeconds: runs.reduce((sum, one) => sum + one!.processorSeconds, 0),
    };
  }

  const samplers = options.samplers.split(',');
  const rows: {
    name: string;
    vertebra: string;
    known: number;
    yardstick: Run;
    ours: Run;
    agreement: VertebraAgreement;
  }[] = [];
  let done = 0;
  for (const vertebra of vertebraCases(cache, set)) {
    if (done >= wanted) break;
    const whole = await wholeVertebra(model, vertebra);
    if (whole.searched.length === 0) continue;
    const theirs = yardstick === 'fast' ? await run(whole, comparableMethod(manifest, 'fast')) : storedRun(whole);
    if (!theirs) break;
    done++;
    const masks = ({ slices }: Run) => slices.map((slice, n) => ({ ...slice, index: whole.searched[n].index }));
    for (const name of samplers) {
      const ours = await run(whole, comparableMethod(manifest, name));
      const agreement = compareVertebra(masks(theirs), masks(ours));
      rows.push({ name, vertebra: vertebra.id, known: whole.known, yardstick: theirs, ours, agreement });
      process.stdout.write(
        `${name} ${vertebra.id}: ${whole.searched.length} of ${whole.known} slices searched, ${evaluationsOf(ours)} noise predictions (yardstick ${evaluationsOf(theirs)}), Dice ${fixed(agreement.maskDice, 3)}, voxels ${agreement.voxels.join(' / ')}, lesions ${agreement.matched} same, ${agreement.missed} missed, ${agreement.extra} more\n`
      );
    }
  }
  const figures = samplers.map((name): StudyFigures => {
    const own = rows.filter(row => row.name === name);
    const sum = (of: (row: (typeof rows)[number]) => number) => own.reduce((total, row) => total + of(row), 0);
    const reference = sum(row =>
      yardstick === 'reference' ? evaluationsOf(row.yardstick) : referenceEvaluations(row.yardstick)
    );
    const evaluations = sum(row => evaluationsOf(row.ours));
    const slices = sum(row => row.ours.slices.length);
    return {
      name,
      ...agreementOf(own.map(row => row.agreement)),
      slices,
      evaluationRatio: reference / evaluations,
      evaluationsASlice: evaluations / slices,
      processorSecondsASlice: sum(row => row.ours.processorSeconds) / slices,
    };
  });
  process.stdout.write(
    `\nYardstick: ${yardstick} on every searched slice, ${manifest.id} ${manifest.version}, phantoms ${setName(set)}.\n\n${table(
      [
        'Sampler',
        'Vertebrae',
        'Slices',
        'Fewer evaluations than reference',
        'Evaluations a slice',
        'Mask Dice',
        'Volume error',
        'Bias',
        'Same lesions',
        'Same vertebrae',
      ],
      figures.map(f => [
        ...[f.name, f.vertebrae, f.slices, fixed(f.evaluationRatio, 1), fixed(f.evaluationsASlice, 1)],
        ...[
          fixed(f.maskDice, 3),
          fixed(f.volumeError, 3),
          fixed(f.volumeBias, 3),
          fixed(f.sameLesions, 3),
          fixed(f.sameVertebrae, 3),
        ],
      ])
    )}\n`
  );
  const { id, version, files } = manifest;
  const { sha256 } = files.noisePredictor;
  writeStudy(cache, { model: `${id} ${version}`, sha256, yardstick, set: setName(set), figures }, options.json);
  await network.dispose();
});
