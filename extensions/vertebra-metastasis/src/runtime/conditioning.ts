import type { Tensor } from 'onnxruntime-web';
import type { NoiseTime, TimeBlend } from '../core';
import type { OrtSession, TensorFactory } from './session';
import { floatOutput } from './session';

/** More than every timestep of the reference's two schedules (325) together with any fast one. */
const MAX_TIMESTEPS = 1100;
/** A slice alternates between few codes: its own, its healthy one, and a batch of composites; slices side by side that fall out of step, between more. */
const MAX_CODES = 8;

/** The conditioning of every block by the timestep, GroupNorm's affine part folded in; each tensor is [1, S]. */
export interface TimeConditioning {
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** Remembers what depends on the timestep alone, so that a schedule costs it once and not at every evaluation. */
export class TimeConditioningCache {
  private readonly known = new Map<number, TimeConditioning>();
  private blended = new WeakMap<TimeBlend, TimeConditioning>();

  constructor(
    private readonly session: OrtSession,
    private readonly createTensor: TensorFactory,
    private readonly size: number
  ) {}

  async at(time: NoiseTime): Promise<TimeConditioning> {
    if (typeof time === 'number') {
      await this.prepare([time]);
      return this.known.get(time)!;
    }
    const found = this.blended.get(time);
    if (found) return found;
    await this.prepare(time.timesteps);
    const parts = time.timesteps.map(timestep => this.known.get(timestep)!);
    const blend = {
      scale: this.weighted(
        parts.map(({ scale }) => scale),
        time.weights
      ),
      shift: this.weighted(
        parts.map(({ shift }) => shift),
        time.weights
      ),
    };
    this.blended.set(time, blend);
    return blend;
  }

  private weighted(tensors: readonly Tensor[], weights: readonly number[]): Tensor {
    const sum = new Float64Array(this.size);
    tensors.forEach((tensor, k) => {
      const values = tensor.data as Float32Array;
      for (let i = 0; i < sum.length; i++) sum[i] += weights[k] * values[i];
    });
    return this.createTensor(Float32Array.from(sum), [1, this.size]);
  }

  /** Computes all timesteps not known yet in one run. */
  async prepare(timesteps: readonly number[]): Promise<void> {
    const missing = [...new Set(timesteps)].filter(timestep => !this.known.has(timestep));
    if (missing.length === 0) return;
    const outputs = await this.session.run({
      timestep: this.createTensor(Float32Array.from(missing), [missing.length]),
    });
    const dims = [missing.length, this.size];
    const scales = floatOutput(outputs, 'time_scale', dims);
    const shifts = floatOutput(outputs, 'time_shift', dims);
    if (this.known.size + missing.length > MAX_TIMESTEPS) this.known.clear();
    missing.forEach((timestep, row) => {
      const part = (all: Float32Array) => all.slice(row * this.size, (row + 1) * this.size);
      this.known.set(timestep, {
        scale: this.createTensor(part(scales), [1, this.size]),
        shift: this.createTensor(part(shifts), [1, this.size]),
      });
    });
  }

  clear(): void {
    this.known.clear();
    this.blended = new WeakMap();
  }
}

/** Remembers what depends on the semantic codes alone. Compared by content: a caller may reuse its array. */
export class CodeConditioningCache {
  private entries: { codes: Float32Array; scale: Tensor }[] = [];

  constructor(
    private readonly session: OrtSession,
    private readonly createTensor: TensorFactory,
    private readonly codeSize: number,
    private readonly size: number
  ) {}

  /** @returns code_scale [batch, S] */
  async of(codes: Float32Array, batch: number): Promise<Tensor> {
    const found = this.entries.find(entry => sameNumbers(entry.codes, codes));
    if (found) return found.scale;
    const own = codes.slice();
    const outputs = await this.session.run({ code: this.createTensor(own, [batch, this.codeSize]) });
    const dims = [batch, this.size];
    const scale = this.createTensor(floatOutput(outputs, 'code_scale', dims), dims);
    this.entries = [{ codes: own, scale }, ...this.entries].slice(0, MAX_CODES);
    return scale;
  }

  clear(): void {
    this.entries = [];
  }
}

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
