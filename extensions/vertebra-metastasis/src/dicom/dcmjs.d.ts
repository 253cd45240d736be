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
  export const data: {
    DicomDict: typeof DicomDict;
    DicomMessage: { readFile(buffer: ArrayBuffer, options?: { noCopy?: boolean; ignoreErrors?: boolean }): DicomDict };
    DicomMetaDictionary: {
      naturalizeDataset(dict: Record<string, TagObject>): Record<string, unknown>;
      denaturalizeDataset(dataset: Record<string, unknown>): Record<string, TagObject>;
      nameMap: Record<string, { tag: string; vr: string } | undefined>;
    };
  };
}
