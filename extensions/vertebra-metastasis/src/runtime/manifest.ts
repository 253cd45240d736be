import { z } from 'zod';
import { InputError, PATCH_PIXELS, PATCH_SIZE } from '../core';
import { architectureSchema } from './architecture';

/** Only what core implements is accepted: another schedule or scaling would give numbers that look right and are wrong. */
const TRAIN_STEPS = 1000;
const BETA_START = 1e-4;
const BETA_END = 0.02;
const HIGH_PERCENTILE = 99.5;

/** A file below the model folder: no scheme, no absolute path, no step upwards. */
export const relativePath = z
  .string()
  .regex(/^(?!.*\.\.)[\w-][\w.-]*(\/[\w.-]+)*$/, 'must be a relative path inside the model folder');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lower-case hex digits');
/**
 * The bounds below are wider than any sensible model and stop what a browser would fail on later and less clearly. Those who
 * write a manifest hold to the same: vertebra_dae/manifest_check.py, tested with the same list (test/hostile/manifests.json).
 */
const MAX_FILE_BYTES = 2 ** 32;
export const fileEntry = z.object({ path: relativePath, sha256, bytes: z.int().positive().max(MAX_FILE_BYTES) });
export const millimetres = z.number().min(0.1).max(5);
/** Names and versions, which stand in lists and file names. */
export const label = z.string().min(1).max(200);
export const prose = z.string().max(5000);
const size = z.int().positive().max(65_536);
/** Standard deviations of codes are about 0.1; dividing by next to nothing gives infinite logits. */
const MIN_SCALE = 1e-9;
const logitPart = z.number().min(-1e6).max(1e6);
const numbers = z.array(logitPart);
/** Of the attribution score, whose range is about 0 to 1. */
const threshold = z.number().min(0).max(1);
const margin = z.number().gt(0).max(1);
const targetProbability = z.number().gt(0).lt(0.5);
/** 8 mm at the published slice distance: a larger demand would exclude most metastases. */
const MOST_LEAST_SLICES = 10;
export const provenance = z.looseObject({ source: prose, checkpointSha256: prose, createdBy: prose });
const weight = z.number().min(0).max(10);
const logit = z.number().min(-30).max(30);
const screening = z.object({
  withinMm: z.number().min(0).max(50),
  logitShift: logit,
  suspiciousVertebraShift: z.number().min(0).max(30).optional(),
  leastOwnProbability: z.number().min(0).max(0.5).optional(),
  /** See ScreeningNetworkUse; there if and only if files.screening is. */
  network: z
    .object({
      sliceSteps: z.tuple([z.literal(-4), z.literal(-2), z.literal(0), z.literal(2), z.literal(4)]),
      encoderWeight: weight,
      networkWeight: weight,
      leastKindLogit: logit.optional(),
    })
    .optional(),
});

/** Fields of manifests written by earlier converters, by section, with their present names. */
const FORMER_NAMES = {
  patch: { knownWidth: 'trainedWidthFraction' },
  method: { skipMargin: 'skipBelowThresholdBy', refineMargin: 'rescoreWithin' },
} as const;

/** The section with its former field names replaced. */
const renamed = (former: Readonly<Record<string, string>>) => (section: unknown) =>
  typeof section === 'object' && section !== null && !Array.isArray(section)
    ? Object.fromEntries(Object.entries(section).map(([name, value]) => [former[name] ?? name, value]))
    : section;

const manifestSchema = z
  .object({
    schemaVersion: z.literal(1),
    id: z.string().regex(/^[\w.-]+$/, 'must be letters, digits, ".", "_" or "-"'),
    name: label,
    version: label,
    description: prose,
    architecture: architectureSchema,
    codeSize: size,
    conditioningSize: size,
    patch: z.preprocess(
      renamed(FORMER_NAMES.patch),
      z.object({
        size: z.literal(PATCH_SIZE),
        spacingMm: z.object({
          anteriorPosterior: millimetres,
          superiorInferior: millimetres,
          leftRight: millimetres,
        }),
        rows: z.literal('anterior-posterior'),
        columns: z.literal('superior-inferior'),
        intensity: z.object({ low: z.literal('minimum'), highPercentile: z.literal(HIGH_PERCENTILE) }),
        /** See PatchSpec; absent: the whole width. */
        trainedWidthFraction: margin.optional(),
        /** See PatchSpec; absent: each slice alone. */
        screening: screening.optional(),
      })
    ),
    schedule: z.object({
      trainSteps: z.literal(TRAIN_STEPS),
      betaStart: z.literal(BETA_START),
      betaEnd: z.literal(BETA_END),
    }),
    method: z.preprocess(
      renamed(FORMER_NAMES.method),
      z.object({
        inversionSteps: z.int().positive().max(TRAIN_STEPS),
        renderSteps: z.int().positive().max(TRAIN_STEPS),
        targetProbability,
        attributionThreshold: threshold,
        minPixels: z.int().positive().max(PATCH_PIXELS),
        /** See MethodOptions; absent: nothing is skipped. */
        skipBelowThresholdBy: margin.optional(),
        /** See MethodOptions; absent: no estimate stands for a score. */
        trustAboveThresholdBy: margin.optional(),
        /** See MethodOptions; absent: nothing is refined. */
        rescoreWithin: margin.optional(),
        /** See MethodOptions; absent: outlines stay as published. */
        refineOutlines: z.boolean().optional(),
        /** See MethodOptions; absent: any change will do. */
        leastDifference: z.number().min(0).max(1).optional(),
        /** See MethodOptions; absent: one slice is enough. */
        leastSlices: z.int().min(1).max(MOST_LEAST_SLICES).optional(),
        /** See MethodOptions; absent: all slices count. */
        leastSlicesProbability: z.number().min(0).max(0.5).optional(),
        /** See MethodOptions; absent: each slice keeps its own outlines. */
        outlineAcrossSlices: z.boolean().optional(),
        /** See MethodOptions; absent: slices that screening calls healthy are never searched. */
        followLesions: z.boolean().optional(),
      })
    ),
    classifier: z.object({ mean: numbers, scale: numbers, coef: numbers, intercept: logitPart }),
    precision: z.enum(['float32', 'float16-weights']),
    files: z.object({
      encoder: fileEntry,
      timeConditioning: fileEntry,
      codeConditioning: fileEntry,
      noisePredictor: fileEntry,
      selfTest: fileEntry,
      /** The screening network (docs/screening.md); most models have none. */
      screening: fileEntry.optional(),
    }),
    licence: prose.min(1),
    provenance,
    intendedUse: prose.min(1),
    limits: z.array(prose).max(50),
  })
  .superRefine((manifest, context) => {
    const { codeSize, architecture, patch, files } = manifest;
    if ((patch.screening?.network === undefined) !== (files.screening === undefined)) {
      const message = 'belongs together with files.screening: both or neither';
      context.addIssue({ code: 'custom', path: ['patch', 'screening', 'network'], message });
    }
    if (codeSize !== architecture.style_channels) {
      const message = `is ${codeSize}, but architecture.style_channels is ${architecture.style_channels}`;
      context.addIssue({ code: 'custom', path: ['codeSize'], message });
    }
    for (const field of ['mean', 'scale', 'coef'] as const) {
      const { length } = manifest.classifier[field];
      if (length !== manifest.codeSize) {
        const message = `has ${length} numbers, but codeSize is ${manifest.codeSize}`;
        context.addIssue({ code: 'custom', path: ['classifier', field], message });
      }
    }
    const wrong = manifest.classifier.scale.findIndex(value => !(value >= MIN_SCALE));
    if (wrong >= 0) {
      context.addIssue({
        code: 'custom',
        path: ['classifier', 'scale', wrong],
        message: `must be at least ${MIN_SCALE}`,
      });
    }
    if (!manifest.classifier.coef.some(value => value !== 0)) {
      const message = 'all are 0, so there is no direction towards healthy';
      context.addIssue({ code: 'custom', path: ['classifier', 'coef'], message });
    }
  });

/** The description of a model folder, models/<id>/manifest.json. */
export type ModelManifest = z.infer<typeof manifestSchema>;
export type ModelFileEntry = z.infer<typeof fileEntry>;
export type ModelFileKey = keyof ModelManifest['files'];

const indexSchema = z
  .object({
    models: z.array(z.object({ id: z.string().min(1), path: relativePath })).min(1),
    default: z.string(),
    /** Models that a command of ours fetches; listed until they are there. */
    available: z
      .array(
        z.object({
          id: z.string().min(1),
          name: z.string().min(1),
          megabytes: z.number().positive(),
          runsOn: z.enum(['gpu', 'any']),
          command: z.string().min(1),
        })
      )
      .optional(),
    /** Manifest of the network that outlines vertebral bodies; without it edges alone are followed. */
    bodyOutline: relativePath.optional(),
  })
  .refine(index => index.models.some(({ id }) => id === index.default), {
    path: ['default'],
    message: 'must be the id of a listed model',
  });

/** models/index.json: the models that a viewer offers, each with the path of its manifest. */
export type ModelIndex = z.infer<typeof indexSchema>;

/** A model that is not there yet. */
export type AvailableModel = NonNullable<ModelIndex['available']>[number];

/** @throws InputError 'model-manifest' naming each wrong field */
export function parseManifest(json: unknown): ModelManifest {
  return parseWith(manifestSchema, json, 'model-manifest');
}

/** @throws InputError 'wrong-model-index' naming each wrong field */
export function parseModelIndex(json: unknown): ModelIndex {
  return parseWith(indexSchema, json, 'wrong-model-index');
}

/** A list of 512 numbers can be wrong 512 times. */
const SHOWN_PROBLEMS = 8;

/** Parses once at the edge. The error names the wrong fields. */
export function parseWith<T>(
  schema: z.ZodType<T>,
  json: unknown,
  code: 'model-manifest' | 'wrong-model-index' | 'self-test-file'
): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const problems = issues
    .slice(0, SHOWN_PROBLEMS)
    .map(({ path, message }) => `${path.join('.') || '(whole file)'}: ${message}`);
  if (issues.length > SHOWN_PROBLEMS) problems.push(`… (+${issues.length - SHOWN_PROBLEMS})`);
  throw new InputError(code, { problems });
}
