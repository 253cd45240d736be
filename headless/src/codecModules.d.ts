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
/** The builds that encode as well; tests make compressed images with them. */
interface FrameEncoder {
  /** Memory for the plain frame. */
  getDecodedBuffer(frame: object): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}
declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  export default function factory(options?: object): Promise<{ J2KEncoder: new () => FrameEncoder }>;
}
declare module '@cornerstonejs/codec-charls/wasmjs' {
  export default function factory(options?: object): Promise<{ JpegLSEncoder: new () => FrameEncoder }>;
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
