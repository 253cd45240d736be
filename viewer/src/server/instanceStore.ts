import { readdirSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { type JsonDataset, toDicomJson } from './dicomJson';
import { commit, type IncomingFile, isIncoming, removeLeftovers, sha256Of } from './incoming';
import { firstString, hasPreamble, type Part10File, readPart10 } from './part10';

/** One SOP instance: its metadata in memory, its pixels in the file. */
export interface StoredInstance {
  file: string;
  studyUid: string;
  seriesUid: string;
  sopUid: string;
  sopClassUid: string;
  transferSyntaxUid: string;
  metadata: JsonDataset;
}

export interface ScanResult {
  loaded: number;
  /** Files that are not DICOM at all. */
  notDicom: number;
  /** DICOM files that could not be used, and why. */
  unreadable: { file: string; reason: string }[];
}

type Series = Map<string, StoredInstance>;
type Study = Map<string, Series>;

const uidPattern = /^[0-9]+(\.[0-9]+)*$/;
export const isUid = (uid: string): boolean => uid.length <= 64 && uidPattern.test(uid);

/** The identifiers every instance must have, checked so that they are also safe as file names. */
export function identify({ meta, dataset }: Part10File): Omit<StoredInstance, 'file' | 'metadata'> {
  const uid = (keyword: string, tag: string) => {
    const value = firstString(dataset, tag);
    if (!value) throw new Error(`${keyword} is missing`);
    if (!isUid(value)) throw new Error(`${keyword} is not a UID: ${value}`);
    return value;
  };
  return {
    studyUid: uid('StudyInstanceUID', '0020000D'),
    seriesUid: uid('SeriesInstanceUID', '0020000E'),
    sopUid: uid('SOPInstanceUID', '00080018'),
    sopClassUid: uid('SOPClassUID', '00080016'),
    transferSyntaxUid: firstString(meta, '00020010') ?? '1.2.840.10008.1.2',
  };
}

/** Everything the server holds: read-only folders given by the user, and one folder that takes what is stored. */
export class InstanceStore {
  private readonly studies = new Map<string, Study>();
  private readonly bySop = new Map<string, StoredInstance>();

  /** @param baseUrl path of the DICOMweb root, e.g. /dicomweb */
  constructor(
    readonly baseUrl: string,
    readonly storeFolder: string
  ) {
    removeLeftovers(storeFolder);
  }

  /** Adds every DICOM file below `folder`, without keeping pixel data in memory. */
  async scan(folder: string): Promise<ScanResult> {
    const result: ScanResult = { loaded: 0, notDicom: 0, unreadable: [] };
    const own = folder === this.storeFolder;
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    for (const file of entries.map(entry => join(entry.parentPath, entry.name)).sort()) {
      if (own && isIncoming(relative(folder, file))) continue;
      try {
        if (!(await startsAsDicom(file))) {
          // Nobody but this server writes here: what is no DICOM has been damaged.
          if (own) throw new Error('it is no DICOM file');
          result.notDicom++;
          continue;
        }
        const parsed = readPart10(await readFile(file));
        const { sopUid } = identify(parsed);
        if (this.bySop.has(sopUid))
          throw new Error(`SOP instance ${sopUid} was already read from ${this.bySop.get(sopUid)!.file}`);
        this.register(parsed, file);
        result.loaded++;
      } catch (error) {
        result.unreadable.push({ file, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    return result;
  }

  /**
   * Makes a received file an instance. Callers take turns: see storeInstances.
   * @returns the instance, and whether it is the one received or one that was there before with other content
   */
  async save(file: IncomingFile, parsed: Part10File): Promise<{ instance: StoredInstance; same: boolean }> {
    const { studyUid, seriesUid, sopUid } = identify(parsed);
    const known = this.bySop.get(sopUid);
    const knownHash = known && (await sha256Of(known.file).catch(ifMissing));
    if (known && knownHash !== undefined) return { instance: known, same: knownHash === file.sha256 };
    const place = join(this.storeFolder, studyUid, seriesUid, `${sopUid}.dcm`);
    if (!(await commit(file, place))) {
      const other = await this.adopt(place, sopUid);
      if (other) return { instance: other, same: (await sha256Of(place)) === file.sha256 };
      // It was damaged after it had been stored. It is kept, in case someone can still make use of it.
      await rename(place, `${place}.damaged-${Date.now()}`);
      if (!(await commit(file, place))) throw new Error(`${place} is written by another program`);
    }
    return { instance: this.register(parsed, place), same: true };
  }

  /** Takes up a file that another process has stored; undefined when it is not a whole instance of this UID. */
  private async adopt(file: string, sopUid: string): Promise<StoredInstance | undefined> {
    try {
      const parsed = readPart10(await readFile(file));
      return identify(parsed).sopUid === sopUid ? this.register(parsed, file) : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall) throw error; // the disk failed, which says nothing of the file
      return undefined;
    }
  }

  /** Path of an instance on this server. */
  urlOf({ studyUid, seriesUid, sopUid }: Pick<StoredInstance, 'studyUid' | 'seriesUid' | 'sopUid'>): string {
    return `${this.baseUrl}/studies/${studyUid}/series/${seriesUid}/instances/${sopUid}`;
  }

  /** The instances of each study. */
  allStudies(): StoredInstance[][] {
    return [...this.studies.values()].map(study => [...study.values()].flatMap(series => [...series.values()]));
  }

  /** The instances of each series of one study, or of all studies. */
  allSeries(studyUid?: string): StoredInstance[][] {
    const studies = studyUid ? [this.studies.get(studyUid) ?? new Map<string, Series>()] : [...this.studies.values()];
    return studies.flatMap(study => [...study.values()].map(series => [...series.values()]));
  }

  /** Instances below a study, a series, or one instance; [] when there is none. */
  instances(studyUid?: string, seriesUid?: string, sopUid?: string): StoredInstance[] {
    return this.allSeries(studyUid)
      .filter(([first]) => !seriesUid || first.seriesUid === seriesUid)
      .flat()
      .filter(instance => !sopUid || instance.sopUid === sopUid);
  }

  private register(parsed: Part10File, file: string): StoredInstance {
    const ids = identify(parsed);
    const metadata = toDicomJson(parsed.dataset, this.urlOf(ids));
    metadata['00083002'] = { vr: 'UI', Value: [ids.transferSyntaxUid] }; // Available Transfer Syntax UID
    const instance = { ...ids, file, metadata };
    const study = getOrAdd(this.studies, ids.studyUid, () => new Map<string, Series>());
    getOrAdd(study, ids.seriesUid, () => new Map<string, StoredInstance>()).set(ids.sopUid, instance);
    this.bySop.set(ids.sopUid, instance);
    return instance;
  }
}

function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

async function startsAsDicom(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(132), 0, 132, 0);
    return hasPreamble(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
