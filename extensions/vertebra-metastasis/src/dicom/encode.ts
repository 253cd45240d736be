import { data } from 'dcmjs';
import { InputError } from '../core';
import { text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { privateElements } from './privateBlock';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Made once from a UUID (PS3.5 B.2); names this software in the file meta information. */
const IMPLEMENTATION_CLASS_UID = '2.25.178331203405410270431857329541703182417';
const IMPLEMENTATION_VERSION = 'SPINE_ONC_0.1';

/**
 * A part-10 file, Explicit VR Little Endian. The header is written by dcmjs; PixelData, always the last element here, are
 * appended as they are, so that a large SEG is copied once and not through dcmjs' stream of small buffers.
 * @param dataset as our writers return it; strings are written as UTF-8 (SpecificCharacterSet ISO_IR 192)
 */
export function encodeDataset(dataset: NaturalizedInstance): ArrayBuffer {
  const { PixelData, ...header } = dataset;
  const { DicomDict, DicomMetaDictionary } = data;
  const dict = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: text(dataset, 'SOPClassUID'),
      MediaStorageSOPInstanceUID: text(dataset, 'SOPInstanceUID'),
      TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: IMPLEMENTATION_VERSION,
    })
  );
  const { known, raw } = privateElements(header);
  dict.dict = { ...DicomMetaDictionary.denaturalizeDataset(known), ...raw };
  const head = new Uint8Array(dict.write());
  if (PixelData === undefined) return head.buffer;
  return appendPixelData(head, PixelData, Number(dataset.BitsAllocated) > 8 ? 'OW' : 'OB');
}

function appendPixelData(head: Uint8Array, value: unknown, vr: 'OB' | 'OW'): ArrayBuffer {
  const pixels = Array.isArray(value) ? value[0] : value;
  if (!(pixels instanceof ArrayBuffer)) throw new TypeError('PixelData must be an ArrayBuffer');
  const padded = pixels.byteLength + (pixels.byteLength % 2);
  if (padded > 0xfffffffe) {
    throw new InputError('too-large', { bytes: padded });
  }
  const file = new Uint8Array(head.byteLength + 12 + padded);
  file.set(head);
  const element = new DataView(file.buffer, head.byteLength, 12);
  element.setUint16(0, 0x7fe0, true);
  element.setUint16(2, 0x0010, true);
  element.setUint8(4, vr.charCodeAt(0));
  element.setUint8(5, vr.charCodeAt(1));
  element.setUint32(8, padded, true);
  file.set(new Uint8Array(pixels), head.byteLength + 12);
  return file.buffer;
}
