import { resolve, basename } from 'node:path';
import { parseOptions, required, runCommand, UsageError } from '@spine/headless/cli';
import { convertModel } from './convert';
import { classifierFromJson, classifierFromPickles } from './model/classifier';
import { CREATED_BY, DEFAULT_DESCRIPTION, type ModelDescription } from './model/manifest';
import { registerModel } from './model/modelIndex';

const USAGE = `npm run models:convert -- --checkpoint last.ckpt --classifier classifier_lr.pkl --scaler scaler.pkl --out models/<id> --register
Converts a PyTorch checkpoint (keys ema_model.*) and its classifier to a model folder for the viewer. Needs no Python; nothing
that the files hold is executed.
  --checkpoint <file>              PyTorch checkpoint
  --classifier <file> --scaler <file>   joblib pickles of a LogisticRegression and a StandardScaler
  --classifier-json <file>         instead of the pickles: mean, scale, coef, intercept
  --out <dir>                      the model folder, usually models/<id>
  [--config <file>]                config.json; without it the architecture is inferred from the weights' shapes
  [--precision float32|float16-weights]   default float32
  [--id <id>] [--name <text>] [--version <text>] [--description <text>]   default: the folder's name, 1.0.0
  [--target-probability <p>]       P(malignant) of the healthy edit; default 1e-5, as published
  [--attribution-threshold <s>]    candidates above it are kept; default 0.5, as published
  [--trained-width-fraction <share>]          share of a body's width, around its middle, whose slices the model knows; default: all
  [--skip-below-threshold-by <s>]              the fast sampler scores no candidate first estimated this far below the threshold
  [--trust-above-threshold-by <s>]  it takes a first estimate this far above the threshold for the score
  [--rescore-within <s>]            it scores those once more, finely, that come out this near the threshold
  [--refine-outlines]              outlines are drawn anew at the half level of the CT (docs/outline.md)
  [--least-slices-probability <p>]   of these only slices with at least this P(malignant) of their own count; default: all
  [--least-difference <d>]          regions that the healthy edit changes by less on average do not count (docs/outline.md)
  [--follow-lesions]                slices beside a lesion are searched even if screening calls them healthy, until it ends
  [--outline-across-slices]        lesions are outlined at one level for all slices that show them (docs/outline.md)
  [--least-slices <n>]             a region counts when so many neighbouring slices show it, where they were looked at; default 1
  [--screening-within <mm> --screening-logit-shift <x>]   a slice is judged by the mean logit of those so near, shifted
  [--screening-suspicious-shift <x>]   and besides by this where one slice of the vertebra comes out at P 0.5 or more
  [--screening-own-probability <p>]   a slice that alone is less likely malignant is not searched, whatever its neighbours say
  [--patch-spacing AP,SI,LR]       mm between rows, columns and slices; default 0.8,0.675,0.8 (the published model)
  [--licence <text>] [--source <text>] [--intended-use <text>] [--limit <text>]... [--provenance KEY=VALUE]...
  [--register]                     enter the model into the index.json beside it
  [--make-default]                 as --register, and make it the default
Exit codes: 0 done; 1 unexpected failure; 2 wrong arguments; 3 a file that cannot be used. Research use only.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

function screeningOf(
  within?: string,
  shift?: string,
  suspicious?: string,
  own?: string
): ModelDescription['screening'] {
  if ([within, shift, suspicious, own].every(value => value === undefined)) return undefined;
  const suspiciousVertebraShift = number(suspicious, 'screening-suspicious-shift');
  return {
    withinMm: number(within, 'screening-within') ?? 0,
    logitShift: number(shift, 'screening-logit-shift') ?? 0,
    ...(suspiciousVertebraShift === undefined ? {} : { suspiciousVertebraShift }),
    ...(own === undefined ? {} : { leastOwnProbability: number(own, 'screening-own-probability') }),
  };
}

void runCommand('models:convert', USAGE, async argv => {
  const options = parseOptions(
    {
      checkpoint: text,
      classifier: text,
      scaler: text,
      'classifier-json': text,
      config: text,
      out: text,
      precision: { type: 'string', default: 'float32' },
      id: text,
      name: text,
      version: text,
      description: text,
      licence: text,
      source: text,
      'intended-use': text,
      'target-probability': text,
      'attribution-threshold': text,
      'trained-width-fraction': text,
      'skip-below-threshold-by': text,
      'trust-above-threshold-by': text,
      'rescore-within': text,
      'patch-spacing': text,
      'screening-within': text,
      'screening-logit-shift': text,
      'screening-suspicious-shift': text,
      'screening-own-probability': text,
      'refine-outlines': flag,
      'least-slices-probability': text,
      'outline-across-slices': flag,
      'follow-lesions': flag,
      'least-difference': text,
      'least-slices': text,
      // Their former names.
      'known-width': text,
      'skip-margin': text,
      'refine-margin': text,
      limit: { type: 'string', multiple: true },
      provenance: { type: 'string', multiple: true },
      register: flag,
      'make-default': flag,
    },
    argv
  );
  const checkpoint = path(required(options.checkpoint, 'checkpoint'));
  const out = path(required(options.out, 'out'));
  const { precision } = options;
  if (precision !== 'float32' && precision !== 'float16-weights') {
    throw new UsageError(`--precision ${precision}: float32 or float16-weights`);
  }
  const id = options.id ?? basename(out);
  const description: ModelDescription = {
    ...DEFAULT_DESCRIPTION,
    ...given({
      version: options.version,
      description: options.description,
      patchSpacingMm: options['patch-spacing'] === undefined ? undefined : spacing(options['patch-spacing']),
      targetProbability: number(options['target-probability'], 'target-probability'),
      attributionThreshold: number(options['attribution-threshold'], 'attribution-threshold'),
      trainedWidthFraction: number(
        options['trained-width-fraction'] ?? options['known-width'],
        'trained-width-fraction'
      ),
      skipBelowThresholdBy: number(
        options['skip-below-threshold-by'] ?? options['skip-margin'],
        'skip-below-threshold-by'
      ),
      trustAboveThresholdBy: number(options['trust-above-threshold-by'], 'trust-above-threshold-by'),
      rescoreWithin: number(options['rescore-within'] ?? options['refine-margin'], 'rescore-within'),
      refineOutlines: options['refine-outlines'] || undefined,
      leastSlicesProbability: number(options['least-slices-probability'], 'least-slices-probability'),
      outlineAcrossSlices: options['outline-across-slices'] || undefined,
      followLesions: options['follow-lesions'] || undefined,
      leastDifference: number(options['least-difference'], 'least-difference'),
      leastSlices: number(options['least-slices'], 'least-slices'),
      screening: screeningOf(
        options['screening-within'],
        options['screening-logit-shift'],
        options['screening-suspicious-shift'],
        options['screening-own-probability']
      ),
      licence: options.licence,
      intendedUse: options['intended-use'],
      limits: options.limit,
    }),
    id,
    name: options.name ?? id,
    provenance: {
      source: options.source ?? basename(checkpoint),
      createdBy: CREATED_BY,
      ...Object.fromEntries((options.provenance ?? []).map(pair)),
    },
  };
  await convertModel({
    checkpoint,
    config: options.config && path(options.config),
    classifier: readClassifier(options),
    description,
    precision,
    out,
    onStep: what => process.stderr.write(`models:convert: ${what}\n`),
  });
  process.stdout.write(`${out}: written\n`);
  if (options.register || options['make-default']) {
    process.stdout.write(`${registerModel(out, id, options['make-default'])}: lists ${id}\n`);
  }
});

/** Paths count from where npm was called. */
function path(given: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), given);
}

function readClassifier(options: { classifier?: string; scaler?: string; 'classifier-json'?: string }) {
  const { classifier, scaler, 'classifier-json': json } = options;
  if (json && !classifier && !scaler) return classifierFromJson(path(json));
  if (classifier && scaler && !json) return classifierFromPickles(path(classifier), path(scaler));
  throw new UsageError('give either --classifier and --scaler, or --classifier-json');
}

/** The entries that have a value. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function number(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined;
  if (value.trim() === '' || Number.isNaN(Number(value)))
    throw new UsageError(`--${option} ${value}: a number is expected`);
  return Number(value);
}

function spacing(value: string): [number, number, number] {
  const numbers = value.split(',').map(Number);
  if (numbers.length !== 3 || numbers.some(Number.isNaN)) {
    throw new UsageError(`--patch-spacing ${value}: three numbers AP,SI,LR in mm`);
  }
  return numbers as [number, number, number];
}

function pair(value: string): [string, string] {
  const at = value.indexOf('=');
  if (at < 1) throw new UsageError(`--provenance ${value}: KEY=VALUE`);
  return [value.slice(0, at), value.slice(at + 1)];
}
