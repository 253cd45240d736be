/** The encoders of cornerstone's codecs; the packages ship no types. */
interface FrameEncoder {
  getDecodedBuffer(info: object): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}
declare module '@cornerstonejs/codec-charls/wasmjs' {
  export default function factory(options?: object): Promise<{ JpegLSEncoder: new () => FrameEncoder }>;
}
declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  export default function factory(options?: object): Promise<{ J2KEncoder: new () => FrameEncoder }>;
}
