import { z } from 'zod';
import { TISSUES } from '../core';
import { fileEntry, label, millimetres, parseWith, prose, provenance } from './manifest';
import { tolerance } from './selfTest';

/** A block of 256 cells a side has 16.8 million numbers, and the network some dozen times as many. */
const cells = z.int().positive().multipleOf(4).max(256);
const hu = z.number().min(-32_768).max(32_767);
const bodyManifestSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('body-outline'),
  id: z.string().regex(/^[\w.-]+$/, 'must be letters, digits, ".", "_" or "-"'),
  name: label,
  version: label,
  description: prose,
  block: z.object({
    dims: z.tuple([cells, cells, cells]),
    spacingMm: millimetres,
    windowHu: z.tuple([hu, hu]).refine(([low, high]) => low < high, 'must rise'),
  }),
  /** In the order of the network's output. */
  tissues: z.tuple(TISSUES.map(name => z.literal(name)) as [z.ZodLiteral, ...z.ZodLiteral[]]),
  files: z.object({ network: fileEntry, selfTest: fileEntry }),
  licence: prose.min(1),
  provenance,
  intendedUse: prose.min(1),
  limits: z.array(prose).max(50),
});

/** The description of the folder of a network that outlines vertebral bodies, models/body/manifest.json. */
export type BodyManifest = z.infer<typeof bodyManifestSchema>;

const probes = z.object({ indices: z.array(z.int().min(0)).min(1), logits: z.array(z.number()).min(1) });
const bodySelfTestSchema = z.object({ tolerance, body: probes, tissue: probes });

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
