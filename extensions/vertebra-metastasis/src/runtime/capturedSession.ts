import * as ort from 'onnxruntime-web/webgpu';
import { PATCH_PIXELS } from '../core';
import type { GpuBuffer, GpuDevice } from './gpuDevice';
import { inputBuffer, readBuffer, stagingBuffer } from './gpuDevice';
import { openGpuStep } from './gpuStep';
import type { NoiseInputs, NoisePredictor, StepInputs } from './noisePredictor';
import { imageDims } from './noisePredictor';
import { createWebSession, webGpuOptions } from './webSession';

/**
 * The noise predictor with its graph captured: after the first run the commands for the graphics card are played back instead of
 * being made anew for each of the 640 dispatches. A captured graph has one batch, reads the buffers it was captured with and
 * writes its output where it wrote it first, so the buffers are kept; a smaller batch leaves the last images as they were.
 * The output is left to onnxruntime (onnxruntime-web 1.30 loses one that is given in advance from the second run on).
 * @param weights of noise_predictor.onnx
 * @param batchSize images of the captured graph
 * @param conditioningSize S of the model
 */
export async function openCapturedSession(
  weights: Uint8Array,
  batchSize: number,
  conditioningSize: number
): Promise<NoisePredictor> {
  const session = await createWebSession(weights, {
    ...webGpuOptions(),
    enableGraphCapture: true,
    freeDimensionOverrides: { batch: batchSize },
    preferredOutputLocation: 'gpu-buffer',
  });
  const device = (await ort.env.webgpu.device) as unknown as GpuDevice;
  const buffers: GpuBuffer[] = [];
  const input = (dims: readonly number[]) => {
    const buffer = inputBuffer(
      device,
      dims.reduce((product, size) => product * size, 1)
    );
    buffers.push(buffer);
    return { buffer, tensor: gpuTensor(buffer, dims), written: undefined as unknown };
  };
  const inputs = {
    noisy: input(imageDims(batchSize)),
    time_scale: input([1, conditioningSize]),
    time_shift: input([1, conditioningSize]),
    code_scale: input([batchSize, conditioningSize]),
  };
  const staging = stagingBuffer(device, batchSize * PATCH_PIXELS);
  buffers.push(staging);
  const step = openGpuStep(device, inputs.noisy.buffer, batchSize * PATCH_PIXELS);

  /** Conditioning tensors are kept by caches, so the same object need not be written again. */
  const write = (name: Exclude<keyof typeof inputs, 'noisy'>, tensor: ort.Tensor) => {
    if (inputs[name].written === tensor) return;
    device.queue.writeBuffer(inputs[name].buffer, 0, tensor.data as Float32Array);
    inputs[name].written = tensor;
  };

  /** At the images that lie in the buffer. */
  const run = async ({ time, codeScale }: Pick<NoiseInputs, 'time' | 'codeScale'>) => {
    write('time_scale', time.scale);
    write('time_shift', time.shift);
    write('code_scale', codeScale);
    const { noise } = await session.run({
      noisy: inputs.noisy.tensor,
      time_scale: inputs.time_scale.tensor,
      time_shift: inputs.time_shift.tensor,
      code_scale: inputs.code_scale.tensor,
    });
    return noise;
  };

  return {
    async predict({ batch, noisy, time, codeScale }: NoiseInputs) {
      device.queue.writeBuffer(inputs.noisy.buffer, 0, noisy);
      const noise = await run({ time, codeScale });
      try {
        return await readBuffer(device, noise.gpuBuffer as unknown as GpuBuffer, staging, batch * PATCH_PIXELS);
      } finally {
        noise.dispose();
      }
    },
    async advance({ batch, noisy, codeScale, steps }: StepInputs) {
      device.queue.writeBuffer(inputs.noisy.buffer, 0, noisy);
      for (const { time, ...move } of steps) {
        const noise = await run({ time, codeScale });
        step.queue(move, noise.gpuBuffer as unknown as GpuBuffer);
        noise.dispose();
      }
      return readBuffer(device, inputs.noisy.buffer, staging, batch * PATCH_PIXELS);
    },
    async release() {
      try {
        await session.release();
      } finally {
        step.destroy();
        for (const buffer of buffers) buffer.destroy();
      }
    },
  };
}

function gpuTensor(buffer: GpuBuffer, dims: readonly number[]): ort.Tensor {
  return ort.Tensor.fromGpuBuffer(buffer as unknown as ort.Tensor.GpuBufferType, { dataType: 'float32', dims });
}
