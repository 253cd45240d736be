import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { sendText } from './http';

/**
 * Passes a request on to a PACS, so that the browser sees one origin.
 * @param path below the mount point, with its query
 * @param mount where the PACS is mounted, e.g. /orthanc; sent as `Forwarded` so that the PACS writes it into its addresses
 */
export function proxyToPacs(
  pacs: URL,
  mount: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse
): void {
  const host = request.headers.host ?? 'localhost';
  const send = pacs.protocol === 'https:' ? httpsRequest : httpRequest;
  const upstream = send(
    {
      protocol: pacs.protocol,
      hostname: pacs.hostname,
      port: pacs.port || undefined,
      path: `${pacs.pathname.replace(/\/$/, '')}${plainCommas(path)}`,
      method: request.method,
      auth: pacs.username ? `${decodeURIComponent(pacs.username)}:${decodeURIComponent(pacs.password)}` : undefined,
      headers: { ...request.headers, host: pacs.host, forwarded: `host=${host}${mount};proto=http` },
    },
    answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    }
  );
  upstream.on('error', error => {
    if (response.headersSent) response.destroy();
    else sendText(response, 502, `The PACS at ${pacs.origin} does not answer: ${error.message}`);
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

/** Debian's Orthanc (DICOMweb 1.7) splits `includefield` at its commas before it decodes them, so an encoded list means nothing to it. */
function plainCommas(path: string): string {
  return path.replace(/(?<=[?&]includefield=)[^&]*/i, fields => fields.replaceAll(/%2C/gi, ','));
}
