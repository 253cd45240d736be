import { z } from 'zod';
import { PATCH_SIZE } from '../core';

/** Far above the published network (64 channels, factors up to 8, codes of 512 numbers), far below what exhausts memory. */
const channels = z.int().positive().max(8192);
const perLevel = z.int().positive().max(64);
const levels = z
  .array(perLevel)
  .min(1)
  .refine(list => PATCH_SIZE % 2 ** (list.length - 1) === 0, `more levels than a ${PATCH_SIZE} pixel patch allows`);

/** The hyper-parameters that fix the network's shapes; the keys are those of the authors' config.json. */
export const architectureSchema = z.strictObject({
  image_size: z.literal(PATCH_SIZE),
  in_channels: z.literal(1),
  out_channels: z.literal(1),
  /** Channels of the first convolution; a level has `model_channels * channel_mult[level]`. */
  model_channels: channels.multipleOf(2),
  /** One entry per resolution level of the noise predictor, 64x64 first. */
  channel_mult: levels,
  /** The same of the semantic encoder. */
  enc_channel_mult: levels,
  /** Side lengths in pixels at which self-attention follows each residual block. */
  attention_resolutions: z.array(perLevel).min(1).max(7),
  dropout: z.number().min(0).lt(1),
  /** Length of the timestep embedding. */
  embed_channels: channels,
  /** Length of the semantic code z. */
  style_channels: channels,
  /** Residual blocks per level. */
  num_res_blocks: perLevel,
  enc_num_res_blocks: perLevel,
  /** Channels of each GroupNorm's groups; absent, as published: 32 groups, or as many as divide both 32 and the channels. */
  channels_per_group: perLevel.optional(),
});
export type Architecture = z.infer<typeof architectureSchema>;
