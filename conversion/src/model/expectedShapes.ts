/** The keys and shapes that a checkpoint of an architecture has. */
import { CommandError } from '@spine/headless/cli';
import type { Architecture } from './architecture';
import { encoderPlan, type Layer, noisePredictorPlan } from './plan';

type Shapes = Map<string, readonly number[]>;

/** A tensor of a checkpoint that is no weight: its length is `channels_per_group`, which no other shape tells. Absent: as published. */
export const GROUPS_KEY = 'channels_per_group';

export function expectedShapes(architecture: Architecture): ReadonlyMap<string, readonly number[]> {
  const { model_channels, embed_channels, style_channels, channels_per_group } = architecture;
  const shapes: Shapes = new Map();
  const both = (name: string, weight: readonly number[]) => {
    shapes.set(`${name}.weight`, weight);
    shapes.set(`${name}.bias`, [weight[0]]);
  };
  both('time_embed.time_embed.0', [embed_channels, model_channels]);
  both('time_embed.time_embed.2', [embed_channels, embed_channels]);
  const unet = noisePredictorPlan(architecture);
  for (const layer of [...unet.inputBlocks, unet.middleBlock, ...unet.outputBlocks].flat()) addLayer('', layer);
  both('out.0', [unet.channels]);
  both('out.2', [1, unet.channels, 3, 3]);
  const encoder = encoderPlan(architecture);
  for (const layer of encoder.layers) addLayer('encoder.', layer);
  both('encoder.out.0', [encoder.channels]);
  both('encoder.out.3', [style_channels, encoder.channels, 1, 1]);
  if (channels_per_group !== undefined) shapes.set(GROUPS_KEY, [channels_per_group]);
  return shapes;

  function addLayer(prefix: string, layer: Layer): void {
    const name = prefix + layer.name;
    if (layer.kind === 'convolution') {
      both(name, [layer.channelsOut, layer.channelsIn, 3, 3]);
    } else if (layer.kind === 'attention') {
      both(`${name}.norm`, [layer.channels]);
      both(`${name}.qkv`, [3 * layer.channels, layer.channels, 1]);
      both(`${name}.proj_out`, [layer.channels, layer.channels, 1]);
    } else {
      const { channelsIn, channelsOut } = layer;
      both(`${name}.in_layers.0`, [channelsIn]);
      both(`${name}.in_layers.2`, [channelsOut, channelsIn, 3, 3]);
      if (channelsIn !== channelsOut) both(`${name}.skip_connection`, [channelsOut, channelsIn, 1, 1]);
      if (!layer.conditioned) return;
      both(`${name}.emb_layers.1`, [2 * channelsOut, embed_channels]);
      both(`${name}.cond_emb_layers.1`, [channelsOut, style_channels]);
      both(`${name}.out_layers.0`, [channelsOut]);
      both(`${name}.out_layers.3`, [channelsOut, channelsOut, 3, 3]);
    }
  }
}

/** @throws CommandError 'checkpoint-file' naming the first few weights that are missing, unknown or of another shape */
export function checkShapes(
  file: string,
  found: ReadonlyMap<string, readonly number[]>,
  architecture: Architecture
): void {
  const expected = expectedShapes(architecture);
  const problems: string[] = [];
  for (const [name, shape] of expected) {
    const actual = found.get(name);
    if (!actual) problems.push(`ema_model.${name} is missing`);
    else if (actual.join() !== shape.join()) {
      problems.push(`ema_model.${name} has shape (${actual.join(', ')}), not (${shape.join(', ')})`);
    }
  }
  for (const name of found.keys()) if (!expected.has(name)) problems.push(`ema_model.${name} is unknown`);
  if (!problems.length) return;
  throw new CommandError(
    'checkpoint-file',
    `${file}: ${problems.length} weights do not fit the architecture: ${problems.slice(0, 3).join('; ')}`
  );
}
