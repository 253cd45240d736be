/** A cursor over the bytes of a pickle. */

/** Thrown where a file ends early or its bytes make no sense; the caller names the file. */
export class MalformedPickle extends Error {}

/** Digits of one number in a text opcode, and characters of one name: real files have a handful. */
const MAX_LINE = 1 << 16;
/** Bytes of one integer; torch's random states have 8. */
const MAX_INTEGER_BYTES = 256;

export class ByteReader {
  private position = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next `length` bytes, not copied. @throws MalformedPickle when fewer are left */
  take(length: number): Uint8Array {
    return this.bytes.subarray(this.advance(length), this.position);
  }

  uint8 = () => this.view.getUint8(this.advance(1));
  uint16 = () => this.view.getUint16(this.advance(2), true);
  uint32 = () => this.view.getUint32(this.advance(4), true);
  int32 = () => this.view.getInt32(this.advance(4), true);
  float64BigEndian = () => this.view.getFloat64(this.advance(8));

  /** An 8-byte length. @throws MalformedPickle beyond what the file can hold */
  length64(): number {
    const length = this.view.getBigUint64(this.advance(8), true);
    if (length > BigInt(this.bytes.length)) throw new MalformedPickle(`it announces ${length} bytes in a smaller file`);
    return Number(length);
  }

  /** A line of a text opcode, without its end. */
  line(): string {
    const end = this.bytes.indexOf(10, this.position);
    if (end < 0 || end - this.position > MAX_LINE) throw new MalformedPickle('a line has no end');
    const text = Buffer.from(this.bytes.subarray(this.position, end)).toString('latin1');
    this.position = end + 1;
    return text;
  }

  utf8(length: number): string {
    return Buffer.from(this.take(length)).toString('utf8');
  }

  /** A little-endian two's complement integer; a number where that is exact. */
  integer(length: number): number | bigint {
    if (length > MAX_INTEGER_BYTES) throw new MalformedPickle(`an integer of ${length} bytes`);
    const digits = Buffer.from(this.take(length)).reverse().toString('hex');
    return exact(BigInt.asIntN(8 * length, BigInt(`0x${digits || '0'}`)));
  }

  private advance(length: number): number {
    const start = this.position;
    if (length < 0 || start + length > this.bytes.length) throw new MalformedPickle('it ends in the middle');
    this.position = start + length;
    return start;
  }
}

/** A number where it is exact, else a bigint. */
export function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The integer of a text opcode ("42", "42L"). @throws MalformedPickle */
export function integerOf(text: string): number | bigint {
  if (!/^[+-]?\d{1,400}L?$/.test(text)) throw new MalformedPickle(`${JSON.stringify(text.slice(0, 40))} is no integer`);
  return exact(BigInt(text.replace('L', '').replace('+', '')));
}
