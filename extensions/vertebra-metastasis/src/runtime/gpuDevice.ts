/** The parts of a GPUDevice that are used here; TypeScript's DOM library does not have them yet. */
export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number, offset: number, size: number): Promise<void>;
  getMappedRange(offset: number, size: number): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

/** Things that are only handed on. */
export type GpuPipeline = { getBindGroupLayout(index: number): object };
interface ComputePass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(count: number): void;
  end(): void;
}

interface CommandEncoder {
  beginComputePass(): ComputePass;
  copyBufferToBuffer(from: GpuBuffer, fromAt: number, to: GpuBuffer, toAt: number, size: number): void;
  finish(): unknown;
}

export interface GpuDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly queue: {
    writeBuffer(buffer: GpuBuffer, at: number, data: Float32Array): void;
    submit(commands: readonly unknown[]): void;
  };
  createBuffer(options: { readonly size: number; readonly usage: number }): GpuBuffer;
  createCommandEncoder(): CommandEncoder;
  createShaderModule(options: { readonly code: string }): object;
  createComputePipeline(options: {
    readonly layout: 'auto';
    readonly compute: { readonly module: object; readonly entryPoint: string };
  }): GpuPipeline;
  createBindGroup(options: {
    readonly layout: object;
    readonly entries: readonly { readonly binding: number; readonly resource: { readonly buffer: GpuBuffer } }[];
  }): object;
}

/** GPUBufferUsage and GPUMapMode, https://www.w3.org/TR/webgpu/#buffer-usage */
const [COPY_SRC, COPY_DST, UNIFORM, STORAGE, MAP_READ, MODE_READ] = [4, 8, 64, 128, 1, 1];

/** Shaders of onnxruntime read four floats at once, and past the end of a shorter buffer nothing: wrong numbers without an error. */
const ALIGNMENT = 16;

/** A buffer that a session reads and that is written from here. @param length in floats */
export function inputBuffer(device: GpuDevice, length: number): GpuBuffer {
  const size = ALIGNMENT * Math.ceil((4 * length) / ALIGNMENT);
  return device.createBuffer({ size, usage: COPY_SRC | COPY_DST | STORAGE });
}

/** A buffer for the few numbers that a kernel is given. @param length in floats */
export function uniformBuffer(device: GpuDevice, length: number): GpuBuffer {
  return device.createBuffer({ size: 4 * length, usage: COPY_DST | UNIFORM });
}

/** A buffer to read results through. @param length in floats */
export function stagingBuffer(device: GpuDevice, length: number): GpuBuffer {
  return device.createBuffer({ size: 4 * length, usage: COPY_DST | MAP_READ });
}

/** The first `length` floats of a buffer, once everything submitted before has run. */
export async function readBuffer(
  device: GpuDevice,
  buffer: GpuBuffer,
  staging: GpuBuffer,
  length: number
): Promise<Float32Array> {
  const size = 4 * length;
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(MODE_READ, 0, size);
  try {
    return new Float32Array(staging.getMappedRange(0, size).slice(0));
  } finally {
    staging.unmap();
  }
}
