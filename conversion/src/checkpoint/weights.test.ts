/** Every way in which a checkpoint can be wrong: refused by name, without executing or allocating what it asks for. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { type CheckpointTensor, StoredZip, writeCheckpoint } from '../../../test/support/checkpointFile';
import { pickled, pickleFile } from '../../../test/support/pickleFile';
import { ROOT } from '../../../test/support/shared';
import { checkShapes } from '../model/expectedShapes';
import { inferArchitecture } from '../model/inferArchitecture';
import { openWeights } from './weights';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'weights-'))));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

const values = Float32Array.of(1, 2, 3, 4, 5, 6);
const tensor: CheckpointTensor = { name: 'ema_model.w', shape: [2, 3], values: () => values };

async function read(path: string, name = 'w'): Promise<number[]> {
  const weights = await openWeights(path);
  try {
    return [...(await weights.read(name))];
  } finally {
    weights.close();
  }
}

describe('what is read', () => {
  it('is the averaged weights; other keys stay where they are', async () => {
    const other = { ...tensor, name: 'model.w', values: () => new Float32Array(6) };
    writeCheckpoint(file('plain.ckpt'), [other, tensor]);
    expect(await read(file('plain.ckpt'))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('follows strides and offsets', async () => {
    writeCheckpoint(file('strides.ckpt'), [{ ...tensor, claims: { shape: [2, 2], strides: [1, 2], offset: 1 } }]);
    expect(await read(file('strides.ckpt'))).toEqual([2, 4, 3, 5]);
  });

  it.each([
    [
      'HalfStorage',
      Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0, 0x3555),
      [1, -2, 2 ** -24, 65504, 0, 0.333251953125],
    ],
    ['BFloat16Storage', Uint16Array.of(0x3f80, 0xc000, 0, 0x4049, 0, 0x3f00), [1, -2, 0, 3.140625, 0, 0.5]],
    ['DoubleStorage', Float64Array.of(1, 2, 3, 4, 5, 0.1), [1, 2, 3, 4, 5, Math.fround(0.1)]],
  ])('reads %s as float32', async (storage, stored, expected) => {
    writeCheckpoint(file('kind.ckpt'), [{ ...tensor, values: () => stored as unknown as Float32Array }], { storage });
    expect(await read(file('kind.ckpt'))).toEqual(expected);
  });

  it("leaves a trainer's objects inert", async () => {
    const callback = pickled.instance(pickled.name('pytorch_lightning.callbacks', 'ModelCheckpoint'), pickled.dict());
    const settings = pickled.call(pickled.name('argparse', 'Namespace'), pickled.tuple());
    writeCheckpoint(file('trainer.ckpt'), [tensor], {
      extra: [
        ['callbacks', pickled.dict([pickled.name('pytorch_lightning', 'Callback'), callback])],
        ['hyper_parameters', pickled.list(settings)],
      ],
    });
    expect(await read(file('trainer.ckpt'))).toHaveLength(6);
  });
});

describe('what is refused', () => {
  const refused = (path: string, message: RegExp) =>
    expect(read(path)).rejects.toMatchObject({ code: 'checkpoint-file', message });

  it('a class or call from outside, by name, and without executing it', async () => {
    const target = file('executed');
    const call = pickled.call(pickled.name('os', 'mkdir'), pickled.tuple(pickled.text(target)));
    writeCheckpoint(file('call.ckpt'), [tensor], { extra: [['x', call]] });
    await refused(file('call.ckpt'), /os\.mkdir/);
    expect(existsSync(target)).toBe(false);
    const getattr = pickled.call(pickled.name('builtins', 'eval'), pickled.tuple(pickled.text('1')));
    writeCheckpoint(file('eval.ckpt'), [tensor], { extra: [['x', getattr]] });
    await refused(file('eval.ckpt'), /builtins\.eval/);
  });

  it('a file that is cut anywhere', async () => {
    writeCheckpoint(file('whole.ckpt'), [tensor]);
    const bytes = readFileSync(file('whole.ckpt'));
    for (let length = 0; length < bytes.length; length += 13) {
      writeFileSync(file('cut.ckpt'), bytes.subarray(0, length));
      await refused(file('cut.ckpt'), /cut\.ckpt/);
    }
  });

  it('other files, with what they may be', async () => {
    await refused(file('absent.ckpt'), /no such file/);
    writeFileSync(file('page.ckpt'), '<html>not found</html>');
    await refused(file('page.ckpt'), /web page/);
    const zip = new StoredZip(file('zip.ckpt'));
    zip.add('readme.txt', Buffer.from('x'));
    zip.close();
    await refused(file('zip.ckpt'), /without one data\.pkl/);
    writeCheckpoint(file('no-ema.ckpt'), [{ ...tensor, name: 'model.w' }]);
    await refused(file('no-ema.ckpt'), /ema_model\.\*/);
  });

  it('tensors that reach beyond their storage or repeat it', async () => {
    for (const claims of [
      { offset: 1 },
      { shape: [3, 3] },
      { strides: [300, 1] },
      { shape: [1000, 1000], strides: [0, 0] },
    ]) {
      writeCheckpoint(file('beyond.ckpt'), [{ ...tensor, claims }]);
      await refused(file('beyond.ckpt'), /beyond its storage/);
    }
    writeCheckpoint(file('short.ckpt'), [{ ...tensor, values: () => values.subarray(0, 5) }]);
    await refused(file('short.ckpt'), /has 20 bytes, 24 are needed/);
  });

  it('shapes that no memory holds, before any of it is taken', async () => {
    writeCheckpoint(file('huge.ckpt'), [{ ...tensor, claims: { shape: [2 ** 30, 2 ** 30], strides: [0, 0] } }]);
    await refused(file('huge.ckpt'), /weights; more than/);
  });

  it('numbers that are not finite', async () => {
    writeCheckpoint(file('nan.ckpt'), [{ ...tensor, values: () => values.map((v, i) => (i === 4 ? NaN : v)) }]);
    await refused(file('nan.ckpt'), /ema_model\.w holds numbers that are not finite/);
  });

  it('a storage that names a file elsewhere, an entry that is compressed, and one that is there twice', async () => {
    const storage = (key: string) =>
      pickled.persistent(
        pickled.tuple(
          pickled.text('storage'),
          pickled.name('torch', 'FloatStorage'),
          pickled.text(key),
          pickled.text('cpu'),
          pickled.integer(6)
        )
      );
    const zip = new StoredZip(file('elsewhere.ckpt'));
    zip.add('archive/data.pkl', pickleFile(pickled.dict([pickled.text('state_dict'), storage('../../secret')])));
    zip.close();
    await refused(file('elsewhere.ckpt'), /a storage has the key/);
    const twice = new StoredZip(file('twice.ckpt'));
    for (let i = 0; i < 2; i++) twice.add('archive/data/0', Buffer.alloc(24));
    twice.add('archive/data.pkl', pickleFile(pickled.dict()));
    twice.close();
    await refused(file('twice.ckpt'), /twice/);
    writeCheckpoint(file('deflated.ckpt'), [tensor]);
    const bytes = readFileSync(file('deflated.ckpt'));
    // The central directory's entry of data.pkl is the first; 8 is deflate.
    bytes.writeUInt16LE(8, bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 10);
    writeFileSync(file('deflated.ckpt'), bytes);
    expect(deflateRawSync(Buffer.alloc(1)).length).toBeGreaterThan(0);
    await refused(file('deflated.ckpt'), /compressed/);
  });

  it('weights that do not fit the architecture, by name', async () => {
    const weights = await openWeights(join(ROOT, 'models/tiny/tiny-dae.ckpt'));
    weights.close();
    const architecture = inferArchitecture(weights.shapes, 'x');
    const shapes = new Map(weights.shapes);
    shapes.set('out.0.bias', [31]);
    expect(() => checkShapes('x', shapes, architecture)).toThrow(
      /ema_model\.out\.0\.bias has shape \(31\), not \(32\)/
    );
    shapes.delete('out.0.bias');
    expect(() => checkShapes('x', shapes, architecture)).toThrow(/out\.0\.bias is missing/);
    shapes.set('out.0.bias', [32]).set('extra', [1]);
    expect(() => checkShapes('x', shapes, architecture)).toThrow(/extra is unknown/);
    expect(() => checkShapes('x', weights.shapes, { ...architecture, model_channels: 64 })).toThrow(/do not fit/);
  });
});
