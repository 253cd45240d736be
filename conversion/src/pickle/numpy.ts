/** Numpy arrays as pickles and joblib files hold them; only plain numbers of fixed size are read. */
import { CommandError } from '@spine/headless/cli';
import { NumpyArray, NumpyDtype } from './numpyTypes';
import type { ByteReader } from './reader';
import { MalformedPickle } from './reader';
import { describe, PickleTuple, type PickleValue } from './values';

/** Numbers of one file's arrays together: a classifier on 512 numbers has some thousands. */
const MAX_NUMBERS = 4_000_000;

/** Makes arrays, and stops a file that asks for many times what it holds by naming the same bytes again and again. */
export class ArrayMaker {
  private made = 0;

  /** @throws MalformedPickle when the bytes are not as many as the shape needs */
  array(shape: readonly number[], dtype: PickleValue | undefined, fortran: boolean, bytes: Uint8Array): NumpyArray {
    const array = new NumpyArray();
    this.fill(array, shape, dtype, fortran, bytes);
    return array;
  }

  fill(
    array: NumpyArray,
    shape: readonly number[],
    dtype: PickleValue | undefined,
    fortran: boolean,
    bytes: Uint8Array
  ) {
    const kind = dtypeOf(dtype);
    const count = countOf(shape);
    if (bytes.length !== count * kind.itemSize) {
      throw new MalformedPickle(
        `truncated, an array of shape (${shape}) has ${bytes.length} of ${count * kind.itemSize} bytes`
      );
    }
    this.reserve(count);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    array.shape = shape;
    array.code = kind.code;
    array.values = Float64Array.from({ length: count }, (_, index) =>
      kind.read(view, fortran ? fortranIndex(index, shape) : index)
    );
  }

  /** The array that joblib wrote behind its wrapper: padding to an alignment, then the raw bytes. */
  afterWrapper(state: ReadonlyMap<PickleValue, PickleValue>, reader: ByteReader): NumpyArray {
    const shape = shapeOf(state.get('shape'));
    const dtype = dtypeOf(state.get('dtype'));
    if (state.get('numpy_array_alignment_bytes')) reader.take(reader.uint8());
    return this.array(shape, dtype, state.get('order') === 'F', reader.take(countOf(shape) * dtype.itemSize));
  }

  /** Counts numbers, or characters, that are about to be made. @throws CommandError 'pickle-refused' beyond what a model has */
  reserve(count: number): void {
    this.made += count;
    if (this.made > MAX_NUMBERS) {
      throw new CommandError('pickle-refused', `refused, its arrays hold more than ${MAX_NUMBERS} numbers`);
    }
  }
}

function dtypeOf(value: PickleValue | undefined): NumpyDtype {
  if (value instanceof NumpyDtype) return value;
  throw new MalformedPickle(`an array's dtype is a ${describe(value)}`);
}

const countOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Place in Fortran order of the number at `index` in C order. */
function fortranIndex(index: number, shape: readonly number[]): number {
  let rest = index;
  const coordinates = [...shape].reverse().map(size => {
    const coordinate = rest % size;
    rest = Math.floor(rest / size);
    return coordinate;
  });
  return coordinates.reduce((at, coordinate, fromLast) => at * shape[shape.length - 1 - fromLast] + coordinate, 0);
}

/** @throws MalformedPickle for anything but a short tuple of sizes */
export function shapeOf(value: PickleValue | undefined): readonly number[] {
  const items = value instanceof PickleTuple ? value.items : undefined;
  if (!items || items.length > 32 || !items.every(size => Number.isSafeInteger(size) && (size as number) >= 0)) {
    throw new MalformedPickle('an array of impossible shape');
  }
  return items as readonly number[];
}
