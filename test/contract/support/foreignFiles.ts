/** Files as other software writes them, made from our own: other encodings of the same elements. */
import { data } from 'dcmjs';
import { decodeFile, encodeDataset, type NaturalizedInstance } from '@spine/dicom';
import { deflateRaw } from 'pako';

const PREAMBLE = 132;
const EXPLICIT = '1.2.840.10008.1.2.1';

/** Part-10 bytes of a data set in another uncompressed transfer syntax, by dcmjs. */
export function implicitCopy(dataset: NaturalizedInstance): Uint8Array {
  return rewritten(new Uint8Array(encodeDataset(dataset)), '1.2.840.10008.1.2');
}

function rewritten(file: Uint8Array, transferSyntax: string): Uint8Array {
  const dict = data.DicomMessage.readFile(file.slice().buffer as ArrayBuffer);
  dict.meta['00020010'] = { vr: 'UI', Value: [transferSyntax] };
  return new Uint8Array(dict.write({ allowInvalidVRLength: true }));
}

/** Where the data set begins, after the meta information. */
export function datasetStart(file: Uint8Array): number {
  return PREAMBLE + 12 + new DataView(file.buffer, file.byteOffset).getUint32(PREAMBLE + 8, true);
}

/** The same file with its data set deflated (PS3.5 A.5). */
export function deflatedCopy(file: Uint8Array): Uint8Array {
  const start = datasetStart(file);
  const head = withSyntax(file.subarray(0, start), `${EXPLICIT}.99`);
  return join(head, deflateRaw(file.subarray(start)));
}

/** Meta information whose TransferSyntaxUID is another one. */
export function withSyntax(head: Uint8Array, transferSyntax: string): Uint8Array {
  const text = Buffer.from(head).toString('latin1');
  const at = text.indexOf('\x02\0\x10\0UI');
  const length = head[at + 6] | (head[at + 7] << 8);
  const value = transferSyntax.length % 2 ? `${transferSyntax}\0` : transferSyntax;
  const element = `\x02\0\x10\0UI${String.fromCharCode(value.length, 0)}${value}`;
  const copy = Buffer.from(text.slice(0, at) + element + text.slice(at + 8 + length), 'latin1');
  const view = new DataView(copy.buffer, copy.byteOffset);
  view.setUint32(PREAMBLE + 8, view.getUint32(PREAMBLE + 8, true) + value.length - length, true);
  return new Uint8Array(copy);
}

/** As old archives keep files: the data set alone, in Implicit VR. */
export function bareCopy(dataset: NaturalizedInstance): Uint8Array {
  const file = implicitCopy(dataset);
  return file.slice(datasetStart(file));
}

export function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

export const roundTrip = (dataset: NaturalizedInstance) => decodeFile(encodeDataset(dataset));
