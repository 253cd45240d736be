/** The page of a cohort, its metrics and its health, and the place where others ask for studies. Off unless asked for. */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { DicomwebArchive } from '../archive/dicomweb';
import type { CohortOptions } from '../options';
import { planArrived, planPatient, planStudy } from '../plan';
import { messageOf } from '../queue/database';
import type { Cohort } from '../setup';
import { cohortMetrics } from './metrics';
import { pageHtml } from './pageHtml';

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

const BODY_LIMIT = 10_000;
const arrived = z.object({ study: z.string().regex(/^[0-9.]{1,64}$/), opened: z.boolean().optional() });
/** PatientID is an LO (PS3.5 6.2): at most 64 characters, no backslash, no control characters. */
const expected = z.object({
  patient: z
    .string()
    .trim()
    .regex(/^[^\\\p{Cc}]{1,64}$/u),
});

/** Listens on 127.0.0.1 only; a proxy of the hospital publishes it where it should be seen. */
export async function startPage(options: CohortOptions, cohort: Cohort): Promise<Page | undefined> {
  if (options.port === undefined || options.token === undefined) return undefined;
  const { token } = options;
  const metrics = cohortMetrics(cohort.queue.database);
  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      cohort.log.error('page', { reason: messageOf(error) });
      send(response, 500, 'text/plain', 'The queue does not answer.\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/cohort`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const route = `${request.method} ${path}`;
    if (route === 'GET /healthz') {
      await cohort.queue.database.query('SELECT 1');
      return send(response, 200, 'text/plain', 'ok\n');
    }
    if (!allowed(request, token)) {
      response.setHeader('WWW-Authenticate', 'Basic realm="cohort", charset="UTF-8"');
      return send(
        response,
        401,
        'text/plain',
        'The token is missing or wrong: Bearer, or Basic with the token as password.\n'
      );
    }
    // Forms of other sites must not act with the browser's stored password.
    if (request.method !== 'GET' && !sameSite(request))
      return send(response, 403, 'text/plain', 'Another site asked.\n');
    if (route === 'GET /metrics') return send(response, 200, metrics.contentType, await metrics.metrics());
    if (route === 'GET /cohort')
      return send(response, 200, 'text/html; charset=utf-8', await pageHtml(cohort.queue.database));
    if (route === 'POST /cohort/retry' || route === 'POST /cohort/cancel') {
      const key = new URLSearchParams(await body(request)).get('key') ?? undefined;
      if (path.endsWith('retry')) await cohort.queue.retry(key);
      else await cohort.queue.cancel(key);
      response.writeHead(303, { Location: '/cohort' }).end();
      return;
    }
    if (route === 'POST /cohort/studies') return studyArrived(request, response);
    if (route === 'POST /cohort/patients') return patientExpected(request, response);
    return send(response, 404, 'text/plain', 'There is nothing here.\n');
  }

  /** A webhook: a study has arrived, or somebody has opened one and would like its result first. */
  async function studyArrived(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = arrived.safeParse(safeJson(await body(request)));
    if (!parsed.success)
      return send(response, 400, 'text/plain', 'Send {"study": "<StudyInstanceUID>", "opened": true|false}.\n');
    const { study, opened } = parsed.data;
    const { source, queue, plan } = cohort;
    if (source instanceof DicomwebArchive) {
      const facts = await source.study(study);
      await (opened ? planStudy(plan, facts, 'opened') : planArrived(plan, facts));
    }
    const waiting = await queue.hurry(study, opened ? 'opened' : 'arrived');
    send(response, 202, 'application/json', JSON.stringify({ waiting }));
  }

  /** A patient has an appointment: the studies that the archive has will be compared with the new one. */
  async function patientExpected(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = expected.safeParse(safeJson(await body(request)));
    if (!parsed.success) return send(response, 400, 'text/plain', 'Send {"patient": "<PatientID>"}.\n');
    const { studies } = await planPatient(cohort.plan, parsed.data.patient);
    send(response, 202, 'application/json', JSON.stringify({ studies }));
  }
}

function allowed({ headers }: IncomingMessage, token: string): boolean {
  const [scheme, value = ''] = (headers.authorization ?? '').split(' ');
  const given =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(value, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '')
      : value;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function sameSite({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || new URL(headers.origin).host === headers.host;
}

async function body(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_LIMIT) throw new Error('The request is too long.');
  }
  return text;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  });
  response.end(text);
}
