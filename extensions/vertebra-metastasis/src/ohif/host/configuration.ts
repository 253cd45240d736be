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
    /** Keeps drafts of unsaved reviews in the browser (patient data): cleared on save, on sign-out and after 24 hours. */
    drafts: z.boolean().default(true),
    /** Page of `npm run cohort -- --port`, on the viewer's own origin: studies that are opened are analysed first. */
    cohort: z.string().min(1).optional(),
    /** Seconds without any progress after which a transfer to or from the archive is given up. */
    archiveTimeoutSeconds: z.number().positive().max(3600).default(120),
  })
  .strict();

export type Configuration = z.infer<typeof configurationSchema> & {
  /** What is wrong with what the site configured: the defaults stand in for it, and no model is opened. */
  readonly problem?: InputError;
};

/** Never throws: a viewer that registers the extension would go on without it, and say nothing. */
export function parseConfiguration(json: unknown): Configuration {
  const parsed = configurationSchema.safeParse(json ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(whole)'}: ${message}`);
  return { ...configurationSchema.parse({}), problem: new InputError('configuration', { problems }) };
}
