/** The part of dcmjs 0.52 this project calls; the package ships no types. */
declare module 'dcmjs' {
  /** One element of a DICOM JSON-like dataset, keyed by eight hex digits without comma. */
  interface TagObject {
    vr: string;
    Value?: unknown[];
  }
  class DicomDict {
    constructor(meta: Record<string, TagObject>);
    meta: Record<string, TagObject>;
    dict: Record<string, TagObject>;
    write(options?: { allowInvalidVRLength?: boolean }): ArrayBuffer;
  }
  interface Log {
    setLevel(level: 'silent' | 'warn', persist: boolean): void;
    getLogger(name: string): Log;
  }
  export const log: Log;
  export const data: {
    DicomDict: typeof DicomDict;
    DicomMessage: {
      readFile(
        buffer: ArrayBuffer,
        options?: { noCopy?: boolean; ignoreErrors?: boolean; untilTag?: string; includeUntilTagValue?: boolean }
      ): DicomDict;
    };
    DicomMetaDictionary: {
      naturalizeDataset(dict: Record<string, TagObject>): Record<string, unknown>;
      denaturalizeDataset(dataset: Record<string, unknown>): Record<string, TagObject>;
      nameMap: Record<string, { tag: string; vr: string } | undefined>;
    };
  };
}

/** The part of dicom-character-set 1.0 this project calls; the package ships no types. */
declare module 'dicom-character-set' {
  export function convertBytes(specificCharacterSet: string, bytes: Uint8Array, options: { vr: string }): string;
}
