/** Recovers the architecture from the weights' names and shapes, for checkpoints that come without a config.json. */
import { PATCH_SIZE } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import { GROUPS_KEY } from './expectedShapes';
import { type Architecture, parseArchitecture, PUBLISHED_ARCHITECTURE } from './architecture';

type Shapes = ReadonlyMap<string, readonly number[]>;

/** What the keys say of one block: output channels, and the kinds of its layers. */
interface Block {
  channels: number;
  resBlocks: number;
  attention: boolean;
}

/** One reading of a list of blocks as levels. */
interface Fit {
  readonly multipliers: number[];
  readonly resBlocks: number;
  readonly attentionResolutions: readonly number[];
}

/**
 * Dropout leaves no trace in the weights and does nothing at inference, so it takes its usual value. The encoder's levels
 * are found by search, because its halving blocks look like any other; the noise predictor's are marked by the doubling ones.
 * @throws CommandError 'architecture' when no architecture, or more than one, fits
 */
export function inferArchitecture(shapes: Shapes, file: string): Architecture {
  const modelChannels = sizeOf(shapes, 'time_embed.time_embed.0.weight', 1, file);
  const unet = blocksUnder(shapes, 'input_blocks', file);
  const decoder = blocksUnder(shapes, 'output_blocks', file);
  const doubling = decoder.findIndex(({ resBlocks }) => resBlocks === 2);
  const perLevel = doubling < 0 ? decoder.length : doubling + 1;
  const layouts = fits(unet, modelChannels).filter(({ resBlocks }) => resBlocks + 1 === perLevel);
  const attention = [...new Set(layouts.flatMap(({ attentionResolutions }) => attentionResolutions))];
  const encoders = fits(blocksUnder(shapes, 'encoder.input_blocks', file), modelChannels).filter(
    ({ attentionResolutions }) => attentionResolutions.every(size => attention.includes(size))
  );
  if (layouts.length !== 1 || encoders.length !== 1) {
    throw new CommandError(
      'architecture',
      `${file}: the architecture cannot be inferred from the weights' shapes (${layouts.length} noise predictors and ${encoders.length} encoders fit): give it with --config config.json`
    );
  }
  const found = {
    ...PUBLISHED_ARCHITECTURE,
    model_channels: modelChannels,
    channel_mult: layouts[0].multipliers,
    enc_channel_mult: encoders[0].multipliers,
    // Without attention anywhere the resolutions are free: any that the network never reaches means the same.
    attention_resolutions: attention.length ? attention.sort((a, b) => a - b) : [1],
    embed_channels: sizeOf(shapes, 'time_embed.time_embed.2.weight', 0, file),
    style_channels: sizeOf(shapes, 'encoder.out.3.weight', 0, file),
    num_res_blocks: layouts[0].resBlocks,
    enc_num_res_blocks: encoders[0].resBlocks,
    ...(shapes.has(GROUPS_KEY) ? { channels_per_group: shapes.get(GROUPS_KEY)![0] } : {}),
  };
  return parseArchitecture(found, file);
}

function sizeOf(shapes: Shapes, name: string, axis: number, file: string): number {
  const size = shapes.get(name)?.[axis];
  if (!size) throw noAutoencoder(file, name);
  return size;
}

function noAutoencoder(file: string, missing: string): CommandError {
  return new CommandError(
    'architecture',
    `${file}: the weights are not those of a diffusion autoencoder: ema_model.${missing} is missing`
  );
}

/** The numbered blocks under `prefix`, in order. */
function blocksUnder(shapes: Shapes, prefix: string, file: string): Block[] {
  const pattern = new RegExp(
    `^${prefix.replace('.', '\\.')}\\.(\\d{1,4})\\.\\d{1,4}\\.(in_layers\\.2\\.weight|qkv\\.weight|weight)$`
  );
  const found = new Map<number, Block>();
  for (const [name, shape] of shapes) {
    const match = pattern.exec(name);
    if (!match) continue;
    const index = Number(match[1]);
    const block = found.get(index) ?? { channels: 0, resBlocks: 0, attention: false };
    found.set(index, block);
    if (match[2] === 'qkv.weight') block.attention = true;
    else {
      block.channels = shape[0] ?? 0;
      if (match[2] !== 'weight') block.resBlocks++;
    }
  }
  const blocks = Array.from({ length: found.size }, (_, index) => found.get(index));
  if (!blocks.length || !blocks.every(block => block !== undefined)) throw noAutoencoder(file, `${prefix}.*`);
  return blocks;
}

/** Every way to read `blocks` as a convolution and then levels of residual blocks with halving blocks between them. */
function fits(blocks: readonly Block[], modelChannels: number): Fit[] {
  const found: Fit[] = [];
  for (let perLevel = 2; perLevel <= blocks.length; perLevel++) {
    if (blocks.length % perLevel) continue;
    // One level: its residual blocks preceded by the first convolution or by the halving block that leads to it.
    const levels = Array.from({ length: blocks.length / perLevel }, (_, i) =>
      blocks.slice(i * perLevel, (i + 1) * perLevel)
    );
    const widths = levels.map(level => level.at(-1)!.channels);
    const fitting = levels.every((level, i) => {
      const { attention } = level.at(-1)!;
      return (
        level[0].channels === (widths[i - 1] ?? widths[0]) &&
        !level[0].attention &&
        level.slice(1).every(block => block.channels === widths[i] && block.attention === attention)
      );
    });
    if (!fitting || widths.some(width => width % modelChannels) || PATCH_SIZE % 2 ** (levels.length - 1)) continue;
    found.push({
      multipliers: widths.map(width => width / modelChannels),
      resBlocks: perLevel - 1,
      attentionResolutions: levels.flatMap((level, i) => (level.at(-1)!.attention ? [PATCH_SIZE >> i] : [])),
    });
  }
  return found;
}
