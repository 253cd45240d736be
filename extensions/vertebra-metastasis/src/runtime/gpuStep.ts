/** The step of the reference's recurrence on the graphics card, so that images need not leave it between evaluations. */
import type { DdimStep } from '../core';
import { type GpuBuffer, type GpuDevice, uniformBuffer } from './gpuDevice';

const WORKGROUP = 64;
/** As `ddimStep` of core/method: the clean image from image and noise, clamped, and from it the image of the next step. */
const KERNEL = `
struct Step { reciprocal: f32, reciprocalMinusOne: f32, signal: f32, sigma: f32 }
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> noise: array<f32>;
@group(0) @binding(2) var<storage, read_write> image: array<f32>;
@compute @workgroup_size(${WORKGROUP}) fn advance(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= arrayLength(&image)) { return; }
  let scaled = step.reciprocal * image[i];
  let clean = clamp(scaled - step.reciprocalMinusOne * noise[i], -1.0, 1.0);
  image[i] = step.signal * clean + step.sigma * ((scaled - clean) / step.reciprocalMinusOne);
}`;

export interface GpuStep {
  /** Queues the step behind what was queued before: `images` in place, by the noise that is predicted for them. */
  queue(step: DdimStep, noise: GpuBuffer): void;
  destroy(): void;
}

/** @param length floats of `images` */
export function openGpuStep(device: GpuDevice, images: GpuBuffer, length: number): GpuStep {
  const module = device.createShaderModule({ code: KERNEL });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'advance' } });
  const uniform = uniformBuffer(device, 4);
  let bound: { readonly noise: GpuBuffer; readonly group: object } | undefined;
  const groupOf = (noise: GpuBuffer) => {
    if (bound?.noise !== noise) {
      const buffers = [uniform, noise, images];
      const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
      bound = { noise, group: device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }) };
    }
    return bound.group;
  };
  return {
    queue({ alphaBar, target }, noise) {
      const numbers = [1 / alphaBar, 1 / alphaBar - 1, target, 1 - target].map(Math.sqrt);
      device.queue.writeBuffer(uniform, 0, Float32Array.from(numbers));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, groupOf(noise));
      pass.dispatchWorkgroups(Math.ceil(length / WORKGROUP));
      pass.end();
      device.queue.submit([encoder.finish()]);
    },
    destroy: () => uniform.destroy(),
  };
}
