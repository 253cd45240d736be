/** The hyper-parameters that fix the network's shapes, as stored in config.json and in the manifest. */
import { PATCH_SIZE } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import { z } from 'zod';

const count = z.int().positive();
const levels = z
  .array(count)
  .min(1)
  .refine(list => PATCH_SIZE % 2 ** (list.length - 1) === 0, `more levels than a ${PATCH_SIZE} pixel patch allows`);

const architectureSchema = z.strictObject({
  image_size: z.literal(PATCH_SIZE),
  in_channels: z.literal(1),
  out_channels: z.literal(1),
  /** Channels of the first convolution; a level has `model_channels * channel_mult[level]`. */
  model_channels: count.multipleOf(2),
  /** One entry per resolution level of the noise predictor, 64x64 first. */
  channel_mult: levels,
  /** The same of the semantic encoder. */
  enc_channel_mult: levels,
  /** Side lengths in pixels at which self-attention follows each residual block. */
  attention_resolutions: z.array(count).min(1),
  dropout: z.number().min(0).lt(1),
  /** Length of the timestep embedding. */
  embed_channels: count,
  /** Length of the semantic code z. */
  style_channels: count,
  /** Residual blocks per level. */
  num_res_blocks: count,
  enc_num_res_blocks: count,
});

/** Its keys are those of the authors' config.json; they are a file format, so they stay. */
export type Architecture = z.infer<typeof architectureSchema>;

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
