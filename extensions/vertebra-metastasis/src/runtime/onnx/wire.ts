/**
 * Protocol Buffers' wire format (https://protobuf.dev/programming-guides/encoding), as far as changing a few fields of an ONNX file takes
 * it: fields that nobody asks for are copied as they are.
 */

/** Wire types. */
const [VARINT, FIXED64, DELIMITED, FIXED32] = [0, 1, 2, 5];

/** A field of a message. */
export interface Field {
  readonly number: number;
  /** With its tag: what copies it. */
  readonly whole: Uint8Array;
  /** Of a varint; it is exact up to 2^53. */
  readonly value: number;
  /** Of a text, bytes or message; empty otherwise. */
  readonly content: Uint8Array;
}

/** @throws RangeError for bytes that are no message */
export function readFields(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let [value, factor] = [0, 1];
    for (;;) {
      if (at >= message.length) throw new RangeError('a message of protobuf ends within a number');
      const byte = message[at++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  const none = message.subarray(0, 0);
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const wire = tag % 8;
    let [value, content] = [0, none];
    if (wire === VARINT) value = varint();
    else if (wire === FIXED64) at += 8;
    else if (wire === FIXED32) at += 4;
    else if (wire === DELIMITED) {
      const length = varint();
      content = message.subarray(at, at + length);
      at += length;
    } else throw new RangeError(`wire type ${wire} of protobuf is not known here`);
    if (at > message.length) throw new RangeError('a message of protobuf is cut off');
    fields.push({ number: Math.floor(tag / 8), whole: message.subarray(start, at), value, content });
  }
  return fields;
}

/** A field that holds a text, bytes or a message; a message may come in pieces. */
export function delimited(number: number, ...content: readonly (string | Uint8Array)[]): Uint8Array {
  const pieces = content.map(piece => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return joined(varintBytes(8 * number + DELIMITED), varintBytes(length), ...pieces);
}

export const varintField = (number: number, value: number): Uint8Array =>
  joined(varintBytes(8 * number + VARINT), varintBytes(value));

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export const text = (content: Uint8Array): string => new TextDecoder().decode(content);

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
