/** A model folder of the published layout with few channels and random weights: small enough to train and evaluate in a test. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { convertModel } from '@spine/conversion/convert';
import { DEFAULT_DESCRIPTION, type Precision } from '@spine/conversion/model/manifest';
import { randomTensors, writeCheckpoint } from './checkpointFile';

const CODE = 16;
const ARCHITECTURE = {
  ...({ image_size: 64, in_channels: 1, out_channels: 1, dropout: 0 } as const),
  model_channels: 4,
  channel_mult: [1, 1, 2],
  enc_channel_mult: [1, 2, 2],
  attention_resolutions: [16],
  embed_channels: 8,
  style_channels: CODE,
  num_res_blocks: 1,
  enc_num_res_blocks: 1,
};

export async function writeSmallModel(folder: string, id: string, precision: Precision = 'float32'): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const checkpoint = join(folder, 'small.ckpt');
  writeCheckpoint(checkpoint, randomTensors(ARCHITECTURE, id));
  const values = (value: (i: number) => number) => Array.from({ length: CODE }, (_, i) => value(i));
  await convertModel({
    checkpoint,
    classifier: { mean: values(() => 0), scale: values(() => 1), coef: values(i => Math.sin(i + 1)), intercept: 0 },
    precision,
    out: folder,
    description: {
      ...DEFAULT_DESCRIPTION,
      id,
      name: id,
      targetProbability: 1e-2,
      limits: ['Trained on nothing.', 'Vertebral bodies only.'],
      provenance: { source: 'random numbers', createdBy: 'a test' },
    },
  });
}
