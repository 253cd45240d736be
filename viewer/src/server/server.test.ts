import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonDataset } from './dicomJson';
import { buildMultipart, parseContentType, parseMultipart } from './multipart';
import { startServer, type ViewerServer, type ViewerServerOptions } from './server';
import { failureReasons } from './stow';
import { dicomFile } from './testing';

let folder: string;
let servers: ViewerServer[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-server-'));
  servers = [];
  for (const name of ['dicom/deep', 'dist/assets']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'dist/index.html'), '<html>viewer</html>');
  writeFileSync(join(folder, 'dist/assets/a.wasm'), 'wasm');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
});
afterEach(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<ViewerServerOptions> = {}): Promise<ViewerServer> {
  const server = await startServer({
    port: 0,
    dicomFolders: [join(folder, 'dicom')],
    dataFolder: join(folder, 'data'),
    dist: join(folder, 'dist'),
    log: () => undefined,
    ...options,
  });
  servers.push(server);
  return server;
}

function addFile(name: string, bytes: Buffer | string): void {
  writeFileSync(join(folder, 'dicom', name), bytes);
}

const get = (server: ViewerServer, path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers });
const rows = async (server: ViewerServer, path: string) => (await (await get(server, path)).json()) as JsonDataset[];

function store(server: ViewerServer, parts: Buffer[], path = '/dicomweb/studies'): Promise<Response> {
  const { contentType, body } = buildMultipart('application/dicom', 'application/dicom', parts);
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body: new Uint8Array(body),
  });
}

async function parts(response: Response): Promise<{ type: string; body: Buffer }[]> {
  const { parameters } = parseContentType(response.headers.get('content-type') ?? '');
  return parseMultipart(Buffer.from(await response.arrayBuffer()), parameters.boundary).map(({ headers, body }) => ({
    type: headers['content-type'],
    body,
  }));
}

/** Failure reason of the first failed instance. */
async function failure(response: Response): Promise<unknown> {
  const body = (await response.json()) as JsonDataset;
  return (body['00081198'].Value?.[0] as JsonDataset)['00081197'].Value?.[0];
}

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

describe('QIDO-RS', () => {
  beforeEach(() => {
    addFile('a1', dicomFile({ sop: '1.2.1.1' }));
    addFile('a2', dicomFile({ sop: '1.2.1.2', attributes: { InstanceNumber: '2' } }));
    addFile('a3', dicomFile({ series: '1.2.2', sop: '1.2.2.1', attributes: { Modality: 'SEG' } }));
    addFile(
      'b',
      dicomFile({
        study: '1.3',
        series: '1.3.1',
        sop: '1.3.1.1',
        attributes: { Modality: 'MR', StudyDate: '20260301', PatientName: 'Other' },
      })
    );
  });

  it('lists studies, newest first, with their modalities and counts', async () => {
    const [first, second] = await rows(
      await start(),
      '/dicomweb/studies?limit=101&offset=0&fuzzymatching=false&includefield=00081030'
    );
    expect(first['0020000D'].Value).toEqual(['1.3']);
    expect(second['0020000D'].Value).toEqual(['1.2']);
    expect(second['00080061'].Value).toEqual(['CT', 'SEG']);
    expect(second['00201206'].Value).toEqual([2]);
    expect(second['00201208'].Value).toEqual([3]);
    expect(second['00100010'].Value).toEqual([{ Alphabetic: 'Phantom^Spine' }]);
  });

  it.each([
    ['PatientName=*spine*', ['1.2']],
    ['00100010=other', ['1.3']],
    ['ModalitiesInStudy=CT', ['1.2']],
    ['StudyDate=20260201-20260401', ['1.3']],
    ['StudyInstanceUID=1.2,1.3&PatientID=P1', ['1.3', '1.2']],
    ['limit=1', ['1.3']],
    ['limit=1&offset=1', ['1.2']],
    ['offset=5', []],
    ['AccessionNumber=X', []],
  ])('filters by %s', async (query, expected) => {
    const found = await rows(await start(), `/dicomweb/studies?${query}`);
    expect(found.map(row => row['0020000D'].Value?.[0])).toEqual(expected);
  });

  it('lists series and instances', async () => {
    const server = await start();
    const series = await rows(server, '/dicomweb/studies/1.2/series?Modality=SEG');
    expect(series.map(row => row['0020000E'].Value)).toEqual([['1.2.2']]);
    const instances = await rows(server, '/dicomweb/studies/1.2/series/1.2.1/instances');
    expect(instances.map(row => row['00080018'].Value)).toEqual([['1.2.1.1'], ['1.2.1.2']]);
    expect(await rows(server, '/dicomweb/instances?Modality=MR')).toHaveLength(1);
  });

  it('answers 400 to malformed values and warns of filters it does not know', async () => {
    const server = await start();
    expect((await get(server, '/dicomweb/studies?StudyDate=soon')).status).toBe(400);
    expect((await get(server, '/dicomweb/studies?limit=-1')).status).toBe(400);
    const answer = await get(server, '/dicomweb/studies?Colour=red');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('warning')).toMatch(/^299 .*Colour/);
  });
});

describe('WADO-RS', () => {
  const base = '/dicomweb/studies/1.2/series/1.2.1';

  it('gives metadata with large binaries by reference, and those by their address', async () => {
    const large = new Uint8Array(3000).fill(7).buffer;
    const nested = { RedPaletteColorLookupTableData: large };
    addFile(
      'a',
      dicomFile({
        sop: '1.2.1.1',
        attributes: {
          ICCProfile: new Uint8Array([1, 2]).buffer,
          RescaleSlope: '2.5',
          ReferencedImageSequence: [nested],
        },
      })
    );
    const server = await start();
    const [metadata] = await rows(server, `${base}/metadata`);
    expect(metadata['00281053']).toEqual({ vr: 'DS', Value: [2.5] });
    expect(metadata['00282000'].InlineBinary).toBe('AQI=');
    expect(metadata['7FE00010'].BulkDataURI).toBe(`${base}/instances/1.2.1.1/frames`);
    const item = metadata['00081140'].Value?.[0] as JsonDataset;
    const address = item['00281201'].BulkDataURI!;
    expect(address).toBe(`${base}/instances/1.2.1.1/bulkdata/00081140/0/00281201`);
    const [part] = await parts(await get(server, address));
    expect(part.body.equals(Buffer.from(large))).toBe(true);
  });

  it('gives frames, in the transfer syntax of the file', async () => {
    addFile(
      'a',
      dicomFile({
        sop: '1.2.1.1',
        attributes: { NumberOfFrames: '2', PixelData: new Uint8Array(16).map((_, i) => i).buffer },
      })
    );
    const server = await start();
    const frames = await parts(await get(server, `${base}/instances/1.2.1.1/frames/2,1`));
    expect(frames.map(({ body }) => body[0])).toEqual([8, 0]);
    expect(frames[0].type).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
    expect((await get(server, `${base}/instances/1.2.1.1/frames/3`)).status).toBe(404);
    expect((await get(server, `${base}/instances/1.2.1.1/frames/x`)).status).toBe(400);
  });

  it('gives compressed frames as they are', async () => {
    const fragments = [new Uint8Array([255, 216, 1, 2]).buffer, new Uint8Array([255, 216, 3, 4]).buffer];
    const jpegLossless = '1.2.840.10008.1.2.4.70';
    addFile(
      'a',
      dicomFile({
        sop: '1.2.1.1',
        transferSyntax: jpegLossless,
        attributes: { NumberOfFrames: '2', PixelData: fragments },
      })
    );
    const [frame] = await parts(await get(await start(), `${base}/instances/1.2.1.1/frames/2`));
    expect([...frame.body]).toEqual([255, 216, 3, 4]);
    expect(frame.type).toBe(`image/jpeg; transfer-syntax=${jpegLossless}`);
  });

  it('gives frames of one-bit images that do not begin on a byte', async () => {
    // Two frames of 6 bits: 101100 and 011001, least significant bit first.
    const bits = [1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1].reduce((sum, bit, i) => sum | (bit << i), 0);
    const attributes = {
      NumberOfFrames: '2',
      Rows: 2,
      Columns: 3,
      BitsAllocated: 1,
      PixelData: new Uint8Array([bits & 255, bits >> 8]).buffer,
    };
    addFile('a', dicomFile({ sop: '1.2.1.1', attributes }));
    const frames = await parts(await get(await start(), `${base}/instances/1.2.1.1/frames/1,2`));
    expect(frames.map(({ body }) => [...body])).toEqual([[0b001101], [0b100110]]);
  });

  it('gives the files themselves', async () => {
    const files = ['1.2.1.1', '1.2.1.2'].map(sop => dicomFile({ sop }));
    files.forEach((file, i) => addFile(String(i), file));
    const server = await start();
    const all = await parts(await get(server, base));
    expect(all.map(({ body }) => body)).toEqual(files);
    const one = await get(server, `${base}/instances/1.2.1.2`, { Accept: 'application/dicom' });
    expect(Buffer.from(await one.arrayBuffer()).equals(files[1])).toBe(true);
  });

  it.each([
    '/dicomweb/studies/9.9',
    `${base}/instances/9.9/metadata`,
    `${base}/frames/1`,
    '/dicomweb/nothing',
    `${base}/instances/1.2.1.1/bulkdata/00080018/0`,
  ])('answers 404 to %s', async path => {
    addFile('a', dicomFile({ sop: '1.2.1.1' }));
    expect((await get(await start(), path)).status).toBe(404);
  });

  it('answers 400 to what is no UID and 405 to other methods', async () => {
    const server = await start();
    expect((await get(server, '/dicomweb/studies/..%2f..%2fsecret.txt/metadata')).status).toBe(400);
    expect((await fetch(`${server.url}/dicomweb/studies`, { method: 'DELETE' })).status).toBe(405);
  });
});

describe('STOW-RS', () => {
  it('stores, serves at once, and still after a restart', async () => {
    const server = await start();
    const file = dicomFile({ sop: '1.2.1.9' });
    const answer = await store(server, [file]);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as JsonDataset;
    const reference = body['00081199'].Value?.[0] as JsonDataset;
    expect(reference['00081155'].Value).toEqual(['1.2.1.9']);
    expect((await get(server, `${reference['00081190'].Value?.[0] as string}/metadata`)).status).toBe(200);
    expect(readFileSync(join(folder, 'data/1.2/1.2.1/1.2.1.9.dcm')).equals(file)).toBe(true);
    expect(await rows(await start(), '/dicomweb/studies')).toHaveLength(1);
  });

  it('takes the same file twice as one', async () => {
    const server = await start();
    const file = dicomFile({ sop: '1.2.1.9' });
    expect((await store(server, [file])).status).toBe(200);
    expect((await store(server, [file])).status).toBe(200);
    expect(await rows(server, '/dicomweb/instances')).toHaveLength(1);
  });

  it('refuses to replace an instance, and stores the others of the request', async () => {
    const server = await start();
    await store(server, [dicomFile({ sop: '1.2.1.1' })]);
    const answer = await store(server, [
      dicomFile({ sop: '1.2.1.1', attributes: { PatientID: 'X' } }),
      dicomFile({ sop: '1.2.1.2' }),
    ]);
    expect(answer.status).toBe(202);
    expect(await failure(answer)).toBe(failureReasons.duplicateInstance);
    const found = await rows(server, '/dicomweb/studies/1.2/instances');
    expect(found.map(row => row['00100020'].Value)).toEqual([['P1'], ['P1']]);
  });

  it.each([
    ['no DICOM', Buffer.from('hello'), failureReasons.cannotUnderstand],
    ['a file that is cut off', dicomFile({ sop: '1.2.1.1' }).subarray(0, 300), failureReasons.cannotUnderstand],
    [
      'a data set without a study',
      dicomFile({ sop: '1.2.1.1', attributes: { StudyInstanceUID: '' } }),
      failureReasons.doesNotMatchRequest,
    ],
    ['a path for a UID', dicomFile({ study: '../../x', sop: '1.2.1.1' }), failureReasons.doesNotMatchRequest],
    ['another study than the address', dicomFile({ study: '1.3', sop: '1.3.1.1' }), failureReasons.doesNotMatchRequest],
  ])('answers 409 with the reason to %s', async (_, file, reason) => {
    const server = await start();
    const answer = await store(server, [file], '/dicomweb/studies/1.2');
    expect(answer.status).toBe(409);
    expect(await failure(answer)).toBe(reason);
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('reports a folder that cannot be written as processing failure', async () => {
    const server = await start();
    writeFileSync(join(folder, 'data/1.2'), 'a file where a folder should be');
    const answer = await store(server, [dicomFile({ sop: '1.2.1.1' })]);
    expect(answer.status).toBe(409);
    expect(await failure(answer)).toBe(failureReasons.processingFailure);
    expect(await rows(server, '/dicomweb/studies')).toEqual([]);
  });

  it('answers 400, 403, 413 and 415 to what is wrong with the request', async () => {
    const server = await start({ maxStowBytes: 1000 });
    const post = (type: string, body: BodyInit) =>
      fetch(`${server.url}/dicomweb/studies`, { method: 'POST', headers: { 'Content-Type': type }, body });
    expect((await post('multipart/related; type="application/dicom"; boundary=b', 'nothing')).status).toBe(400);
    expect((await post('application/json', '{}')).status).toBe(415);
    expect((await post('multipart/related; boundary=b', new Uint8Array(5000))).status).toBe(413);
    expect((await store(await start({ readOnly: true }), [dicomFile({ sop: '1.2.1.1' })])).status).toBe(403);
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
