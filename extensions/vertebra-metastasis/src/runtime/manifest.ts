import { z } from 'zod';
import { InputError, PATCH_SIZE } from '../core';

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
export const fileEntry = z.object({ path: relativePath, sha256, bytes: z.int().positive() });
const millimetres = z.number().positive();
const numbers = z.array(z.number());
const fraction = z.number().gt(0).lt(1);

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
    name: z.string().min(1),
    version: z.string().min(1),
    description: z.string(),
    architecture: z.record(z.string(), z.unknown()),
    codeSize: z.int().positive(),
    conditioningSize: z.int().positive(),
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
        trainedWidthFraction: z.number().positive().max(1).optional(),
        /** See PatchSpec; absent: each slice alone. */
        screening: z
          .object({
            withinMm: z.number().nonnegative().max(50),
            logitShift: z.number().min(-30).max(30),
            suspiciousVertebraShift: z.number().min(0).max(30).optional(),
          })
          .optional(),
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
        targetProbability: fraction,
        attributionThreshold: z.number(),
        minPixels: z.int().positive(),
        /** See MethodOptions; absent: nothing is skipped. */
        skipBelowThresholdBy: z.number().positive().optional(),
        /** See MethodOptions; absent: nothing is refined. */
        rescoreWithin: z.number().positive().optional(),
        /** See MethodOptions; absent: outlines stay as published. */
        refineOutlines: z.boolean().optional(),
      })
    ),
    classifier: z.object({ mean: numbers, scale: numbers, coef: numbers, intercept: z.number() }),
    precision: z.enum(['float32', 'float16-weights']),
    files: z.object({
      encoder: fileEntry,
      timeConditioning: fileEntry,
      codeConditioning: fileEntry,
      noisePredictor: fileEntry,
      selfTest: fileEntry,
    }),
    licence: z.string().min(1),
    provenance: z.looseObject({ source: z.string(), checkpointSha256: z.string(), createdBy: z.string() }),
    intendedUse: z.string().min(1),
    limits: z.array(z.string()),
  })
  .superRefine((manifest, context) => {
    for (const field of ['mean', 'scale', 'coef'] as const) {
      const { length } = manifest.classifier[field];
      if (length !== manifest.codeSize) {
        const message = `has ${length} numbers, but codeSize is ${manifest.codeSize}`;
        context.addIssue({ code: 'custom', path: ['classifier', field], message });
      }
    }
    const zero = manifest.classifier.scale.indexOf(0);
    if (zero >= 0) {
      context.addIssue({ code: 'custom', path: ['classifier', 'scale', zero], message: 'must not be 0' });
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
    /** Manifest of the network that outlines vertebral bodies; without it edges alone are followed. */
    bodyOutline: relativePath.optional(),
  })
  .refine(index => index.models.some(({ id }) => id === index.default), {
    path: ['default'],
    message: 'must be the id of a listed model',
  });

/** models/index.json: the models that a viewer offers, each with the path of its manifest. */
export type ModelIndex = z.infer<typeof indexSchema>;

/** @throws InputError 'model-manifest' naming each wrong field */
export function parseManifest(json: unknown): ModelManifest {
  return parseWith(manifestSchema, json, 'model-manifest');
}

/** @throws InputError 'wrong-model-index' naming each wrong field */
export function parseModelIndex(json: unknown): ModelIndex {
  return parseWith(indexSchema, json, 'wrong-model-index');
}

/** Parses once at the edge. The error names every wrong field. */
export function parseWith<T>(
  schema: z.ZodType<T>,
  json: unknown,
  code: 'model-manifest' | 'wrong-model-index' | 'self-test-file'
): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(whole file)'}: ${message}`);
  throw new InputError(code, { problems });
}
