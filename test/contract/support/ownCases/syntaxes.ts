/** The same image in other transfer syntaxes (PS3.5 annex A), by encoders that are not ours where there is one. */
import charls from '@cornerstonejs/codec-charls/wasmjs';
import openjpeg from '@cornerstonejs/codec-openjpeg/wasmjs';
import openjph from '@cornerstonejs/codec-openjph/wasmjs';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeDataset, type NaturalizedInstance } from '@spine/dicom';
import { datasetStart, deflatedCopy, implicitCopy, join as joined, withSyntax } from '../foreignFiles';
import type { TRANSFER_SYNTAXES } from './results';

type Encode = (image: NaturalizedInstance) => Uint8Array | Promise<Uint8Array>;
const silent = () => ({ print: () => undefined, printErr: () => undefined });
const explicit: Encode = image => new Uint8Array(encodeDataset(image));

/** One fragment behind an empty offset table. */
function encapsulated(image: NaturalizedInstance, transferSyntax: string, frame: Uint8Array): Uint8Array {
  const plain = explicit({ ...image, PixelData: undefined }) as Uint8Array;
  const start = datasetStart(plain);
  const head = joined(withSyntax(plain.subarray(0, start), transferSyntax), plain.subarray(start));
  const length = frame.length + (frame.length % 2);
  const pixels = new Uint8Array(12 + 8 + 8 + length + 8);
  const view = new DataView(pixels.buffer);
  pixels.set([
    0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0, 0xe0,
  ]);
  view.setUint32(24, length, true);
  pixels.set(frame, 28);
  pixels.set([0xfe, 0xff, 0xdd, 0xe0], 28 + length);
  return joined(head, pixels);
}

function byEncoder(transferSyntax: string, open: () => Promise<FrameEncoder>): Encode {
  let opened: Promise<FrameEncoder> | undefined;
  return async image => {
    const encoder = await (opened ??= open());
    const info = { width: Number(image.Columns), height: Number(image.Rows), bitsPerSample: 16, componentCount: 1 };
    const isSigned = Number(image.PixelRepresentation) === 1;
    encoder
      .getDecodedBuffer({ ...info, isSigned, isUsingColorTransform: false })
      .set(new Uint8Array(image.PixelData as ArrayBuffer));
    encoder.encode();
    return encapsulated(image, transferSyntax, encoder.getEncodedBuffer().slice());
  };
}

/** RLE Lossless (PS3.5 annex G) with literal runs only: two planes, the high bytes first. */
const rle: Encode = image => {
  const bytes = new Uint8Array(image.PixelData as ArrayBuffer);
  const planes = [1, 0].map(offset => {
    const runs: number[] = [];
    for (let at = offset; at < bytes.length; at += 256) {
      const run = Array.from(
        { length: Math.min(128, Math.ceil((bytes.length - at) / 2)) },
        (_, n) => bytes[at + 2 * n]
      );
      runs.push(run.length - 1, ...run);
    }
    return Uint8Array.from(runs.length % 2 ? [...runs, 0x80] : runs);
  });
  const head = new Uint32Array(16);
  head.set([2, 64, 64 + planes[0].length]);
  return encapsulated(image, '1.2.840.10008.1.2.5', joined(new Uint8Array(head.buffer), joined(planes[0], planes[1])));
};

function byDcmtk(...command: string[]): Encode {
  return image => {
    const folder = mkdtempSync(join(tmpdir(), 'dcmtk-'));
    try {
      writeFileSync(join(folder, 'in.dcm'), explicit(image) as Uint8Array);
      execFileSync(command[0], [...command.slice(1), join(folder, 'in.dcm'), join(folder, 'out.dcm')], {
        stdio: 'pipe',
      });
      return new Uint8Array(readFileSync(join(folder, 'out.dcm')));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

/** By dcmtk. */
export const DCMTK_SYNTAXES: ReadonlySet<string> = new Set(['Explicit VR Big Endian', 'JPEG Lossless']);

export const SYNTAXES: Readonly<Record<(typeof TRANSFER_SYNTAXES)[number], Encode>> = {
  'Implicit VR Little Endian': implicitCopy,
  'Deflated Explicit VR': image => deflatedCopy(explicit(image) as Uint8Array),
  'RLE Lossless': rle,
  'JPEG-LS Lossless': byEncoder('1.2.840.10008.1.2.4.80', async () => new (await charls(silent())).JpegLSEncoder()),
  'JPEG 2000 Lossless': byEncoder('1.2.840.10008.1.2.4.90', async () => new (await openjpeg(silent())).J2KEncoder()),
  'High-Throughput JPEG 2000 Lossless': byEncoder(
    '1.2.840.10008.1.2.4.201',
    async () => new ((await openjph(silent())) as unknown as { HTJ2KEncoder: new () => FrameEncoder }).HTJ2KEncoder()
  ),
  'Explicit VR Big Endian': byDcmtk('dcmconv', '+te'),
  'JPEG Lossless': byDcmtk('dcmcjpeg', '+e1', '+un'),
};
