import { readFile, rm } from 'node:fs/promises';

import type { JsonDataset, JsonElement } from './dicomJson';
import { HttpError } from './http';
import { identify, type InstanceStore, type StoredInstance } from './instanceStore';
import { type IncomingFile, IncomingWriter, syncFolders } from './incoming';
import { MultipartError, parseContentType, readMultipart } from '@spine/headless/multipart';
import { type Part10File, readPart10 } from './part10';

/** Failure reasons of STOW-RS (PS3.18 table 10.5.3-4 and the storage statuses of PS3.4 B.2.3). */
export const failureReasons = {
  processingFailure: 0x0110,
  duplicateInstance: 0x0111,
  outOfResources: 0xa700,
  doesNotMatchRequest: 0xa900,
  cannotUnderstand: 0xc000,
};

/** Each part becomes a file; a whole study of a CT with every phase is below 5,000. */
const maxParts = 20_000;

export interface StowResult {
  /** 200 all stored, 202 some, 409 none. */
  status: number;
  /** The response module: ReferencedSOPSequence and FailedSOPSequence. */
  body: JsonDataset;
  /** One line for the server's log per failure. */
  failures: string[];
}

class StowFailure extends Error {
  constructor(
    readonly reason: number,
    message: string
  ) {
    super(message);
  }
}

/**
 * Stores the instances of one STOW-RS request; each stands or falls alone, but none is looked at before the whole request is
 * there: a request that is cut off stores nothing.
 * @param request its bytes, which go to disk as they come
 * @param studyUid the study of the address; instances of another study are refused
 * @throws HttpError 415 for another content type, 400 for a malformed body.
 */
export async function storeInstances(
  store: InstanceStore,
  contentType: string,
  request: AsyncIterable<Buffer>,
  studyUid?: string
): Promise<StowResult> {
  const { type, parameters } = parseContentType(contentType);
  if (type !== 'multipart/related' || (parameters.type ?? 'application/dicom').toLowerCase() !== 'application/dicom') {
    throw new HttpError(415, 'STOW-RS takes multipart/related; type="application/dicom"; boundary=… .');
  }
  const files: IncomingFile[] = [];
  try {
    for await (const file of receive(store.storeFolder, request, parameters.boundary ?? '')) files.push(file);
    if (files.length === 0) throw new HttpError(400, 'The request has no instances.');
    const { places, ...result } = await inTurn(store, () => storeFiles(store, files, studyUid));
    await syncFolders(places, store.storeFolder);
    return result;
  } catch (error) {
    if (error instanceof MultipartError) throw new HttpError(400, error.message);
    throw error;
  } finally {
    for (const { path } of files) await rm(path, { force: true });
  }
}

const turns = new WeakMap<InstanceStore, Promise<unknown>>();

/**
 * Requests are received at the same time and stored one after the other, so that one file is in memory at a time and of two
 * requests for one SOP Instance the second finds what the first has stored.
 */
function inTurn<T>(store: InstanceStore, work: () => Promise<T>): Promise<T> {
  const result = (turns.get(store) ?? Promise.resolve()).then(work, work);
  turns.set(
    store,
    result.catch(() => undefined)
  );
  return result;
}

/** Writes each part of the request to a file of its own. */
async function* receive(
  storeFolder: string,
  request: AsyncIterable<Buffer>,
  boundary: string
): AsyncGenerator<IncomingFile> {
  let writer: IncomingWriter | undefined;
  try {
    let parts = 0;
    for await (const event of readMultipart(request, boundary)) {
      if ('bytes' in event) await writer!.write(event.bytes);
      else {
        if (++parts > maxParts) throw new HttpError(413, `The request has more than ${maxParts} parts.`);
        if (writer) yield await writer.finish();
        writer = await IncomingWriter.open(storeFolder);
      }
    }
    if (writer) yield await writer.finish();
    writer = undefined;
  } finally {
    await writer?.discard();
  }
}

async function storeFiles(
  store: InstanceStore,
  files: IncomingFile[],
  studyUid?: string
): Promise<StowResult & { places: string[] }> {
  const stored: JsonDataset[] = [];
  const failed: JsonDataset[] = [];
  const failures: string[] = [];
  const places: string[] = [];
  for (const [index, file] of files.entries()) {
    let parsed: Part10File | undefined;
    try {
      parsed = readInstance(await readFile(file.path));
      const instance = await storeOne(store, file, parsed, studyUid);
      places.push(instance.file);
      stored.push({ ...references(parsed), '00081190': { vr: 'UR', Value: [store.urlOf(instance)] } });
    } catch (error) {
      const reason = error instanceof StowFailure ? error.reason : storageReason(error);
      failed.push({ ...(parsed && references(parsed)), '00081197': { vr: 'US', Value: [reason] } });
      failures.push(
        `part ${index + 1}: 0x${reason.toString(16).padStart(4, '0')} ${error instanceof Error ? error.message : String(error)}`
      );
    }
  }
  return {
    status: failed.length === 0 ? 200 : stored.length ? 202 : 409,
    body: {
      ...(stored.length && { '00081199': { vr: 'SQ', Value: stored } }),
      ...(failed.length && { '00081198': { vr: 'SQ', Value: failed } }),
    },
    failures,
    places,
  };
}

function readInstance(body: Buffer): Part10File {
  try {
    return readPart10(body);
  } catch (error) {
    throw new StowFailure(failureReasons.cannotUnderstand, `not a readable DICOM file (${String(error)})`);
  }
}

async function storeOne(
  store: InstanceStore,
  file: IncomingFile,
  parsed: Part10File,
  studyUid?: string
): Promise<StoredInstance> {
  const ids = identified(parsed);
  if (studyUid && ids.studyUid !== studyUid) {
    throw new StowFailure(failureReasons.doesNotMatchRequest, `belongs to study ${ids.studyUid}, not ${studyUid}`);
  }
  const { instance, same } = await store.save(file, parsed);
  // The same bytes again are a client that lost our first answer. Other bytes would change what others have already read
  // under this identifier.
  if (!same) {
    throw new StowFailure(failureReasons.duplicateInstance, `${ids.sopUid} is already stored, with other content`);
  }
  return instance;
}

function identified(parsed: Part10File): ReturnType<typeof identify> {
  try {
    return identify(parsed);
  } catch (error) {
    throw new StowFailure(failureReasons.doesNotMatchRequest, error instanceof Error ? error.message : String(error));
  }
}

function storageReason(error: unknown): number {
  const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  return full ? failureReasons.outOfResources : failureReasons.processingFailure;
}

/** Referenced SOP Class and Instance UID, as far as the data set has them. */
function references({ dataset }: Part10File): JsonDataset {
  const copy = (tag: string): JsonElement => ({ vr: 'UI', Value: dataset[tag]?.Value ?? [] });
  return { '00081150': copy('00080016'), '00081155': copy('00080018') };
}
