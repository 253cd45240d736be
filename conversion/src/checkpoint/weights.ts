/** The averaged weights of a checkpoint in the published layout, read one tensor at a time. */
import { CommandError } from '@spine/headless/cli';
import { float32OfHalf } from '@spine/runtime/onnx/float16';
import { readPickle } from '../pickle/machine';
import { type PickleValue, TensorReference } from '../pickle/values';
import { CheckpointArchive, unusable } from './archive';
import { checkpointVocabulary, MAX_KEY } from './vocabulary';

/** The exponential moving average of the weights: the only part of a checkpoint used at inference. */
const EMA_PREFIX = 'ema_model.';
/** The published checkpoint's list of tensors has under a megabyte; a few with the optimiser's state. */
const MAX_PICKLE_BYTES = 64 * 2 ** 20;
/** Far above the published 91 million numbers, far below what would not fit into memory. */
const MAX_WEIGHTS = 500_000_000;

/** The numbers of one kind of storage: bytes each, and how they become float32. */
const STORAGES: Readonly<
  Record<string, { readonly bytes: number; readonly decode: (data: DataView, count: number) => Float32Array }>
> = {
  'torch.FloatStorage': {
    bytes: 4,
    decode: data => new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4),
  },
  'torch.DoubleStorage': { bytes: 8, decode: floats((data, i) => data.getFloat64(8 * i, true)) },
  'torch.HalfStorage': { bytes: 2, decode: floats((data, i) => float32OfHalf(data.getUint16(2 * i, true))) },
  'torch.BFloat16Storage': { bytes: 2, decode: floats((data, i) => floatOfBits(data.getUint16(2 * i, true) << 16)) },
};

export interface Weights {
  /** Shapes by name, without the prefix, in the file's order. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The numbers of one tensor in C order. @throws CommandError 'checkpoint-file' when they are damaged */
  read(name: string): Promise<Float32Array>;
  close(): void;
}

/**
 * Opens a checkpoint; nothing of it is executed, and its numbers are read only when asked for.
 * @throws CommandError 'checkpoint-file', naming the file and what is wrong with it
 */
export async function openWeights(path: string): Promise<Weights> {
  const archive = await CheckpointArchive.open(path);
  try {
    return await weightsOf(path, archive);
  } catch (error) {
    archive.close();
    if (error instanceof CommandError && error.code.startsWith('pickle-')) throw unusable(path, error.message);
    throw error;
  }
}

async function weightsOf(path: string, archive: CheckpointArchive): Promise<Weights> {
  if (
    archive.has('byteorder') &&
    Buffer.from(await archive.read('byteorder', 0, Math.min(16, archive.size('byteorder'))))
      .toString()
      .trim() !== 'little'
  ) {
    throw unusable(path, 'saved on a big-endian machine; save it again on another one');
  }
  if (archive.size('data.pkl') > MAX_PICKLE_BYTES) {
    throw unusable(path, `its list of tensors has more than ${MAX_PICKLE_BYTES} bytes, so it is no such model`);
  }
  const root = readPickle(await archive.read('data.pkl'), checkpointVocabulary());
  const tensors = averagedWeights(path, root);
  return {
    shapes: new Map([...tensors].map(([name, { shape }]) => [name, shape])),
    read: name => readTensor(path, archive, name, tensors.get(name)!),
    close: () => archive.close(),
  };
}

function averagedWeights(path: string, root: PickleValue): Map<string, TensorReference> {
  const state = root instanceof Map ? root.get('state_dict') : undefined;
  if (!(state instanceof Map)) {
    throw unusable(path, "holds no 'state_dict'; expected a checkpoint of the diffusion autoencoder");
  }
  const tensors = new Map<string, TensorReference>();
  let total = 0;
  for (const [key, value] of state) {
    if (typeof key !== 'string' || !key.startsWith(EMA_PREFIX) || !(value instanceof TensorReference)) continue;
    if (key.length > MAX_KEY)
      throw unusable(path, `a key of ${key.length} characters, ${JSON.stringify(key.slice(0, 40))}`);
    total += value.shape.reduce((product, size) => product * size, 1);
    tensors.set(key.slice(EMA_PREFIX.length), value);
  }
  if (!tensors.size) {
    throw unusable(path, `its state_dict has no keys '${EMA_PREFIX}*'; expected the diffusion autoencoder`);
  }
  if (!(total <= MAX_WEIGHTS)) throw unusable(path, `${total} weights; more than ${MAX_WEIGHTS} are not supported`);
  return tensors;
}

async function readTensor(path: string, archive: CheckpointArchive, name: string, tensor: TensorReference) {
  const { storage, offset, shape, strides } = tensor;
  const label = `${EMA_PREFIX}${name}`;
  const kind = STORAGES[storage.typeName];
  if (!kind) throw unusable(path, `${label} is stored as ${storage.typeName}; floating-point numbers are expected`);
  const count = shape.reduce((product, size) => product * size, 1);
  // First to last number within the storage; the extent of a tensor that repeats numbers is smaller than its count.
  const extent = count && shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], 1);
  if (offset + extent > storage.length || extent < count) {
    throw unusable(path, `${label} reaches beyond its storage of ${storage.length} numbers; the file is damaged`);
  }
  const bytes = await archive.read(`data/${storage.key}`, offset * kind.bytes, extent * kind.bytes);
  const values = kind.decode(new DataView(bytes.buffer), extent);
  const ordered = isContiguous(shape, strides) ? values : gather(values, shape, strides, count);
  if (!ordered.every(Number.isFinite)) {
    throw unusable(path, `${label} holds numbers that are not finite; the file is damaged`);
  }
  return ordered;
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}

function gather(
  values: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  count: number
): Float32Array {
  const index = shape.map(() => 0);
  return Float32Array.from({ length: count }, () => {
    const value = values[index.reduce((sum, i, axis) => sum + i * strides[axis], 0)];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
    return value;
  });
}

function floats(read: (data: DataView, index: number) => number) {
  return (data: DataView, count: number) => {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = read(data, i);
    return values;
  };
}

const scratch = new DataView(new ArrayBuffer(4));
function floatOfBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}
