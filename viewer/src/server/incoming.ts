/** Where an upload lies until it is an instance, and how it becomes one without ever being half of one. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** In the folder of stored instances, so that both are on one file system. The name goes on with the process that writes. */
const prefix = '.incoming-';

/** A received file. */
export interface IncomingFile {
  path: string;
  size: number;
  sha256: string;
}

/** Removes what processes that were killed left behind. */
export function removeLeftovers(storeFolder: string): void {
  for (const name of readdirSync(storeFolder).filter(isIncoming)) {
    const writer = Number(name.slice(prefix.length).split('-')[0]);
    if (writer === process.pid || !isRunning(writer)) rmSync(join(storeFolder, name), { force: true });
  }
}

export const isIncoming = (pathBelowStore: string): boolean => pathBelowStore.startsWith(prefix);

function isRunning(process_: number): boolean {
  if (!Number.isInteger(process_) || process_ <= 0) return false;
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes one file, piece by piece. */
export class IncomingWriter {
  private readonly hash = createHash('sha256');
  private size = 0;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle
  ) {}

  static async open(storeFolder: string): Promise<IncomingWriter> {
    const path = join(storeFolder, `${prefix}${process.pid}-${randomUUID()}`);
    return new IncomingWriter(path, await open(path, 'wx'));
  }

  async write(bytes: Buffer): Promise<void> {
    this.hash.update(bytes);
    this.size += bytes.length;
    for (let at = 0; at < bytes.length; ) at += (await this.handle.write(bytes, at)).bytesWritten;
  }

  /** @returns the file, its bytes on the disk */
  async finish(): Promise<IncomingFile> {
    await this.handle.sync();
    await this.handle.close();
    return { path: this.path, size: this.size, sha256: this.hash.digest('hex') };
  }

  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined); // it may be closed already
    await rm(this.path, { force: true });
  }
}

/**
 * Gives a received file its place. Killed at any moment, the place is empty or holds the whole file. The name is safe from a
 * power failure once {@link syncFolders} has returned, which must be before the client's answer.
 * @returns false when the place is taken; nothing has changed then
 */
export async function commit({ path }: IncomingFile, place: string): Promise<boolean> {
  await mkdir(dirname(place), { recursive: true });
  try {
    await link(path, place); // fails when the place is taken, which rename does not
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without links (exFAT, some network shares): the queue of this process keeps the check and the move together.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'].includes(code ?? '')) throw error;
    if (await stat(place).catch(() => undefined)) return false;
    await rename(path, place);
  }
  await rm(path, { force: true });
  return true;
}

/** Makes the names of files, and of the folders they are in, up to the store's own, outlast a power failure. */
export async function syncFolders(files: string[], storeFolder: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows opens no folders; NTFS journals their entries
  const folders = new Set<string>();
  for (const file of files) {
    for (let folder = dirname(file); folder.startsWith(storeFolder); folder = dirname(folder)) folders.add(folder);
  }
  await Promise.all([...folders].map(syncFolder));
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
