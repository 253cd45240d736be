import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { JsonDataset } from './dicomJson';
import { failureReasons } from './stow';
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
});
