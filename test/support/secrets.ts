/** Looks for planted names and numbers in all files of a folder: as bytes, as UTF-16, and inside of what is compressed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** @returns "file: secret", for each found in a file's content or path */
export function searchSecrets(folder: string, secrets: readonly string[]): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap(entry => {
    const path = join(entry.parentPath, entry.name);
    const content = entry.isFile() ? readFileSync(path) : Buffer.alloc(0);
    const found = secretsIn(Buffer.concat([Buffer.from(`${relative(folder, path)}\n`), content]), secrets);
    return found.map(secret => `${relative(folder, path)}: ${secret}`);
  });
}

/** Case does not matter: a file system or an archive may have changed it. */
export function secretsIn(content: Buffer, secrets: readonly string[]): string[] {
  const views = [content, ...unpacked(content)].map(bytes => bytes.toString('latin1').toLowerCase());
  return secrets.filter(secret => {
    const forms = [
      Buffer.from(secret, 'utf8'),
      Buffer.from(secret, 'utf16le'),
      Buffer.from(secret, 'utf16le').swap16(),
    ];
    const base64 = [0, 1, 2].map(shift => {
      const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret, 'utf8')]).toString('base64');
      // The characters that do not depend on what stands before and after.
      return text.slice(Math.ceil((8 * shift) / 6), -3 - (text.endsWith('=') ? 1 : 0));
    });
    const wanted = [...forms.map(form => form.toString('latin1')), ...base64.filter(text => text.length > 6)];
    return views.some(view => wanted.some(form => view.includes(form.toLowerCase())));
  });
}

/** Every gzip, zlib or zip-deflated stream that begins in the file, PNG chunks and checkpoints among them. */
function unpacked(content: Buffer): Buffer[] {
  const streams: Buffer[] = [];
  const tryAt = (start: number, inflate: (bytes: Buffer) => Buffer) => {
    try {
      streams.push(inflate(content.subarray(start)));
    } catch {
      // No stream begins here.
    }
  };
  const each = (mark: string, visit: (at: number) => void) => {
    const bytes = Buffer.from(mark, 'latin1');
    for (let at = content.indexOf(bytes); at >= 0; at = content.indexOf(bytes, at + 1)) visit(at);
  };
  each('\x1f\x8b\x08', at => tryAt(at, bytes => gunzipSync(bytes)));
  each('PK\x03\x04', at => {
    if (content.readUInt16LE(at + 8) !== 8) return;
    const start = 30 + content.readUInt16LE(at + 26) + content.readUInt16LE(at + 28);
    tryAt(at + start, bytes => inflateRawSync(bytes));
  });
  if (content.subarray(1, 200).includes('PNG')) each('IDAT', at => tryAt(at + 4, bytes => inflateSync(bytes)));
  return streams;
}
