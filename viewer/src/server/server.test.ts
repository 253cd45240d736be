import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';

import type { ViewerServer } from './server';
import { dicomFile } from './testing';
import { addFile, get, start, folderForEachTest } from './testServer';

folderForEachTest();

describe('the folder', () => {
  it('is read whole; what is not DICOM is counted, what is broken is named', async () => {
    addFile('1.dcm', dicomFile({ sop: '1.2.1.1' }));
    addFile('deep/no-extension', dicomFile({ sop: '1.2.1.2' }));
    addFile('readme.txt', 'hello');
    addFile('empty.dcm', '');
    addFile('cut.dcm', dicomFile({ sop: '1.2.1.3' }).subarray(0, 300));
    addFile('no-study.dcm', dicomFile({ sop: '1.2.1.4', attributes: { StudyInstanceUID: '' } }));
    addFile('twice.dcm', dicomFile({ sop: '1.2.1.1' }));
    addFile('unsafe.dcm', dicomFile({ study: '../../1', sop: '1.2.1.5' }));
    const { scans } = await start();
    expect(scans[0]).toMatchObject({ loaded: 2, notDicom: 2 });
    const reasons = Object.fromEntries(scans[0].unreadable.map(({ file, reason }) => [file.split('/').at(-1), reason]));
    expect(Object.keys(reasons).sort()).toEqual(['cut.dcm', 'no-study.dcm', 'twice.dcm', 'unsafe.dcm']);
    expect(reasons['no-study.dcm']).toMatch(/StudyInstanceUID is missing/);
    expect(reasons['twice.dcm']).toMatch(/already read from .*1\.dcm/);
    expect(reasons['unsafe.dcm']).toMatch(/not a UID/);
  });
});

describe('files and headers', () => {
  it('serves files with their types, index.html for pages, and nothing outside', async () => {
    const server = await start();
    const wasm = await get(server, '/assets/a.wasm');
    expect(wasm.headers.get('content-type')).toBe('application/wasm');
    expect((await get(server, '/assets/a.wasm', { 'If-None-Match': wasm.headers.get('etag')! })).status).toBe(304);
    expect(await (await get(server, '/spine-oncology?StudyInstanceUIDs=1.2')).text()).toBe('<html>viewer</html>');
    expect((await get(server, '/missing.js')).status).toBe(404);
    expect(await rawGet(server, '/../secret.txt')).toMatch(/^HTTP\/1.1 404/);
    expect(await rawGet(server, '/..%2fsecret.txt')).toMatch(/^HTTP\/1.1 404/);
    expect(await rawGet(server, '/%00.txt')).toMatch(/^HTTP\/1.1 404/);
    expect(await rawGet(server, '/%E0%A4%A')).toMatch(/^HTTP\/1.1 400/);
  });

  it('isolates the page unless told not to', async () => {
    const header = 'cross-origin-embedder-policy';
    expect((await get(await start(), '/')).headers.get(header)).toBe('require-corp');
    expect((await get(await start({ crossOriginIsolated: false }), '/')).headers.get(header)).toBeNull();
  });

  it('passes settings to the page', async () => {
    const server = await start({ settings: { investigationalUseDialog: { option: 'never' } } });
    expect(await (await get(server, '/viewer-settings.js')).text()).toBe(
      'window.spineSettings = {"pacs":false,"investigationalUseDialog":{"option":"never"}};\n'
    );
  });
});

describe('the PACS proxy', () => {
  let pacs: Server;
  afterEach(() => new Promise(resolve => pacs.close(resolve)));

  it('passes requests on with the address the browser used, and says when the PACS is gone', async () => {
    pacs = createServer((request, response) => {
      response.writeHead(207, { 'X-Pacs': 'yes' });
      response.end(JSON.stringify({ url: request.url, forwarded: request.headers.forwarded }));
    });
    await new Promise<void>(resolve => pacs.listen(0, '127.0.0.1', resolve));
    const address = pacs.address() as { port: number };
    const server = await start({ pacs: new URL(`http://127.0.0.1:${address.port}`) });
    const answer = await get(server, '/orthanc/dicom-web/studies?PatientID=a%2Cb&includefield=00081030%2C00080060');
    expect(answer.status).toBe(207);
    expect(answer.headers.get('x-pacs')).toBe('yes');
    const host = server.url.slice('http://'.length);
    expect(await answer.json()).toEqual({
      url: '/dicom-web/studies?PatientID=a%2Cb&includefield=00081030,00080060',
      forwarded: `host=${host}/orthanc;proto=http`,
    });

    pacs.closeAllConnections();
    await new Promise(resolve => pacs.close(resolve));
    const gone = await get(server, '/orthanc/dicom-web/studies');
    expect(gone.status).toBe(502);
    expect(await gone.text()).toMatch(/does not answer/);
  });
});

/** A request whose path fetch() would have tidied up. */
function rawGet(server: ViewerServer, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    );
    let text = '';
    socket.on('data', chunk => (text += String(chunk)));
    socket.on('end', () => resolve(text)).on('error', reject);
  });
}
