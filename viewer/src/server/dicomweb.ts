import type { IncomingMessage, ServerResponse } from 'node:http';

import { bodyOf, HttpError, sendJson } from './http';
import { type InstanceStore, isUid, type StoredInstance } from './instanceStore';
import { search } from './qido';
import { storeInstances } from './stow';
import { sendBulkData, sendFrames, sendInstances, sendMetadata } from './wado';

export interface DicomwebOptions {
  /** Largest STOW-RS request in bytes. */
  maxStowBytes: number;
  /** Answers every STOW-RS request with 403. */
  readOnly: boolean;
  log(line: string): void;
}

/**
 * Answers one DICOMweb request.
 * @param path below the DICOMweb root, e.g. /studies/1.2/series
 * @throws HttpError for everything that is the client's fault or not there.
 */
export async function handleDicomweb(
  store: InstanceStore,
  options: DicomwebOptions,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams
): Promise<void> {
  const segments = path.split('/').filter(Boolean);
  if (request.method === 'POST') return stow(store, options, request, response, segments);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new HttpError(405, `${request.method} is not supported.`);

  if (segments.length === 1 && segments[0] !== 'studies') {
    if (segments[0] === 'series') return qido(store, 'series', [], query, response);
    if (segments[0] === 'instances') return qido(store, 'instance', [], query, response);
  }
  const { studyUid, seriesUid, sopUid, rest } = resource(segments);
  switch (rest[0]) {
    case undefined:
      if (!studyUid) return qido(store, 'study', [], query, response);
      return sendInstances(request, response, existing(store, studyUid, seriesUid, sopUid));
    case 'metadata':
      return sendMetadata(response, existing(store, studyUid, seriesUid, sopUid));
    case 'series':
      return qido(store, 'series', [studyUid], query, response);
    case 'instances':
      return qido(store, 'instance', [studyUid, seriesUid], query, response);
    case 'frames':
      return sendFrames(response, existing(store, studyUid, seriesUid, sopUid)[0], rest[1] ?? '1');
    case 'bulkdata':
      return sendBulkData(response, existing(store, studyUid, seriesUid, sopUid)[0], rest.slice(1));
    default:
      throw new HttpError(404, `There is no DICOMweb resource ${path}.`);
  }
}

interface Resource {
  studyUid?: string;
  seriesUid?: string;
  sopUid?: string;
  /** What follows the identifiers: [] for the resource itself. */
  rest: string[];
}

/** studies/{uid}/series/{uid}/instances/{uid}/… with any tail cut off. @throws HttpError 400, 404 */
function resource(segments: string[]): Resource {
  const names = ['studies', 'series', 'instances'];
  const uids: string[] = [];
  let at = 0;
  while (
    at < segments.length &&
    uids.length < 3 &&
    segments[at] === names[uids.length] &&
    segments[at + 1] !== undefined
  ) {
    if (!isUid(segments[at + 1])) throw new HttpError(400, `"${segments[at + 1]}" is not a UID.`);
    uids.push(segments[at + 1]);
    at += 2;
  }
  let rest = segments.slice(at);
  if (uids.length === 0) {
    if (rest.join('/') !== 'studies') throw new HttpError(404, `There is no DICOMweb resource /${segments.join('/')}.`);
    rest = [];
  }
  const onInstance = rest[0] === 'frames' || rest[0] === 'bulkdata';
  if (onInstance !== (uids.length === 3) && (onInstance || (rest.length && rest[0] !== 'metadata'))) {
    throw new HttpError(404, `There is no DICOMweb resource /${segments.join('/')}.`);
  }
  const [studyUid, seriesUid, sopUid] = uids;
  return { studyUid, seriesUid, sopUid, rest };
}

function existing(store: InstanceStore, studyUid?: string, seriesUid?: string, sopUid?: string): StoredInstance[] {
  const instances = store.instances(studyUid, seriesUid, sopUid);
  if (instances.length === 0)
    throw new HttpError(
      404,
      `There is no instance below ${[studyUid, seriesUid, sopUid].filter(Boolean).join(' / ')}.`
    );
  return instances;
}

function qido(
  store: InstanceStore,
  level: 'study' | 'series' | 'instance',
  [studyUid, seriesUid]: (string | undefined)[],
  query: URLSearchParams,
  response: ServerResponse
): void {
  const { rows, ignored } = search(store, level, studyUid, seriesUid, query);
  const note = ignored.map(key => key.replace(/[^\w]/g, '')).join(', ');
  sendJson(response, rows, 200, ignored.length ? { Warning: `299 spine-oncology "Not filtered by: ${note}"` } : {});
}

async function stow(
  store: InstanceStore,
  { maxStowBytes, readOnly, log }: DicomwebOptions,
  request: IncomingMessage,
  response: ServerResponse,
  segments: string[]
): Promise<void> {
  const [root, studyUid, ...more] = segments;
  if (root !== 'studies' || more.length)
    throw new HttpError(404, 'STOW-RS goes to /studies or /studies/{StudyInstanceUID}.');
  if (studyUid !== undefined && !isUid(studyUid)) throw new HttpError(400, `"${studyUid}" is not a UID.`);
  if (readOnly) throw new HttpError(403, 'This server was started with --read-only: it stores nothing.');
  if (!/^(identity)?$/i.test(request.headers['content-encoding'] ?? '')) {
    throw new HttpError(415, 'STOW-RS takes bodies without Content-Encoding.');
  }
  const body = bodyOf(request, response, maxStowBytes);
  const result = await storeInstances(store, request.headers['content-type'] ?? '', body, studyUid);
  for (const failure of result.failures) log(`STOW-RS ${failure}`);
  sendJson(response, result.body, result.status);
}
