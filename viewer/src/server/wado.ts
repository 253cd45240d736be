import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';

import { HttpError, sendJson } from './http';
import type { StoredInstance } from './instanceStore';
import { buildMultipart } from '@spine/headless/multipart';
import { readBulkData, readFrames } from './pixels';

/** WADO-RS metadata of the given instances. */
export function sendMetadata(response: ServerResponse, instances: StoredInstance[]): void {
  sendJson(
    response,
    instances.map(({ metadata }) => metadata)
  );
}

/** WADO-RS retrieve: the files as they are, one after the other, so that a large study is never in memory whole. */
export async function sendInstances(
  request: IncomingMessage,
  response: ServerResponse,
  instances: StoredInstance[]
): Promise<void> {
  const accept = request.headers.accept ?? '*/*';
  if (instances.length === 1 && /^application\/dicom(;|$)/.test(accept)) {
    const [{ file, transferSyntaxUid }] = instances;
    response.writeHead(200, {
      'Content-Type': `application/dicom; transfer-syntax=${transferSyntaxUid}`,
      'Content-Length': (await stat(file)).size,
    });
    await pipeFile(file, response);
    response.end();
    return;
  }
  const boundary = randomUUID();
  response.writeHead(200, { 'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}` });
  for (const { file, transferSyntaxUid } of instances) {
    response.write(`--${boundary}\r\nContent-Type: application/dicom; transfer-syntax=${transferSyntaxUid}\r\n\r\n`);
    await pipeFile(file, response);
    response.write('\r\n');
  }
  response.end(`--${boundary}--\r\n`);
}

/** WADO-RS frames. @param list frame numbers as in the address, e.g. `1,2` */
export async function sendFrames(response: ServerResponse, instance: StoredInstance, list: string): Promise<void> {
  if (!/^\d{1,9}(,\d{1,9})*$/.test(list)) throw new HttpError(400, `"${list}" is not a list of frame numbers.`);
  const numbers = list.split(',').map(Number);
  if (new Set(numbers).size < numbers.length) throw new HttpError(400, 'A frame is asked for more than once.');
  const { mediaType, transferSyntaxUid, frames } = await readFrames(instance, numbers);
  sendMultipart(response, mediaType, `${mediaType}; transfer-syntax=${transferSyntaxUid}`, frames);
}

/** WADO-RS bulk data. */
export async function sendBulkData(response: ServerResponse, instance: StoredInstance, path: string[]): Promise<void> {
  const type = 'application/octet-stream';
  sendMultipart(response, type, type, [await readBulkData(instance, path)]);
}

function sendMultipart(response: ServerResponse, type: string, partType: string, bodies: Buffer[]): void {
  const { contentType, body } = buildMultipart(type, partType, bodies);
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': body.length });
  response.end(body);
}

function pipeFile(file: string, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = createReadStream(file);
    stream.on('error', reject).on('end', resolve);
    response.once('close', () => {
      stream.destroy();
      resolve();
    });
    stream.pipe(response, { end: false });
  });
}
