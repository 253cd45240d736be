/** Errors of the file system in words. */

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'the link leads in a circle',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of this path is a file, not a folder',
  EEXIST: 'something of this name is already there',
  ENOTEMPTY: 'the folder is not empty',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk failed',
};

/** What the user can do something about, such as a folder that may not be written to; undefined for any other error. */
export function fileError(error: unknown): { readonly path?: string; readonly reason: string } | undefined {
  const { code = '', path, syscall = '' } = (error ?? {}) as NodeJS.ErrnoException;
  // A program that cannot be started has a path and ENOENT, too.
  if (!Object.hasOwn(REASONS, code) || !syscall || syscall.startsWith('spawn')) return undefined;
  return { path, reason: REASONS[code] };
}
