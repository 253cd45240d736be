/** The part of cornerstone's WebAssembly decoders this project calls; the packages ship no types. */
interface FrameDecoder {
  /** Memory for the compressed frame. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned?: boolean };
  delete(): void;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  export default function factory(options?: object): Promise<{ J2KDecoder: new () => FrameDecoder }>;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  export default function factory(options?: object): Promise<{ HTJ2KDecoder: new () => FrameDecoder }>;
}
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  export default function factory(options?: object): Promise<{ JpegLSDecoder: new () => FrameDecoder }>;
}
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(
      buffer: ArrayBufferLike,
      offset: number,
      length: number,
      bytesPerSample: number
    ): { buffer: ArrayBufferLike };
  }
}
