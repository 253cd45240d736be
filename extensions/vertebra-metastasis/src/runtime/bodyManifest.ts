import { z } from 'zod';
import { TISSUES } from '../core';
import { fileEntry, parseWith } from './manifest';

const cells = z.int().positive().multipleOf(4);
const bodyManifestSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('body-outline'),
  id: z.string().regex(/^[\w.-]+$/, 'must be letters, digits, ".", "_" or "-"'),
  name: z.string().min(1),
  version: z.string().min(1),
  description: z.string(),
  block: z.object({
    dims: z.tuple([cells, cells, cells]),
    spacingMm: z.number().positive(),
    windowHu: z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'must rise'),
  }),
  /** In the order of the network's output. */
  tissues: z.tuple(TISSUES.map(name => z.literal(name)) as [z.ZodLiteral, ...z.ZodLiteral[]]),
  files: z.object({ network: fileEntry, selfTest: fileEntry }),
  licence: z.string().min(1),
  provenance: z.looseObject({ source: z.string(), checkpointSha256: z.string(), createdBy: z.string() }),
  intendedUse: z.string().min(1),
  limits: z.array(z.string()),
});

/** The description of the folder of a network that outlines vertebral bodies, models/body/manifest.json. */
export type BodyManifest = z.infer<typeof bodyManifestSchema>;

const probes = z.object({ indices: z.array(z.int().min(0)).min(1), logits: z.array(z.number()).min(1) });
const bodySelfTestSchema = z.object({ tolerance: z.number().positive(), body: probes, tissue: probes });

/** What PyTorch computed, in float32, at some places of the outputs for the block of `bodyTestBlock`. */
export type BodySelfTest = z.infer<typeof bodySelfTestSchema>;

/** @throws InputError 'model-manifest' naming each wrong field */
export function parseBodyManifest(json: unknown): BodyManifest {
  return parseWith(bodyManifestSchema, json, 'model-manifest');
}

/** @throws InputError 'self-test-file' naming the wrong field */
export function parseBodySelfTest(json: unknown): BodySelfTest {
  return parseWith(bodySelfTestSchema, json, 'self-test-file');
}
