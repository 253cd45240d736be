/** Multiplications of one evaluation, as the plans say: what a device's speed is measured by. */
import type { Architecture } from './architecture';
import { encoderPlan, type Layer, noisePredictorPlan } from './plan';

/** Multiply-adds for one image; normalisation and the like, a few per cent, are not counted. */
export interface Multiplications {
  readonly noisePredictor: number;
  readonly encoder: number;
}

export function multiplications(architecture: Architecture): Multiplications {
  const { image_size: size, style_channels: codes } = architecture;
  const { inputBlocks, middleBlock, outputBlocks, channels } = noisePredictorPlan(architecture);
  const unet = ofLayers([...inputBlocks, middleBlock, ...outputBlocks].flat(), size);
  const { layers, channels: last, size: lastSize } = encoderPlan(architecture);
  return {
    noisePredictor: unet + 9 * channels * size * size,
    encoder: ofLayers(layers, size) + last * codes * lastSize * lastSize,
  };
}

function ofLayers(layers: readonly Layer[], imageSize: number): number {
  let size = imageSize;
  let sum = 0;
  for (const layer of layers) {
    if (layer.kind === 'attention') {
      const [pixels, { channels: c }] = [size * size, layer];
      sum += 4 * c * c * pixels + 2 * c * pixels * pixels;
      continue;
    }
    const { channelsIn: from, channelsOut: to } = layer;
    if (layer.kind === 'convolution') sum += 9 * from * to * size * size;
    else {
      if (layer.direction) size = layer.direction === 'up' ? 2 * size : size / 2;
      const perPixel = 9 * from * to + (layer.conditioned ? 9 * to * to : 0) + (from === to ? 0 : from * to);
      sum += perPixel * size * size;
    }
  }
  return sum;
}
