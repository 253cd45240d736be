import { data, log } from 'dcmjs';
import { InputError } from '../core';
import { asSingleBytes, decodeText, decodeUndeclared, needsDecoding } from './characterSets';
import type { NaturalizedInstance } from './dataset';
import { isDecimalText } from './decimal';
import { openPart10 } from './part10';

// dcmjs tells the console what it thinks of value representations; whoever reads that can do nothing about it.
log.setLevel('silent', false);
log.getLogger('validation.dcmjs').setLevel('silent', false);

type Dict = Parameters<typeof data.DicomMetaDictionary.naturalizeDataset>[0];
type Element = Dict[string] & { _rawValue?: unknown };

/** A file as dcmjs keeps it: elements by tag (eight upper-case hex digits), text as Unicode. */
export interface ParsedFile {
  readonly meta: Dict;
  readonly dict: Dict;
  readonly transferSyntax: string;
}

/**
 * Parses a DICOM file, with or without preamble, in any transfer syntax (pixel data stay as they are, but for deflated
 * files) and any character set. Panel, command line and server all read files through this.
 * @throws InputError not-dicom, truncated (see `openPart10`)
 */
export function parsePart10(file: Uint8Array): ParsedFile {
  const { bytes, transferSyntax, characterSets } = openPart10(file);
  const terms = characterSets.map(({ start, length = 0 }) =>
    String.fromCharCode(...bytes.subarray(start, start + length)).replace(/[ \0]+$/, '')
  );
  const foreign = terms.find(needsDecoding);
  const readable = foreign === undefined ? bytes : asSingleBytes(bytes, characterSets);
  const whole = readable.byteOffset === 0 && readable.byteLength === readable.buffer.byteLength;
  const { meta, dict } = parsed(() =>
    data.DicomMessage.readFile((whole ? readable : readable.slice()).buffer as ArrayBuffer, { noCopy: true })
  );
  if (foreign !== undefined) decodeText(dict, foreign);
  else if (terms.every(term => term === '')) decodeUndeclared(dict);
  keepBadNumbers(dict);
  return { meta, dict, transferSyntax };
}

/**
 * Reads a part-10 file. `_meta` holds the naturalised file meta information.
 * @throws InputError not-dicom, truncated
 */
export function decodeFile(file: ArrayBuffer | Uint8Array): NaturalizedInstance {
  const { meta, dict, transferSyntax } = parsePart10(file instanceof Uint8Array ? file : new Uint8Array(file));
  const { naturalizeDataset } = data.DicomMetaDictionary;
  const dataset = naturalizeDataset(dict);
  dataset._meta = { ...naturalizeDataset(meta), TransferSyntaxUID: transferSyntax };
  return dataset;
}

/** As {@link decodeFile}; messages about the instance name `source` then. */
export function decodeNamedFile(file: ArrayBuffer | Uint8Array, source: string): NaturalizedInstance {
  return { ...decodeFile(file), _source: source };
}

/** A dataset as WADO-RS metadata gives it (DICOM JSON, PS3.18 F.2), keyed by keyword. */
export function decodeJson(json: Dict): NaturalizedInstance {
  return data.DicomMetaDictionary.naturalizeDataset(json);
}

/** dcmjs drops from a decimal string what it does not understand ("3,0" becomes 30); such text stays text here. */
function keepBadNumbers(dict: Dict): void {
  for (const [tag, element] of Object.entries(dict) as [string, Element][]) {
    if (element.vr === 'SQ') for (const item of element.Value ?? []) keepBadNumbers(item as Dict);
    if (element.vr !== 'DS' && element.vr !== 'IS') continue;
    const raw = element._rawValue;
    if (!Array.isArray(raw) || raw.every(text => typeof text !== 'string' || isDecimalText(text) || !text.trim()))
      continue;
    dict[tag] = { vr: element.vr, Value: raw };
  }
}

function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InputError('not-dicom', { reason: error instanceof Error ? error.message : String(error) });
  }
}
