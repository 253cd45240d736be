import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';

import { checkLength, endUnread, expectBody, HttpError, limitBytes, sendText } from './http';

export interface ProxyOptions {
  pacs: URL;
  /** Where the PACS is mounted, e.g. /orthanc; sent as `Forwarded` so that the PACS writes it into its addresses. */
  mount: string;
  readOnly: boolean;
  /** Largest upload in bytes. */
  maxStowBytes: number;
  /** A PACS that says nothing for so long has failed. */
  silenceMs: number;
}

/** Of the client's headers, these mean something to a DICOMweb server. Cookies and credentials stay here. */
const requestHeaders = ['accept', 'accept-encoding', 'if-none-match'];
/**
 * These only with a body that is passed on. A length without one would make the PACS take the beginning of the next request on
 * the connection for that body, and the rest, whatever it says, for a request ("smuggling").
 */
const bodyHeaders = ['content-encoding', 'content-length', 'content-type'];
/** Of the PACS's headers, these mean something to a DICOMweb client. It sets no cookies and no policies of this origin. */
const answerHeaders = [
  ...['content-type', 'content-length', 'content-encoding', 'content-location', 'content-disposition'],
  ...['cache-control', 'etag', 'last-modified', 'warning', 'retry-after'],
];

/**
 * Passes a DICOMweb request on to a PACS, so that the browser sees one origin. The PACS has more to offer on the same port
 * (Orthanc: deleting studies, running scripts, fetching addresses): only QIDO-RS, WADO-RS and STOW-RS get through.
 * @param path below the mount point, still encoded, with its query
 * @throws HttpError 403, 404, 405, 413, 415 for what is not passed on
 */
export function proxyToPacs(
  options: ProxyOptions,
  path: string,
  request: IncomingMessage,
  response: ServerResponse
): void {
  const { pacs, mount, silenceMs } = options;
  checkRequest(options, path, request);
  const send = pacs.protocol === 'https:' ? httpsRequest : httpRequest;
  const host = request.headers.host ?? 'localhost';
  const hasBody = request.method === 'POST';
  const upstream = send({
    protocol: pacs.protocol,
    hostname: pacs.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: pacs.port || undefined,
    path: `${pacs.pathname.replace(/\/$/, '')}${plainCommas(path)}`,
    method: request.method,
    // A connection on which a body may have been broken off is not used again.
    ...(hasBody ? { agent: false } : {}),
    auth: pacs.username ? `${decodeURIComponent(pacs.username)}:${decodeURIComponent(pacs.password)}` : undefined,
    headers: {
      ...pick(request.headers, hasBody ? [...requestHeaders, ...bodyHeaders] : requestHeaders),
      host: pacs.host,
      forwarded: `host=${host}${mount};proto=http`,
    },
  });
  const timer = setTimeout(
    () => fail(new HttpError(504, `The PACS at ${pacs.origin} has said nothing for ${silenceMs / 1000} s.`)),
    silenceMs
  );
  const heard = () => void timer.refresh();
  let answered = false;
  const fail = (error: Error) => {
    clearTimeout(timer);
    upstream.destroy();
    if (error instanceof HttpError) sendText(response, error.status, error.message);
    else sendText(response, 502, `The PACS at ${pacs.origin} does not answer: ${error.message}`);
    if (answered) response.destroy(); // a broken connection tells the client that the answer is not whole
  };
  // After an answer, what becomes of the request does not matter: a PACS may refuse an upload without reading it.
  upstream.on('error', error => answered || fail(error));
  upstream.on('upgrade', () => fail(new Error('it wants to speak another protocol')));
  upstream.on('close', () => {
    clearTimeout(timer);
    if (!answered) fail(new Error('it closed the connection'));
  });
  upstream.on('response', answer => {
    heard();
    answer.on('data', heard);
    answer.on('close', () => clearTimeout(timer));
    try {
      answered = passOn(answer, response);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  response.on('close', () => upstream.destroy());
  if (hasBody) {
    expectBody(request, response);
    const body = limitBytes(options.maxStowBytes, heard);
    body.on('error', error => {
      fail(error);
      endUnread(request);
    });
    request.pipe(body).pipe(upstream); // a client that goes away closes the response, and that the request to the PACS
  } else upstream.end();
}

/** @throws HttpError */
function checkRequest({ readOnly, maxStowBytes }: ProxyOptions, path: string, request: IncomingMessage): void {
  const [resource] = path.split('?', 1);
  const segments = resource.split('/').slice(1);
  const [root, level] = segments;
  const isDicomweb = root === 'dicom-web' && ['studies', 'series', 'instances'].includes(level);
  // UIDs, tags, frame lists and the names of resources need no other characters; what is not in the list cannot be a way out.
  const isPlain = segments.every(segment => /^[\w.,-]*$/.test(segment) && !/^\.+$/.test(segment));
  if (!isDicomweb || !isPlain) throw new HttpError(404, 'Of the PACS, only DICOMweb below /dicom-web/ can be reached.');
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.method !== 'POST') throw new HttpError(405, `${request.method} is not supported.`);
  if (level !== 'studies' || segments.length > 3) {
    throw new HttpError(404, 'STOW-RS goes to /studies or /studies/{StudyInstanceUID}.');
  }
  if (readOnly)
    throw new HttpError(403, 'This server was started with --read-only: it stores nothing, in the PACS either.');
  if (!/^multipart\/related\s*;/i.test(request.headers['content-type'] ?? '')) {
    throw new HttpError(415, 'STOW-RS takes multipart/related; type="application/dicom"; boundary=… .');
  }
  checkLength(request, maxStowBytes);
}

/** @throws Error for a redirection, and for a status or header that HTTP does not have */
function passOn(answer: IncomingMessage, response: ServerResponse): true {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400 && status !== 304) {
    throw new Error(`it redirects to ${answer.headers.location ?? 'nowhere'}: start the viewer with that address`);
  }
  response.writeHead(status, pick(answer.headers, answerHeaders));
  pipeline(answer, response, error => error && response.destroy());
  return true;
}

function pick(headers: IncomingMessage['headers'], names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap(name => (headers[name] === undefined ? [] : [[name, String(headers[name])] as const]))
  );
}

/** Debian's Orthanc (DICOMweb 1.7) splits `includefield` at its commas before it decodes them, so an encoded list means nothing to it. */
function plainCommas(path: string): string {
  return path.replace(/(?<=[?&]includefield=)[^&]*/i, fields => fields.replaceAll(/%2C/gi, ','));
}
