/**
 * The network as a list of blocks, from which both the checkpoint's keys and the graphs follow: a semantic encoder and a UNet
 * (Preechakul et al., CVPR 2022, after Dhariwal & Nichol 2021). Layer names are the checkpoint's.
 */
import type { Architecture } from './architecture';

export type Direction = 'up' | 'down';

/** Norm, SiLU, resampling, 3x3 convolution, plus the input; a conditioned one has a second, modulated half. */
export interface ResBlock {
  readonly kind: 'res';
  readonly name: string;
  readonly channelsIn: number;
  readonly channelsOut: number;
  readonly conditioned: boolean;
  readonly direction?: Direction;
}

export interface AttentionBlock {
  readonly kind: 'attention';
  readonly name: string;
  readonly channels: number;
}

/** 3x3 convolution. */
export interface Convolution {
  readonly kind: 'convolution';
  readonly name: string;
  readonly channelsIn: number;
  readonly channelsOut: number;
}

export type Layer = ResBlock | AttentionBlock | Convolution;

export interface EncoderPlan {
  readonly layers: readonly Layer[];
  /** Channels and side length in pixels before the head. */
  readonly channels: number;
  readonly size: number;
}

export interface NoisePredictorPlan {
  /** Each block's output is kept for the way up. */
  readonly inputBlocks: readonly (readonly Layer[])[];
  readonly middleBlock: readonly Layer[];
  /** Each takes the last kept output beside its input. */
  readonly outputBlocks: readonly (readonly Layer[])[];
  readonly channels: number;
}

/** Names the layers of one block `<block>.<index>`. */
class BlockNames {
  constructor(private readonly block: string) {}
  private index = 0;
  next = () => `${this.block}.${this.index++}`;
}

export function encoderPlan(architecture: Architecture): EncoderPlan {
  const { model_channels: base, enc_channel_mult: levels } = architecture;
  let channels = base * levels[0];
  let size: number = architecture.image_size;
  let block = 0;
  const layers: Layer[] = [
    { kind: 'convolution', name: `input_blocks.${block++}.0`, channelsIn: 1, channelsOut: channels },
  ];
  const res = (name: string, channelsOut: number, direction?: Direction) => {
    layers.push({ kind: 'res', name, channelsIn: channels, channelsOut, conditioned: false, direction });
    channels = channelsOut;
  };
  levels.forEach((multiplier, level) => {
    for (let i = 0; i < architecture.enc_num_res_blocks; i++) {
      const names = new BlockNames(`input_blocks.${block++}`);
      res(names.next(), base * multiplier);
      if (architecture.attention_resolutions.includes(size))
        layers.push({ kind: 'attention', name: names.next(), channels });
    }
    if (level < levels.length - 1) {
      res(`input_blocks.${block++}.0`, channels, 'down');
      size /= 2;
    }
  });
  res('middle_block.0', channels);
  layers.push({ kind: 'attention', name: 'middle_block.1', channels });
  res('middle_block.2', channels);
  return { layers, channels, size };
}

export function noisePredictorPlan(architecture: Architecture): NoisePredictorPlan {
  const { model_channels: base, channel_mult: levels, num_res_blocks: perLevel } = architecture;
  let channels = base * levels[0];
  let size: number = architecture.image_size;
  const inputBlocks: Layer[][] = [
    [{ kind: 'convolution', name: 'input_blocks.0.0', channelsIn: 1, channelsOut: channels }],
  ];
  const kept = [channels];
  const res = (name: string, channelsIn: number, channelsOut: number, direction?: Direction): ResBlock => {
    channels = channelsOut;
    return { kind: 'res', name, channelsIn, channelsOut, conditioned: true, direction };
  };
  const attends = () => architecture.attention_resolutions.includes(size);
  levels.forEach((multiplier, level) => {
    for (let i = 0; i < perLevel; i++) {
      const names = new BlockNames(`input_blocks.${inputBlocks.length}`);
      const block: Layer[] = [res(names.next(), channels, base * multiplier)];
      if (attends()) block.push({ kind: 'attention', name: names.next(), channels });
      inputBlocks.push(block);
      kept.push(channels);
    }
    if (level < levels.length - 1) {
      inputBlocks.push([res(`input_blocks.${inputBlocks.length}.0`, channels, channels, 'down')]);
      kept.push(channels);
      size /= 2;
    }
  });
  const middleBlock: Layer[] = [
    res('middle_block.0', channels, channels),
    { kind: 'attention', name: 'middle_block.1', channels },
    res('middle_block.2', channels, channels),
  ];
  const outputBlocks: Layer[][] = [];
  for (let level = levels.length - 1; level >= 0; level--) {
    for (let i = 0; i <= perLevel; i++) {
      const names = new BlockNames(`output_blocks.${outputBlocks.length}`);
      const block: Layer[] = [res(names.next(), channels + kept.pop()!, base * levels[level])];
      if (attends()) block.push({ kind: 'attention', name: names.next(), channels });
      if (level > 0 && i === perLevel) {
        block.push(res(names.next(), channels, channels, 'up'));
        size *= 2;
      }
      outputBlocks.push(block);
    }
  }
  return { inputBlocks, middleBlock, outputBlocks, channels };
}

/** The conditioned residual blocks in the order in which an evaluation meets them. */
export function conditionedBlocks(plan: NoisePredictorPlan): ResBlock[] {
  return [...plan.inputBlocks, plan.middleBlock, ...plan.outputBlocks]
    .flat()
    .filter((layer): layer is ResBlock => layer.kind === 'res' && layer.conditioned);
}

/** S, the length of the conditioning vectors: the sum of the conditioned blocks' channels. */
export function conditioningSize(architecture: Architecture): number {
  return conditionedBlocks(noisePredictorPlan(architecture)).reduce((sum, { channelsOut }) => sum + channelsOut, 0);
}
