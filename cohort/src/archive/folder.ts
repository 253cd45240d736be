/** A folder of DICOM files as an archive, and a folder that results go to. */
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@spine/core';
import { notReadable } from '@spine/headless/dicomFiles';
import type { NaturalizedInstance } from '@spine/dicom';
import { text } from '@spine/dicom';
import dcmjs from 'dcmjs';
import { messageOf } from '../queue/database';
import { type ExistingResult, type OutputFile, type Source, type StudyFacts, type Target } from './archive';
import { seriesFacts } from './facts';
import { existingResult } from './results';

/** Enough for every attribute before the pixels; larger headers are read again, whole. */
const HEADER_BYTES = 256 * 1024;
const PIXEL_DATA = '7FE00010';

interface SeriesFiles {
  first: NaturalizedInstance;
  /** SOP Instance UID to file; a copy of the same image counts once. */
  readonly files: Map<string, string>;
}

export interface FolderNotes {
  /** Files that look like DICOM and cannot be read, with the reason. */
  readonly unreadable: { readonly file: string; readonly reason: string }[];
  notDicom: number;
}

export class DicomFolder implements Source {
  readonly notes: FolderNotes = { unreadable: [], notDicom: 0 };
  private readonly found = new Map<string, Map<string, SeriesFiles>>();
  private readonly seen = new Map<string, number>();

  constructor(readonly name: string) {}

  async *studies(): AsyncIterable<StudyFacts> {
    await this.scan();
    for (const [study, series] of [...this.found].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const found = [...series.values()];
      yield {
        study,
        patient: text(found[0].first, 'PatientID'),
        series: found.map(({ first, files }) => seriesFacts(first, files.size)),
      };
    }
  }

  async *studiesOf(patient: string): AsyncIterable<StudyFacts> {
    for await (const study of this.studies()) if (study.patient === patient) yield study;
  }

  async instances(study: string, series: string): Promise<string[]> {
    return [...(await this.files(study, series)).keys()];
  }

  async fetch(study: string, series: string, into: string): Promise<Map<string, string>> {
    await mkdir(into, { recursive: true });
    const names = new Map<string, string>();
    let n = 0;
    for (const file of (await this.files(study, series)).values()) {
      const target = join(into, `${String(n++).padStart(5, '0')}.dcm`);
      // A second name costs nothing; another disk needs a copy.
      await link(file, target).catch(() => copyFile(file, target));
      names.set(target, file);
    }
    return names;
  }

  private async files(study: string, series: string): Promise<Map<string, string>> {
    if (this.found.size === 0) await this.scan();
    const found = this.found.get(study)?.get(series);
    if (!found) throw new InputError('no-series', { modality: 'CT', series, found: [] }, { file: this.name });
    return found.files;
  }

  /** Looks at files that are new or have grown since the last time. */
  private async scan(): Promise<void> {
    let entries;
    try {
      entries = await readdir(this.name, { recursive: true, withFileTypes: true });
    } catch (error) {
      throw notReadable(this.name, error);
    }
    for (const entry of entries) {
      const file = join(entry.parentPath, entry.name);
      const about = await stat(file).catch(() => undefined);
      if (!about?.isFile() || this.seen.get(file) === about.size) continue;
      this.seen.set(file, about.size);
      await this.look(file);
    }
  }

  private async look(file: string): Promise<void> {
    const header = await readHeader(file).catch((error: unknown) => messageOf(error));
    if (header === undefined) {
      this.notes.notDicom++;
      return;
    }
    if (typeof header === 'string') {
      this.notes.unreadable.push({ file, reason: header });
      return;
    }
    const [study, series, sop] = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'].map(name =>
      text(header, name)
    );
    if (!study || !series || !sop) {
      this.notes.unreadable.push({ file, reason: 'It has no Study, Series or SOP Instance UID.' });
      return;
    }
    const ofStudy = this.found.get(study) ?? new Map<string, SeriesFiles>();
    this.found.set(study, ofStudy);
    const entry = ofStudy.get(series) ?? { first: header, files: new Map<string, string>() };
    ofStudy.set(series, entry);
    entry.files.set(sop, file);
  }
}

/** Attributes before the pixels; undefined when the file is no DICOM. */
async function readHeader(file: string): Promise<NaturalizedInstance | undefined> {
  const handle = await open(file);
  try {
    const start = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await handle.read(start, 0, HEADER_BYTES, 0);
    if (start.toString('latin1', 128, 132) !== 'DICM') return undefined;
    try {
      return parse(start.subarray(0, bytesRead));
    } catch (error) {
      if (bytesRead < HEADER_BYTES) throw error;
      return parse(await readFile(file));
    }
  } finally {
    await handle.close();
  }
}

function parse(bytes: Buffer): NaturalizedInstance {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const { dict } = dcmjs.data.DicomMessage.readFile(buffer, { untilTag: PIXEL_DATA, includeUntilTagValue: false });
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict);
}

/** `<folder>/<StudyInstanceUID>/<SeriesInstanceUID of the CT>/`, written beside and renamed. */
export class ResultFolder implements Target {
  constructor(readonly name: string) {}

  async existing(study: string): Promise<ExistingResult[]> {
    const folder = join(this.name, study);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const results: ExistingResult[] = [];
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith('.dcm')) continue;
      const header = await readHeader(join(entry.parentPath, entry.name)).catch(() => undefined);
      const result = header && existingResult(header);
      if (result) results.push(result);
    }
    return results;
  }

  async store(study: string, series: string, files: readonly OutputFile[]): Promise<void> {
    const folder = join(this.name, study, series);
    const beside = `${folder}.part`;
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside, { recursive: true });
    for (const { name, bytes } of files) await writeFile(join(beside, name), bytes);
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder);
  }
}
