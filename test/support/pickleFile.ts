/** Writes pickles of protocol 2, opcode by opcode, as `pickletools` names them: for tests that read them. */

const text = (value: string) => Buffer.from(value, 'utf8');
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

export type Pickled = Buffer;

/** One value each; put together by the containers. `pickleFile` makes the whole file. */
export const pickled = {
  text: (value: string): Pickled => Buffer.concat([text('X'), uint32(text(value).length), text(value)]),
  bytes: (value: Uint8Array): Pickled => Buffer.concat([text('B'), uint32(value.length), value]),
  integer: (value: number): Pickled => Buffer.concat([text('J'), uint32(value >>> 0)]),
  none: (): Pickled => text('N'),
  boolean: (value: boolean): Pickled => Buffer.from([value ? 0x88 : 0x89]),
  name: (module: string, name: string): Pickled => text(`c${module}\n${name}\n`),
  tuple: (...items: readonly Pickled[]): Pickled => Buffer.concat([text('('), ...items, text('t')]),
  list: (...items: readonly Pickled[]): Pickled => Buffer.concat([text(']('), ...items, text('e')]),
  dict: (...entries: readonly (readonly [Pickled, Pickled])[]): Pickled =>
    Buffer.concat([text('}('), ...entries.flat(), text('u')]),
  /** A call of a named function. */
  call: (name: Pickled, args: Pickled): Pickled => Buffer.concat([name, args, text('R')]),
  /** An instance of a named class with a state. */
  instance: (name: Pickled, state: Pickled): Pickled =>
    Buffer.concat([name, text(')'), Buffer.from([0x81]), state, text('b')]),
  persistent: (id: Pickled): Pickled => Buffer.concat([id, text('Q')]),
};

export function pickleFile(...values: readonly Pickled[]): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), ...values, text('.')]);
}

/** A numpy array of float64 or int64 as a plain pickle holds it. */
export function pickledArray(values: readonly number[], { shape = [values.length], code = 'f8' } = {}): Pickled {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) =>
    code === 'i8' ? bytes.writeBigInt64LE(BigInt(value), 8 * i) : bytes.writeDoubleLE(value, 8 * i)
  );
  const dtype = Buffer.concat([
    pickled.call(
      pickled.name('numpy', 'dtype'),
      pickled.tuple(pickled.text(code), pickled.integer(0), pickled.integer(1))
    ),
    pickled.tuple(
      pickled.integer(3),
      pickled.text('<'),
      ...Array(3).fill(pickled.none()),
      pickled.integer(-1),
      pickled.integer(-1),
      pickled.integer(0)
    ),
    text('b'),
  ]);
  const empty = pickled.call(
    pickled.name('numpy.core.multiarray', '_reconstruct'),
    pickled.tuple(pickled.name('numpy', 'ndarray'), pickled.tuple(pickled.integer(0)), pickled.bytes(text('b')))
  );
  const state = pickled.tuple(
    pickled.integer(1),
    pickled.tuple(...shape.map(pickled.integer)),
    dtype,
    pickled.boolean(false),
    pickled.bytes(bytes)
  );
  return Buffer.concat([empty, state, text('b')]);
}
