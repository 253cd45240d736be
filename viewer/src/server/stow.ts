import { readFile } from 'node:fs/promises';

import type { JsonDataset, JsonElement } from './dicomJson';
import { HttpError } from './http';
import { identify, type InstanceStore } from './instanceStore';
import { parseContentType, parseMultipart } from './multipart';
import { type Part10File, readPart10 } from './part10';

/** Failure reasons of STOW-RS (PS3.18 table 10.5.3-4 and the storage statuses of PS3.4 B.2.3). */
export const failureReasons = {
  processingFailure: 0x0110,
  duplicateInstance: 0x0111,
  outOfResources: 0xa700,
  doesNotMatchRequest: 0xa900,
  cannotUnderstand: 0xc000,
};

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
 * Stores the instances of one STOW-RS request; each stands or falls alone.
 * @param studyUid the study of the address; instances of another study are refused
 * @throws HttpError 415 for another content type, 400 for a malformed body.
 */
export async function storeInstances(
  store: InstanceStore,
  contentType: string,
  request: Buffer,
  studyUid?: string
): Promise<StowResult> {
  const { type, parameters } = parseContentType(contentType);
  if (type !== 'multipart/related' || (parameters.type ?? 'application/dicom') !== 'application/dicom') {
    throw new HttpError(415, 'STOW-RS takes multipart/related; type="application/dicom"; boundary=… .');
  }
  const parts = parseMultipart(request, parameters.boundary ?? '');
  if (parts.length === 0) throw new HttpError(400, 'The request has no instances.');

  const stored: JsonDataset[] = [];
  const failed: JsonDataset[] = [];
  const failures: string[] = [];
  for (const [index, part] of parts.entries()) {
    let parsed: Part10File | undefined;
    try {
      parsed = readInstance(part.body);
      stored.push(await storeOne(store, part.body, parsed, studyUid));
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
  file: Buffer,
  parsed: Part10File,
  studyUid?: string
): Promise<JsonDataset> {
  const ids = identified(parsed);
  if (studyUid && ids.studyUid !== studyUid) {
    throw new StowFailure(failureReasons.doesNotMatchRequest, `belongs to study ${ids.studyUid}, not ${studyUid}`);
  }
  const known = store.find(ids.sopUid);
  // The same bytes again are a client that lost our first answer. Other bytes would change what others have already read
  // under this identifier.
  if (known && !(await readFile(known.file)).equals(file)) {
    throw new StowFailure(failureReasons.duplicateInstance, `${ids.sopUid} is already stored, with other content`);
  }
  const { studyUid: study, seriesUid, sopUid } = known ?? (await store.save(file, parsed));
  const url = `${store.baseUrl}/studies/${study}/series/${seriesUid}/instances/${sopUid}`;
  return { ...references(parsed), '00081190': { vr: 'UR', Value: [url] } };
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
