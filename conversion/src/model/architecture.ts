/** The hyper-parameters that fix the network's shapes, as stored in config.json and in the manifest. */
import { PATCH_SIZE } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import { type Architecture, architectureSchema } from '@spine/runtime/architecture';

export type { Architecture };

/** The published model (Atad et al., arXiv 2512.06849; `src/templates.py` of the authors' code at commit 8b8c647). */
export const PUBLISHED_ARCHITECTURE: Architecture = {
  image_size: PATCH_SIZE,
  in_channels: 1,
  out_channels: 1,
  model_channels: 64,
  channel_mult: [1, 2, 4, 8],
  enc_channel_mult: [1, 2, 4, 8, 8],
  attention_resolutions: [16],
  dropout: 0.1,
  embed_channels: 512,
  style_channels: 512,
  num_res_blocks: 2,
  enc_num_res_blocks: 2,
};

/** @throws CommandError 'architecture' naming the file and each wrong field */
export function parseArchitecture(json: unknown, file: string): Architecture {
  const parsed = architectureSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(whole file)'}: ${message}`);
  throw new CommandError('architecture', `${file}: no architecture that is known here. ${problems.join('; ')}`);
}
