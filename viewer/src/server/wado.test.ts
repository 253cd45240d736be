import type { JsonDataset } from './dicomJson';
import { dicomFile } from './testing';
import { addFile, get, parts, rows, start, folderForEachTest } from './testServer';

folderForEachTest();

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

  it('refuses frames beyond the data, and a frame many times over', async () => {
    const pixels = (bytes: number) => ({ NumberOfFrames: '1000000', PixelData: new Uint8Array(bytes).buffer });
    addFile('a', dicomFile({ sop: '1.2.1.1', attributes: pixels(16) }));
    addFile('b', dicomFile({ sop: '1.2.1.2', attributes: { ...pixels(16), Rows: 65535, Columns: 65535 } }));
    addFile('c', dicomFile({ sop: '1.2.1.3', attributes: { ...pixels(16), Rows: 0 } }));
    addFile('d', dicomFile({ sop: '1.2.1.4', transferSyntax: '1.2.840.10008.1.2.4.90', attributes: pixels(16) }));
    const server = await start();
    const status = async (sop: number, frames: string) =>
      (await get(server, `${base}/instances/1.2.1.${sop}/frames/${frames}`)).status;
    expect(await status(1, '1,2')).toBe(200);
    expect([await status(1, '3'), await status(1, '1000000'), await status(1, '0')]).toEqual([404, 404, 404]);
    expect([await status(2, '1'), await status(3, '1'), await status(4, '2')]).toEqual([404, 404, 404]);
    expect(await status(1, '1,1')).toBe(400);
    expect(await status(1, Array(5000).fill('1').join())).toBe(400);
    expect(await status(1, '9'.repeat(12))).toBe(400);
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
