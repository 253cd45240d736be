/** Requests that a server and the one behind it could read differently: what is behind the proxy must get what was checked. */
import { closePacsAfterEachTest, httpPacs, rawPacs, rawRequest, statusOf } from './testPacs';
import { folderForEachTest, get, start, store } from './testServer';
import { dicomFile } from './testing';

folderForEachTest();
closePacsAfterEachTest();

/** A PACS that answers before it has read a request's body, as Orthanc does, and keeps connections. */
async function hastyPacs() {
  const seen: string[] = [];
  const pacs = await httpPacs((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end('[]');
    request.resume();
  });
  return { pacs, seen };
}

it('a length announced with GET does not make the next request its body', async () => {
  const { pacs, seen } = await hastyPacs();
  const server = await start({ pacs });
  const second = 'GET /dicom-web/studies HTTP/1.1\r\naccept: ';
  const headers = { 'Content-Length': String(second.length) };
  const body = 'x'.repeat(second.length);
  for (const line of ['GET', 'HEAD']) {
    expect(statusOf(await rawRequest(server, `${line} /orthanc/dicom-web/studies`, headers, body))).toBe(200);
    await get(server, '/orthanc/dicom-web/studies', { Accept: 'DELETE /studies/1 HTTP/1.1' });
  }
  await get(server, '/orthanc/dicom-web/studies');
  expect(seen).toEqual([...'GET GET HEAD GET GET'.split(' ')].map(method => `${method} /dicom-web/studies`));
});

it('an upload that is broken off does not lend its connection to the next request', async () => {
  const { pacs, seen } = await hastyPacs();
  const server = await start({ pacs });
  const headers = { 'Content-Type': 'multipart/related; boundary=x', 'Content-Length': '500' };
  await rawRequest(server, 'POST /orthanc/dicom-web/studies', headers, 'short', true);
  await get(server, '/orthanc/dicom-web/studies', { Accept: 'DELETE /studies/1 HTTP/1.1' });
  await get(server, '/orthanc/dicom-web/studies');
  expect(seen.filter(line => line.startsWith('GET'))).toHaveLength(2);
  expect(seen.filter(line => !/^(GET|POST) \/dicom-web\/studies$/.test(line))).toEqual([]);
});

it.each([
  ['two lengths', { 'Content-Length': '5', 'content-length': '6' }],
  ['a length and chunks', { 'Content-Length': '5', 'Transfer-Encoding': 'chunked' }],
  ['chunks under a disguise', { 'Transfer-Encoding': 'xchunked' }],
  ['chunks within something else', { 'Transfer-Encoding': 'chunked, gzip' }],
  ['a length with a sign', { 'Content-Length': '+5' }],
  ['a folded header', { Accept: 'a\r\n b\r\n c: d', 'Transfer-Encoding': 'chunked, identity' }],
  ['a header name with a space', { 'Content-Length ': '5' }],
])('%s are refused, and nothing reaches the PACS', async (_, headers: Record<string, string>) => {
  const { pacs, seen } = await hastyPacs();
  const server = await start({ pacs });
  const type = { 'Content-Type': 'multipart/related; boundary=x' };
  const line = 'POST /orthanc/dicom-web/studies';
  expect(statusOf(await rawRequest(server, line, { ...type, ...headers }, '0\r\n\r\n'))).toBe(400);
  expect(seen).toEqual([]);
});

it.each(['CONNECT 127.0.0.1:22', 'TRACE /', 'PUT /dicomweb/studies', 'DELETE /dicomweb/studies/1', 'OPTIONS *'])(
  '%s does nothing',
  async line => {
    const server = await start();
    expect([0, 400, 404, 405]).toContain(statusOf(await rawRequest(server, line)));
    expect((await store(server, [dicomFile({ sop: '1.2.3' })])).status).toBe(200);
  }
);

it('headers without end are refused, and the server goes on', async () => {
  const server = await start();
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`x-${n}`, 'y']));
  expect([400, 431]).toContain(statusOf(await rawRequest(server, 'GET /', many)));
  expect([400, 431]).toContain(statusOf(await rawRequest(server, 'GET /', { long: 'y'.repeat(100_000) })));
  expect([400, 414, 431]).toContain(statusOf(await rawRequest(server, `GET /${'a/'.repeat(50_000)}`)));
  expect((await get(server, '/')).status).toBe(200);
});

it.each([
  ['headers without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}\r\n[]`],
  ['one status line after the other', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(20_000)],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ['a status that does not exist', 'HTTP/1.1 999 What\r\nContent-Length: 2\r\n\r\n[]'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[]'],
  ['a redirection', 'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n'],
])('a PACS that answers with %s ends in an error, and the server goes on', async (_, answer) => {
  const pacs = await rawPacs(answer);
  const server = await start({ pacs, pacsSilenceMs: 500 });
  const found = await fetch(`${server.url}/orthanc/dicom-web/studies`, { signal: AbortSignal.timeout(10_000) });
  expect(found.status).toBeGreaterThanOrEqual(500);
  expect(found.headers.get('location')).toBeNull();
  expect((await get(server, '/')).status).toBe(200);
});

it('a page that a PACS sends runs nothing in the viewer’s name', async () => {
  const pacs = await rawPacs(
    'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: a=b\r\nContent-Security-Policy: script-src *\r\n' +
      'Refresh: 0;url=http://example.org\r\nLink: <http://example.org>; rel=preload\r\nContent-Length: 25\r\n\r\n<script>alert(1)</script>'
  );
  const { headers } = await get(await start({ pacs }), '/orthanc/dicom-web/studies');
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox|sandbox.*default-src 'none'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  for (const name of ['set-cookie', 'refresh', 'link']) expect(headers.get(name)).toBeNull();
});
