import { z } from 'zod';
import { InputError } from '../../core';

/** What a site may set in OHIF's app-config for this extension: `[extension, { assetBase, models, preferred, ... }]`. */
const configurationSchema = z
  .object({
    /** Folder with worker.js, ort/ and models/; default: where the extension's script came from. */
    assetBase: z.string().min(1).optional(),
    /** Further models besides models/index.json. */
    models: z.array(z.object({ id: z.string().min(1), manifestUrl: z.string().min(1) })).default([]),
    /** Id of the model to start with; default: the one models/index.json names. */
    defaultModel: z.string().optional(),
    /** Where to run: 'auto' takes WebGPU when it proves itself. */
    preferred: z.enum(['auto', 'webgpu', 'wasm']).default('auto'),
    /** Seconds without any progress after which a transfer to or from the archive is given up. */
    archiveTimeoutSeconds: z.number().positive().max(3600).default(120),
  })
  .strict();

export type Configuration = z.infer<typeof configurationSchema>;

const DEFAULT_ASSET_BASE = '/plugins/vertebra-metastasis/';
/** A UMD bundle can ask who loaded it only while it runs, so this is read at once. */
const scriptUrl =
  typeof document === 'undefined' ? undefined : (document.currentScript as HTMLScriptElement | null)?.src;

/** @throws InputError 'configuration' naming each wrong field */
export function parseConfiguration(json: unknown): Configuration {
  const parsed = configurationSchema.safeParse(json ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(whole)'}: ${message}`);
  throw new InputError(
    'configuration',
    `The configuration of the vertebra-metastasis extension is wrong: ${problems.join('; ')}.`
  );
}

/** Always ends in a slash. */
export function assetBase({ assetBase: configured }: Configuration): string {
  const base = configured ?? (scriptUrl ? new URL('.', scriptUrl).href : DEFAULT_ASSET_BASE);
  return base.endsWith('/') ? base : `${base}/`;
}
