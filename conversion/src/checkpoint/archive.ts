/** The zip archive of a PyTorch checkpoint: entries that are stored, never compressed, read in place. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { CommandError } from '@spine/headless/cli';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** Entries of one archive: the published checkpoint has about 3,000 (weights, their average, the optimiser's state). */
const MAX_ENTRIES = 200_000;
/** Node reads no more at once. */
const MAX_READ = 2 ** 31 - 1;

export class CheckpointArchive {
  private constructor(
    private readonly path: string,
    private readonly zip: ZipFile,
    private readonly file: number,
    /** By name within the archive's only top folder. */
    private readonly entries: ReadonlyMap<string, Entry>
  ) {}

  /** @throws CommandError 'checkpoint-file', naming the file: missing, no zip archive, truncated, or no checkpoint */
  static async open(path: string): Promise<CheckpointArchive> {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw unusable(path, 'no such file');
    const file = openSync(path, 'r');
    const start = Buffer.alloc(2);
    readSync(file, start, 0, 2, 0);
    try {
      const zip = await openPromise(path, { autoClose: false });
      return new CheckpointArchive(path, zip, file, await listEntries(path, zip));
    } catch (error) {
      closeSync(file);
      if (error instanceof CommandError) throw error;
      throw unusable(path, start.toString('latin1') === 'PK' ? truncated(error) : NO_ARCHIVE);
    }
  }

  close(): void {
    this.zip.close();
    closeSync(this.file);
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Bytes of an entry. @throws CommandError for one that is missing, compressed or encrypted */
  size(name: string): number {
    return this.entry(name).uncompressedSize;
  }

  /** `length` bytes of an entry from `offset` on. @throws CommandError when the entry is shorter */
  async read(name: string, offset = 0, length = this.size(name) - offset): Promise<Uint8Array> {
    const entry = this.entry(name);
    if (length > MAX_READ) throw unusable(this.path, `its entry ${name} has ${length} bytes; no tensor has so many`);
    if (offset < 0 || length < 0 || offset + length > entry.uncompressedSize) {
      throw unusable(this.path, `its entry ${name} has ${entry.uncompressedSize} bytes, ${offset + length} are needed`);
    }
    const { fileDataStart } = await this.zip.readLocalFileHeaderPromise(entry, { minimal: true }).catch(error => {
      throw unusable(this.path, truncated(error));
    });
    const bytes = new Uint8Array(length);
    const read = readSync(this.file, bytes, 0, length, fileDataStart + offset);
    if (read !== length) throw unusable(this.path, truncated('an entry reaches beyond the end of the file'));
    return bytes;
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (!entry) throw unusable(this.path, `it has no entry ${name}, so it is no whole PyTorch checkpoint`);
    if (entry.compressionMethod !== 0 || entry.isEncrypted() || entry.compressedSize !== entry.uncompressedSize) {
      throw unusable(this.path, `its entry ${name} is compressed or encrypted; PyTorch stores entries as they are`);
    }
    return entry;
  }
}

const NO_ARCHIVE =
  'not a PyTorch checkpoint: no zip archive. A web page saved instead of the file, or the format of PyTorch before 1.6? ' +
  'The latter is converted by torch.save(torch.load(path, weights_only=True), path)';
const truncated = (error: unknown) =>
  `cannot be read as a zip archive, it is truncated or damaged (${error instanceof Error ? error.message : error}); download it again`;

export function unusable(path: string, why: string): CommandError {
  return new CommandError('checkpoint-file', `${path}: ${why}`);
}

async function listEntries(path: string, zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MAX_ENTRIES) throw unusable(path, `${zip.entryCount} entries; no checkpoint has so many`);
  const all: Entry[] = [];
  for await (const entry of zip.eachEntry()) all.push(entry);
  const pickles = all.filter(({ fileName }) => /^[^/]+\/data\.pkl$/.test(fileName));
  if (pickles.length !== 1) throw unusable(path, 'not a PyTorch checkpoint: a zip archive without one data.pkl');
  const folder = pickles[0].fileName.slice(0, -'data.pkl'.length);
  const entries = new Map<string, Entry>();
  for (const entry of all) {
    const name = entry.fileName.slice(folder.length);
    if (!entry.fileName.startsWith(folder)) continue;
    if (entries.has(name)) throw unusable(path, `it holds the entry ${name} twice`);
    entries.set(name, entry);
  }
  return entries;
}
