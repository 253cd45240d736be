/** `npm start`: serves the assembled viewer with a demo study or a folder of DICOM. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { InputError } from '@spine/core';
import { parseOptions, runCommand } from '@spine/headless/cli';

import { demoFollowUp, demoStudy } from './demoStudy';
import { optionTypes, startOptions, type StartOptions, usage } from './options';
import { cacheFolder } from './paths';
import { isLoopback } from './server/access';
import { startServer, type ViewerServer } from './server/server';

async function main(): Promise<void> {
  const options = startOptions(parseOptions(optionTypes), process.env, join(cacheFolder, 'viewer-data'));
  const dicomFolders = options.dicom.length ? options.dicom.map(existingFolder) : await demoFolders(options);
  const server = await listening(options, dicomFolders);
  report(server, dicomFolders, options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
}

async function demoFolders({ followUp }: StartOptions): Promise<string[]> {
  const first = await demoStudy(cacheFolder);
  if (!followUp) return [first.study];
  const second = await demoFollowUp(cacheFolder);
  return [first.study, first.lesions, second.study, second.lesions];
}

function existingFolder(path: string): string {
  const folder = resolve(path);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new InputError('no-folder', { path });
  }
  return folder;
}

async function listening(options: StartOptions, dicomFolders: string[]): Promise<ViewerServer> {
  try {
    return await startServer({ ...options, dicomFolders, dataFolder: resolve(options.data) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new InputError('port-taken', { port: options.port });
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new InputError('cannot-listen', { host: options.host, port: options.port, reason: code });
    }
    throw error;
  }
}

function report(
  { url, store, scans, stored }: ViewerServer,
  dicomFolders: string[],
  { data, host, pacs, readOnly }: StartOptions
): void {
  scans.forEach(({ loaded, notDicom, unreadable }, index) => {
    const skipped = notDicom ? `, ${notDicom} other files skipped` : '';
    console.log(`${dicomFolders[index]}: ${loaded} DICOM instances${skipped}`);
    for (const { file, reason } of unreadable.slice(0, 5)) console.log(`  not usable: ${file}: ${reason}`);
    if (unreadable.length > 5) console.log(`  … and ${unreadable.length - 5} more`);
  });
  for (const { file, reason } of stored.unreadable) console.log(`${file} is damaged and not offered: ${reason}`);
  const saved = readOnly ? 'are refused' : `go to ${resolve(data)}`;
  console.log(`${store.allStudies().length} studies; saved results ${saved}`);
  if (pacs) console.log(`PACS ${pacs.origin} is the default data source`);
  if (!isLoopback(host)) {
    console.log('Warning: the network can read every study here: no login, no encryption (--allow-network was given).');
  }
  console.log(`\nSpine Oncology viewer (research use only): ${url}\n`);
}

void runCommand('viewer', usage, main);
