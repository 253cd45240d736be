/** Numpy's dtypes and arrays, as far as they are numbers. */
import { CommandError } from '@spine/headless/cli';
import { MalformedPickle } from './reader';

/** A pickled numpy.dtype: its code ("f8") and, from its state, its byte order. */
export class NumpyDtype {
  private littleEndian = true;

  constructor(readonly code: string) {}

  /** @throws MalformedPickle for anything but a byte order of numpy */
  setByteOrder(order: unknown): void {
    if (typeof order !== 'string' || !['<', '>', '|', '='].includes(order)) {
      throw new MalformedPickle('an array of unknown byte order');
    }
    this.littleEndian = order !== '>';
  }

  /** Bytes of one number. @throws CommandError 'pickle-refused' for anything but plain numbers: an object array holds another pickle */
  get itemSize(): number {
    if (!READERS[this.code])
      throw new CommandError('pickle-refused', `refused, an array of "${this.code}"; only numbers are read`);
    return Number(this.code[1]);
  }

  read(view: DataView, index: number): number {
    return READERS[this.code](view, index * this.itemSize, this.littleEndian);
  }
}

const READERS: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number>> = {
  b1: (view, at) => Number(view.getUint8(at) !== 0),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** A numpy array in C order; empty until its state is known. */
export class NumpyArray {
  shape: readonly number[] = [];
  code = '';
  values: Float64Array = new Float64Array();
}
