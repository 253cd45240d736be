/** Decompresses CT with the decoders that cornerstone uses in the viewer: the same file gives the same voxels in both. */
import charls from '@cornerstonejs/codec-charls/decodewasmjs';
import openjpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import openjph from '@cornerstonejs/codec-openjph/wasmjs';
import { InputError } from '@spine/core';
import { decodeRle, describe, type NaturalizedInstance, number, pixelFragments, transferSyntaxOf } from '@spine/dicom';
import { Decoder as JpegLossless } from 'jpeg-lossless-decoder-js';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** The decoders print what they read, and stdout is for results. Each makes this object its own: two cannot share one. */
const silent = () => ({ print: () => undefined, printErr: () => undefined });

type Decode = (frame: Uint8Array, image: NaturalizedInstance) => Promise<Uint8Array>;

const jpeg2000 = byDecoder(async () => new (await openjpeg(silent())).J2KDecoder());
const htj2k = byDecoder(async () => new (await openjph(silent())).HTJ2KDecoder());
const jpegLs = byDecoder(async () => new (await charls(silent())).JpegLSDecoder());
const jpegLossless: Decode = async (frame, image) => {
  const bytes = number(image, 'BitsAllocated') === 8 ? 1 : 2;
  const { buffer } = new JpegLossless().decode(frame.slice().buffer, 0, frame.length, bytes);
  return new Uint8Array(buffer);
};
const rle: Decode = async (frame, image) => decodeRle(frame, image);

/** By transfer syntax (PS3.5 A.4). 8-bit lossy JPEG is not among them: it cannot hold Hounsfield units. */
const CODECS: Readonly<Record<string, Decode>> = {
  '1.2.840.10008.1.2.4.57': jpegLossless,
  '1.2.840.10008.1.2.4.70': jpegLossless,
  '1.2.840.10008.1.2.4.80': jpegLs,
  '1.2.840.10008.1.2.4.81': jpegLs,
  '1.2.840.10008.1.2.4.90': jpeg2000,
  '1.2.840.10008.1.2.4.91': jpeg2000,
  '1.2.840.10008.1.2.4.201': htj2k,
  '1.2.840.10008.1.2.4.202': htj2k,
  '1.2.840.10008.1.2.4.203': htj2k,
  '1.2.840.10008.1.2.5': rle,
};

/**
 * The image with native pixel data; itself when it has that already, or is in a syntax without decoder here (`storedPixels`
 * names it then). The input is not modified.
 * @throws InputError 'undecodable-pixels' when the pixels cannot be decoded
 */
export async function decompressed(image: NaturalizedInstance): Promise<NaturalizedInstance> {
  const decode = CODECS[transferSyntaxOf(image)];
  if (!decode) return image;
  const frames = pixelFragments(image);
  const decoded: Uint8Array[] = [];
  for (const frame of frames) {
    try {
      decoded.push(await decode(frame, image));
    } catch (error) {
      // The decoders throw numbers as well as errors.
      const reason = error instanceof Error ? error.message : String(error);
      throw new InputError('undecodable-pixels', { object: describe(image), reason });
    }
  }
  const size = decoded.reduce((sum, { length }) => sum + length, 0);
  const pixels = new Uint8Array(size);
  decoded.reduce((at, frame) => (pixels.set(frame, at), at + frame.length), 0);
  return {
    ...image,
    PixelData: pixels.buffer,
    _meta: { ...(image._meta as object), TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN },
  };
}

/** A decoder is opened once, when it is first needed. */
function byDecoder(open: () => Promise<FrameDecoder>): Decode {
  let opened: Promise<FrameDecoder> | undefined;
  return async (frame, image) => {
    const decoder = await (opened ??= open());
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    const { width, height, componentCount } = decoder.getFrameInfo();
    if (width !== number(image, 'Columns') || height !== number(image, 'Rows') || componentCount !== 1) {
      throw new Error(`the compressed image is ${width} x ${height} with ${componentCount} component(s)`);
    }
    return decoder.getDecodedBuffer().slice();
  };
}
