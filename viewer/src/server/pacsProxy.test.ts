import { closePacsAfterEachTest, httpPacs, rawPacs, rawRequest, statusOf } from './testPacs';
import { dicomFile } from './testing';
import { folderForEachTest, get, start, store } from './testServer';

folderForEachTest();
closePacsAfterEachTest();

/** A PACS that notes what reaches it. */
async function notingPacs() {
  const seen: string[] = [];
  const pacs = await httpPacs((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => response.end('[]'));
  });
  return { pacs, seen };
}

describe('the PACS proxy', () => {
  it('passes requests on with the address the browser used, and says when the PACS is gone', async () => {
    const pacs = await httpPacs(({ url, headers }, response) => {
      response.writeHead(207, {
        ETag: '"1"',
        'Set-Cookie': 'a=b',
        'Access-Control-Allow-Origin': '*',
        'Content-Security-Policy': 'none',
      });
      response.end(JSON.stringify({ url, headers }));
    });
    const server = await start({ pacs });
    const path = '/orthanc/dicom-web/studies?PatientID=a%2Cb&includefield=00081030%2C00080060';
    const answer = await get(server, path, {
      Cookie: 'session=1',
      Authorization: 'Basic eA==',
      Accept: 'application/json',
    });
    expect(answer.status).toBe(207);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    const { url, headers } = (await answer.json()) as { url: string; headers: Record<string, string> };
    expect(url).toBe('/dicom-web/studies?PatientID=a%2Cb&includefield=00081030,00080060');
    expect(headers).toMatchObject({
      accept: 'application/json',
      host: pacs.host,
      forwarded: `host=${new URL(server.url).host}/orthanc;proto=http`,
    });
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['cookie']));
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['authorization']));

    const gone = await get(await start({ pacs: new URL('http://127.0.0.1:1') }), '/orthanc/dicom-web/studies');
    expect(gone.status).toBe(502);
    expect(await gone.text()).toMatch(/does not answer/);
  });

  it.each([
    'GET /orthanc/',
    'GET /orthanc/studies',
    'GET /orthanc/patients/1/archive',
    'GET /orthanc/app/explorer.html',
    'GET /orthanc/dicom-web',
    'GET /orthanc/dicom-web/',
    'GET /orthanc/dicom-web/servers',
    'GET /orthanc/dicom-web/servers/other/studies',
    'POST /orthanc/dicom-web/servers/other/get',
    'GET /orthanc/dicom-web/../system',
    'GET /orthanc/dicom-web/studies/../../system',
    'GET /orthanc/dicom-web/studies/%2e%2e/%2e%2e/system',
    'GET /orthanc/dicom-web/studies/..%2f..%2fsystem',
    'GET /orthanc/dicom-web/studies/..%5c..%5csystem',
    'GET /orthanc/dicom-web/studies/%252e%252e/system',
    'GET /orthanc/dicom-web/studies/.../system',
    'GET /orthanc/dicom-web/studies/..;/system',
    'GET /orthanc//system',
    'GET /orthanc/dicom-web//../system',
    'GET /orthanc/dicom-web/studies#/../../system',
    'POST /orthanc/tools/execute-script',
    'POST /orthanc/tools/shutdown',
    'POST /orthanc/instances',
    'POST /orthanc/dicom-web/series',
    'POST /orthanc/dicom-web/studies/1.2/series',
    'POST /orthanc/dicom-web/studies/1.2/series/1.3/instances/1.4',
    'DELETE /orthanc/dicom-web/studies/1.2',
    'PUT /orthanc/dicom-web/studies/1.2',
    'PATCH /orthanc/dicom-web/studies/1.2',
    'OPTIONS /orthanc/dicom-web/studies',
    'TRACE /orthanc/dicom-web/studies',
    'REPORT /orthanc/dicom-web/studies',
  ])('"%s" does not reach the PACS', async line => {
    const { pacs, seen } = await notingPacs();
    const headers = {
      'Content-Type': 'multipart/related; type="application/dicom"; boundary=b',
      'Content-Length': '0',
    };
    const answer = await rawRequest(await start({ pacs }), line, headers);
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
    expect(seen).toEqual([]);
  });

  it.each(['GET /%6frthanc/dicom-web/studies', 'GET /Orthanc/system'])('"%s" is a page of the viewer', async line => {
    const { pacs, seen } = await notingPacs();
    expect(await rawRequest(await start({ pacs }), line)).toMatch(/<html>viewer/);
    expect(seen).toEqual([]);
  });

  it.each<Record<string, string>>([
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Host: 'evil.example' },
    { 'Content-Type': 'text/plain' },
    { 'Content-Type': 'application/json' },
    { 'Content-Length': '1000000000000' },
  ])('a request with %j does not reach the PACS', async headers => {
    const { pacs, seen } = await notingPacs();
    const server = await start({ pacs });
    const type = 'multipart/related; type="application/dicom"; boundary=b';
    const post = { 'Content-Type': type, 'Content-Length': '0', ...headers };
    expect(statusOf(await rawRequest(server, 'POST /orthanc/dicom-web/studies', post))).toBeGreaterThanOrEqual(400);
    if (!headers['Content-Type'] && !headers['Content-Length']) {
      expect(statusOf(await rawRequest(server, 'GET /orthanc/dicom-web/studies', headers))).toBeGreaterThanOrEqual(400);
    }
    expect(seen).toEqual([]);
  });

  it('stores in the PACS, but not with --read-only and not too much', async () => {
    const { pacs, seen } = await notingPacs();
    const file = dicomFile({ sop: '1.2.1.1' });
    const path = '/orthanc/dicom-web/studies/1.2';
    expect((await store(await start({ pacs }), [file], path)).status).toBe(200);
    expect(seen).toEqual(['POST /dicom-web/studies/1.2']);
    expect((await store(await start({ pacs, readOnly: true }), [file], path)).status).toBe(403);
    expect((await store(await start({ pacs, maxStowBytes: 100 }), [file], path)).status).toBe(413);
    expect(seen).toHaveLength(1);
    // Without a length it is counted as it passes.
    const chunked = await fetch(`${(await start({ pacs, maxStowBytes: 100 })).url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=b' },
      body: new Blob([new Uint8Array(1000)]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
  });

  it.each<[string, string | undefined, boolean]>([
    ['says nothing', undefined, false],
    ['hangs up', undefined, true],
    ['stops in the middle of its headers', 'HTTP/1.1 200 OK\r\nContent-Type: appl', false],
    ['goes on announcing', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n', false],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', true],
    ['sends a status that does not exist', 'HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n', true],
    ['sends a status of 000', 'HTTP/1.1 000 What\r\nContent-Length: 0\r\n\r\n', true],
    ['sends a header with control characters', 'HTTP/1.1 200 OK\r\nETag: a\x01b\r\nContent-Length: 0\r\n\r\n', true],
    ['sends very long headers', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, true],
    ['switches protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', false],
    ['redirects', 'HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n', true],
    ['announces a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', true],
  ])('a PACS that %s gives an error, and the server goes on', async (_, bytes, end) => {
    const server = await start({ pacs: await rawPacs(bytes, end), pacsSilenceMs: 300 });
    for (const send of [
      () => get(server, '/orthanc/dicom-web/studies'),
      () => store(server, [Buffer.alloc(9)], '/orthanc/dicom-web/studies'),
    ]) {
      const answer = await send();
      // 999 is passed on: it can be, and says itself that it is wrong.
      expect([502, 504, 999]).toContain(answer.status);
    }
    expect((await get(server, '/')).status).toBe(200);
  });

  it.each<[string, string, boolean]>([
    ['breaks off', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf', true],
    ['falls silent', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf', false],
    ['breaks a chunk off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf', true],
    ['sends a chunk of no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf', true],
  ])('an answer in which the PACS %s is not taken for a whole one', async (_, bytes, end) => {
    const server = await start({ pacs: await rawPacs(bytes, end), pacsSilenceMs: 300 });
    await expect(get(server, '/orthanc/dicom-web/studies').then(answer => answer.text())).rejects.toThrow();
    expect((await get(server, '/')).status).toBe(200);
  });

  it('a client that goes away ends its request to the PACS', async () => {
    let closed: () => void;
    const gone = new Promise<void>(resolve => (closed = resolve));
    let arrived: () => void;
    const reached = new Promise<void>(resolve => (arrived = resolve));
    const pacs = await httpPacs((_, response) => {
      arrived();
      response.on('close', () => closed());
    });
    const server = await start({ pacs });
    const leaving = new AbortController();
    const answer = fetch(`${server.url}/orthanc/dicom-web/studies`, { signal: leaving.signal }).catch(() => undefined);
    await reached;
    leaving.abort();
    await Promise.all([answer, gone]);
    expect((await get(server, '/')).status).toBe(200);
  });
});
