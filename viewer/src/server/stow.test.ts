import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { JsonDataset } from './dicomJson';
import { buildMultipart } from '@spine/headless/multipart';
import { failureReasons } from './stow';
import { rawRequest, statusOf } from './testPacs';
import { dicomFile } from './testing';
import { folder, get, rows, start, store, folderForEachTest } from './testServer';

folderForEachTest();

/** Failure reason of the first failed instance. */
async function failure(response: Response): Promise<unknown> {
  const body = (await response.json()) as JsonDataset;
  return (body['00081198'].Value?.[0] as JsonDataset)['00081197'].Value?.[0];
}

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

  // The 10 GB are never sent: a server that waited for them would not answer before the test's own timeout.
  it('announced too large is refused before it is sent, and counted when it is not announced', async () => {
    const server = await start({ maxStowBytes: 1000 });
    const headers = { 'Content-Type': 'multipart/related; boundary=b', 'Content-Length': '10000000000' };
    expect(statusOf(await rawRequest(server, 'POST /dicomweb/studies', headers))).toBe(413);
    const waiting = await rawRequest(server, 'POST /dicomweb/studies', { ...headers, Expect: '100-continue' });
    expect(waiting).toMatch(/^HTTP\/1\.1 413/); // and not 100 Continue
    const chunked = { 'Content-Type': 'multipart/related; boundary=b', 'Transfer-Encoding': 'chunked' };
    const body = `800\r\n${'x'.repeat(0x800)}\r\n0\r\n\r\n`;
    expect(statusOf(await rawRequest(server, 'POST /dicomweb/studies', chunked, body))).toBe(413);
    expect(
      statusOf(await rawRequest(server, 'POST /dicomweb/studies', { ...chunked, 'Content-Encoding': 'gzip' }))
    ).toBe(415);
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
  });

  it('200 pairs at once for one SOP Instance each: one wins whole, and every 200 is true', async () => {
    const server = await start();
    const variant = (n: number, patient: string) =>
      dicomFile({ sop: `1.2.1.${n}`, attributes: { PatientID: patient, PixelData: pixels(n, patient) } });
    const pairs = Array.from({ length: 200 }, (_, n) => {
      const first = variant(n + 1, 'A');
      return [first, n % 2 ? variant(n + 1, 'B') : first];
    });
    const answers = await Promise.all(
      pairs.map(pair => Promise.all(pair.map(async file => (await store(server, [file])).status)))
    );
    for (const [n, pair] of pairs.entries()) {
      expect([...answers[n]].sort()).toEqual(n % 2 ? [200, 409] : [200, 200]);
      const kept = readFileSync(join(folder, `data/1.2/1.2.1/1.2.1.${n + 1}.dcm`));
      expect(kept.equals(pair[answers[n].indexOf(200)])).toBe(true);
    }
    expect(await rows(server, '/dicomweb/instances')).toHaveLength(200);
    expect(readdirSync(join(folder, 'data'))).toEqual(['1.2']);
  });

  it('of 200 uploads that are cut off, the connection or the body, none is accepted', async () => {
    const server = await start();
    const { contentType, body } = buildMultipart('application/dicom', 'application/dicom', [
      dicomFile({ sop: '1.2.1.1' }),
      dicomFile({ sop: '1.2.1.2', attributes: { PixelData: pixels(2, 'A') } }),
    ]);
    const end = body.lastIndexOf('--'); // the last two dashes close the body
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => {
        const cut = body.subarray(0, Math.floor(((n + 0.5) / 200) * end)).toString('latin1');
        const length = String(n % 2 ? cut.length : body.length);
        return rawRequest(
          server,
          'POST /dicomweb/studies',
          { 'Content-Type': contentType, 'Content-Length': length },
          cut,
          n % 2 === 0
        );
      })
    );
    expect(answers.map(statusOf).filter(status => status !== 400 && status !== 0)).toEqual([]);
    expect(await rows(server, '/dicomweb/instances')).toEqual([]);
    // The server may still be clearing up when the last client has gone.
    for (let tries = 0; tries < 100 && readdirSync(join(folder, 'data')).length; tries++) {
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    expect((await store(server, [dicomFile({ sop: '1.2.1.1' })])).status).toBe(200);
  });

  it('names at start what was damaged, and takes it again', async () => {
    const files = ['1.2.1.1', '1.2.1.2', '1.2.1.3', '1.2.1.4'].map(sop => dicomFile({ sop }));
    await store(await start(), files);
    const place = (n: number) => join(folder, `data/1.2/1.2.1/1.2.1.${n}.dcm`);
    writeFileSync(place(1), files[0].subarray(0, files[0].length - 3));
    writeFileSync(place(2), Buffer.alloc(files[1].length));
    writeFileSync(place(3), '');
    writeFileSync(join(folder, 'data/.incoming-1999999-x'), 'left by a process that is gone');
    const server = await start();
    expect(server.stored.unreadable.map(({ file }) => file)).toEqual([place(1), place(2), place(3)]);
    expect(await rows(server, '/dicomweb/instances')).toHaveLength(1);
    expect((await store(server, files)).status).toBe(200);
    for (const [n, file] of files.entries()) expect(readFileSync(place(n + 1)).equals(file)).toBe(true);
    const kept = readdirSync(join(folder, 'data/1.2/1.2.1')).filter(name => name.includes('.damaged-'));
    expect(kept).toHaveLength(3);
    expect(readdirSync(join(folder, 'data'))).toEqual(['1.2']);
  });

  it('takes an instance again whose file is gone, and one that another process has stored', async () => {
    const [one, two] = [await start(), await start()];
    const file = dicomFile({ sop: '1.2.1.1' });
    expect((await store(one, [file])).status).toBe(200);
    expect((await store(two, [file])).status).toBe(200);
    expect((await store(two, [dicomFile({ sop: '1.2.1.1', attributes: { PatientID: 'X' } })])).status).toBe(409);
    rmSync(join(folder, 'data/1.2'), { recursive: true });
    expect((await store(one, [file])).status).toBe(200);
    expect(readFileSync(join(folder, 'data/1.2/1.2.1/1.2.1.1.dcm')).equals(file)).toBe(true);
  });
});

const pixels = (n: number, patient: string) => new Uint8Array(4000).fill(n + patient.charCodeAt(0)).buffer;
