/** What is sent or asked in order to take the server's time or memory. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';

import { InstanceStore } from './instanceStore';
import type { Part10File } from './part10';
import { readPart10 } from './part10';
import { search } from './qido';
import { dicomFile } from './testing';
import { folder, folderForEachTest, get, rows, start, store } from './testServer';

folderForEachTest();

const uint16 = (...values: number[]) => Buffer.from(new Uint16Array(values).buffer);
const uint32 = (value: number) => Buffer.from(new Uint32Array([value]).buffer);
const implicit = (group: number, element: number, length: number) =>
  Buffer.concat([uint16(group, element), uint32(length)]);
const undefinedLength = 0xffffffff;
const sequence = Buffer.concat([implicit(0x0040, 0xa730, undefinedLength), implicit(0xfffe, 0xe000, undefinedLength)]);

/** A whole file with this transfer syntax, `data` behind its own elements. */
function withTail(transferSyntax: string, data: Buffer, replace = false): Buffer {
  const plain = dicomFile({ sop: '1.2.1.1' });
  const meta = 132 + 12 + plain.readUInt32LE(140);
  const file = dicomFile({ sop: '1.2.1.1', transferSyntax });
  const ownMeta = 132 + 12 + file.readUInt32LE(140);
  return Buffer.concat([file.subarray(0, ownMeta), replace ? data : Buffer.concat([plain.subarray(meta), data])]);
}

const files: [string, () => Buffer][] = [
  ['a deflated file of 4 GB', () => withTail('1.2.840.10008.1.2.1.99', bomb(), true)],
  [
    '100,000 sequences in one another',
    () => withTail('1.2.840.10008.1.2', Buffer.concat(Array<Buffer>(100_000).fill(sequence)), true),
  ],
  [
    'six million empty elements',
    () => withTail('1.2.840.10008.1.2', Buffer.alloc(48_000_000, implicit(9, 0x1001, 0)), true),
  ],
  [
    'six million empty items',
    () =>
      withTail(
        '1.2.840.10008.1.2',
        Buffer.concat([
          implicit(0x0040, 0xa730, undefinedLength),
          Buffer.alloc(48_000_000, implicit(0xfffe, 0xe000, 0)),
        ]),
        true
      ),
  ],
  [
    'a text of thirty million values',
    () =>
      withTail(
        '1.2.840.10008.1.2',
        Buffer.concat([implicit(0x0008, 0x1030, 30_000_000), Buffer.alloc(30_000_000, '\\')]),
        true
      ),
  ],
  [
    'twenty million zeros and a one',
    () => withTail('1.2.840.10008.1.2', Buffer.concat([Buffer.alloc(20_000_000), Buffer.from([1])]), true),
  ],
  [
    'an element of 4 GB in a file of 1 KB',
    () => withTail('1.2.840.10008.1.2', implicit(0x7fe0, 0x0010, 0xfffffffe), true),
  ],
];

function bomb(): Buffer {
  // The same 64 MB of zeros, deflated once and repeated: its blocks need nothing from one another.
  const block = deflateRawSync(Buffer.alloc(64 * 1024 ** 2), { finishFlush: 2 /* Z_SYNC_FLUSH */ });
  return Buffer.concat(Array<Buffer>(64).fill(block));
}

/** Processor time, which other work on the machine does not lengthen. */
function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

describe('hostile files', () => {
  it.each(files)('%s: refused, soon and in bounded memory; the server goes on', async (_, make) => {
    const server = await start();
    const file = make();
    const before = { cpu: process.cpuUsage(), memory: process.memoryUsage().rss };
    expect((await store(server, [file])).status).toBe(409);
    expect(secondsSince(before.cpu)).toBeLessThan(20);
    expect(process.memoryUsage().rss - before.memory).toBeLessThan(1.5 * 1024 ** 3);
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    expect((await get(server, '/')).status).toBe(200);
  });
});

describe('searching', () => {
  it('10,000 series of one study are listed in under a second', () => {
    const instances = new InstanceStore('/dicomweb', folder);
    const { meta, dataset } = readPart10(dicomFile({ sop: '1.2.1.1' }));
    const register = (instances as unknown as { register(parsed: Part10File, file: string): void }).register.bind(
      instances
    );
    for (let n = 0; n < 10_000; n++) {
      const uid = (tail: string) => ({ vr: 'UI', Value: [`1.2.${n}${tail}`] });
      register({ meta, dataset: { ...dataset, '0020000E': uid(''), '00080018': uid('.1') } }, '');
    }
    const before = process.cpuUsage();
    expect(search(instances, 'series', '1.2', undefined, new URLSearchParams()).rows).toHaveLength(10_000);
    expect(
      search(instances, 'instance', '1.2', undefined, new URLSearchParams('PatientName=*pine*')).rows
    ).toHaveLength(10_000);
    // Two searches, of the processor's time: one takes about 0.15 s.
    expect(secondsSince(before)).toBeLessThan(2);
  });

  it.each([
    `PatientName=${'*a'.repeat(3000)}`,
    `Modality=${'CT,'.repeat(4000)}`,
    `limit=${'9'.repeat(5000)}`,
    `StudyDate=${'-'.repeat(5000)}`,
    `StudyInstanceUID=${'1.'.repeat(4000)}`,
    '&'.repeat(8000),
    '__proto__=1&constructor=2',
  ])('%.40s… is answered at once', async query => {
    const server = await start();
    await store(server, [dicomFile({ sop: '1.2.1.1', attributes: { PatientName: 'a'.repeat(64) } })]);
    const before = process.cpuUsage();
    expect([200, 400]).toContain((await get(server, `/dicomweb/studies?${query}`)).status);
    expect(secondsSince(before)).toBeLessThan(2);
    expect(await rows(server, '/dicomweb/studies')).toHaveLength(1);
  });
});
