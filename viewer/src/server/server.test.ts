import { dicomFile } from './testing';
import { rawRequest } from './testPacs';
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
    expect(await rawRequest(server, 'GET /../secret.txt')).toMatch(/^HTTP\/1.1 404/);
    expect(await rawRequest(server, 'GET /..%2fsecret.txt')).toMatch(/^HTTP\/1.1 404/);
    expect(await rawRequest(server, 'GET /%00.txt')).toMatch(/^HTTP\/1.1 404/);
    expect(await rawRequest(server, 'GET /%E0%A4%A')).toMatch(/^HTTP\/1.1 400/);
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
