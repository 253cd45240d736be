/** The authors' files, from the network or from a folder, as a model of the viewer. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '@spine/headless/cli';
import { convertModel } from '../convert';
import { classifierFromPickles } from '../model/classifier';
import { CREATED_BY, DEFAULT_DESCRIPTION, type Precision } from '../model/manifest';
import { registerModel } from '../model/modelIndex';
import { modelCard } from './card';
import { download, type DownloadOptions } from './download';
import { checkHash, pin } from './pins';
import { CHECKPOINT, CLASSIFIER, MODEL_FILES, type PublishedFile, SAMPLE, SCALER } from './sources';

export interface FetchOptions {
  /** The model folder, models/published. */
  readonly out: string;
  /** A folder with the files; absent: they are downloaded. */
  readonly from?: string;
  /** Base address of a copy that holds the files under their names; absent: the authors' own. */
  readonly mirror?: string;
  readonly precision: Precision;
  readonly makeDefault: boolean;
  /** Tries the converted model on the authors' sample, and throws when it fails; absent: the sample is not fetched. */
  readonly verify?: (folder: string, sample: { readonly ct: string; readonly mask: string }) => Promise<void>;
  readonly keepDownloads: boolean;
  readonly download?: Omit<DownloadOptions, 'onProgress'>;
  readonly say: (line: string) => void;
  readonly onProgress?: (file: PublishedFile, received: number, total: number | undefined) => void;
}

/**
 * Fetches, checks, converts, tries and registers the model. A model that fails stays out of the list, and what was there stays.
 * @throws CommandError naming file or address, what is wrong and what to do; the folder stays as it was then
 */
export async function fetchModel(options: FetchOptions): Promise<void> {
  const { out, say, verify } = options;
  const files = verify ? [...MODEL_FILES, ...SAMPLE] : MODEL_FILES;
  const paths = options.from ? fromFolder(options.from, files) : await downloaded(files, options);
  if (statSync(out, { throwIfNoEntry: false })?.isFile()) {
    throw new CommandError('out', `${out}: is a file; name the folder that the model shall be in`);
  }
  mkdirSync(dirname(out), { recursive: true });
  const pins = join(dirname(out), 'published.sha256.json');
  const firstUses: Record<string, string> = {};
  for (const file of files) {
    const { sha256, firstUse } = checkHash(file, paths[file.name], pins, !options.from);
    if (firstUse) firstUses[file.name] = sha256;
    say(`${file.name}: SHA-256 ${sha256}, ${firstUse ? 'not known before' : 'as expected'}`);
  }
  say('converting');
  const converted = join(dirname(out), `.${basename(out)}-converted`);
  rmSync(converted, { recursive: true, force: true });
  try {
    await convert(options, paths, converted);
    if (verify) await verify(converted, { ct: paths[SAMPLE[0].name], mask: paths[SAMPLE[1].name] });
    mkdirSync(out, { recursive: true });
    for (const name of readdirSync(converted)) renameSync(join(converted, name), join(out, name));
  } catch (error) {
    // What was downloaded and is no such model would be found again by every later run.
    const removed = error instanceof CommandError && !options.from ? Object.keys(firstUses) : [];
    if (!removed.length) throw error;
    for (const name of removed) rmSync(paths[name], { force: true });
    const { code, message } = error as CommandError;
    throw new CommandError(code, `${message}. Removed: ${removed.join(', ')}; the same command downloads again`);
  } finally {
    rmSync(converted, { recursive: true, force: true });
  }
  pin(pins, firstUses);
  for (const name of Object.keys(firstUses)) say(`${name}: pinned by this first use in ${pins}`);
  const index = registerModel(out, basename(out), options.makeDefault);
  say(`${out}: converted and tried; ${index} lists it${options.makeDefault ? ' as the default' : ''}`);
}

async function convert(options: FetchOptions, paths: Readonly<Record<string, string>>, folder: string): Promise<void> {
  await convertModel({
    checkpoint: paths[CHECKPOINT.name],
    classifier: classifierFromPickles(paths[CLASSIFIER.name], paths[SCALER.name]),
    precision: options.precision,
    out: folder,
    description: {
      ...DEFAULT_DESCRIPTION,
      id: basename(options.out),
      name: 'Published (Atad et al.)',
      description: "The authors' weights for arXiv 2512.06849, converted on this machine.",
      licence: 'as the authors state at their source; code MIT',
      provenance: {
        source: options.from ? `files from a folder, as published at ${CHECKPOINT.url}` : CHECKPOINT.url,
        trainedOn: 'CT of patients with vertebral metastases and without, with a label for each vertebra (Atad et al.)',
        createdBy: CREATED_BY,
      },
    },
  });
  writeFileSync(join(folder, 'MODEL_CARD.md'), modelCard());
}

/** Removes what was downloaded, once nothing needs it any longer. */
export function removeDownloads({
  from,
  out,
  keepDownloads,
}: Pick<FetchOptions, 'from' | 'out' | 'keepDownloads'>): void {
  if (!from && !keepDownloads) rmSync(downloadFolder(out), { recursive: true, force: true });
}

function fromFolder(folder: string, files: readonly PublishedFile[]): Record<string, string> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    const why = existsSync(folder) ? 'is a file; name the folder that holds it' : 'no such folder';
    throw new CommandError('missing-files', `${folder}: ${why}`);
  }
  const missing = files.filter(({ name }) => !existsSync(join(folder, name)));
  if (missing.length) {
    const wanted = missing.map(({ name, url }) => `${name} (${url})`).join(', ');
    throw new CommandError('missing-files', `${folder}: it lacks ${wanted}`);
  }
  return Object.fromEntries(files.map(({ name }) => [name, join(folder, name)]));
}

/** Beside the model, so that an interrupted download is found again. */
const downloadFolder = (out: string) => join(dirname(out), `.${basename(out)}-downloads`);

async function downloaded(files: readonly PublishedFile[], options: FetchOptions): Promise<Record<string, string>> {
  const folder = downloadFolder(options.out);
  for (const file of files) {
    const target = join(folder, file.name);
    if (existsSync(target)) continue;
    const url = options.mirror ? `${options.mirror.replace(/\/+$/, '')}/${file.name}` : file.url;
    options.say(`${file.name}: from ${url}`);
    await download(url, target, {
      ...options.download,
      onProgress: (received, total) => options.onProgress?.(file, received, total),
    });
  }
  return Object.fromEntries(files.map(({ name }) => [name, join(folder, name)]));
}
