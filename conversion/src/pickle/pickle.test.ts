/** Pickles read as data: what they may hold, and every kind that could execute or exhaust something. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effort } from '../../../test/support/effort';
import { pickled, pickledArray, pickleFile } from '../../../test/support/pickleFile';
import { sharedFolder, skipLine } from '../../../test/support/shared';
import { classifierFromJson, classifierFromPickles } from '../model/classifier';
import type { NumpyArray } from './numpyTypes';
import { LOGISTIC_REGRESSION, readSklearn, STANDARD_SCALER } from './sklearn';
import type { PickleTuple } from './values';
import { type PickleValue } from './values';

/** The dearest takes 6; without bounds they take minutes or for ever. */
const MOST_EFFORT = 300;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pickle-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function stored(bytes: Uint8Array | string, name = 'crafted.pkl'): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const read = (bytes: Uint8Array | string): PickleValue => readSklearn(stored(bytes));
const refusal = (bytes: Uint8Array | string) => {
  try {
    read(bytes);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

const instance = (name: string, attributes: Record<string, Buffer>) => {
  const at = name.lastIndexOf('.');
  const state = pickled.dict(...Object.entries(attributes).map(([key, value]) => [pickled.text(key), value] as const));
  return pickled.instance(pickled.name(name.slice(0, at), name.slice(at + 1)), state);
};

describe('plain values', () => {
  it('of every opcode that writes them', () => {
    const texts =
      '(I42\nI01\nI00\nL-7L\nF2.5\nVna\\u00efve\nN\x88\x89K\x07M\x01\x02J\xff\xff\xff\xff\x8a\x01\xffG\x40\x04\x00\x00\x00\x00\x00\x00U\x01at.';
    const value = read(Buffer.from(texts, 'latin1')) as PickleTuple;
    expect(value.items).toEqual([42, true, false, -7, 2.5, 'naïve', null, true, false, 7, 513, -1, -1, 2.5, 'a']);
  });

  it('through the memo, and integers beyond 53 bits', () => {
    expect(read(Buffer.from('\x80\x04](K\x01\x94h\x00e.', 'latin1'))).toEqual([1, 1]);
    expect(read(Buffer.from('\x80\x02\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x40.', 'latin1'))).toBe(2n ** 62n);
  });
});

describe('arrays', () => {
  it('have their shape and numbers', () => {
    const array = read(pickleFile(pickledArray([1, 2, 3, 4, 5, 6], { shape: [2, 3] }))) as NumpyArray;
    expect([array.shape, [...array.values]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it('whose bytes and shape disagree are refused', () => {
    expect(refusal(pickleFile(pickledArray([1, 2], { shape: [3] })))).toMatch(/has 16 of 24 bytes/);
    expect(refusal(pickleFile(pickledArray([1, 2], { shape: [2 ** 30, 2 ** 30, 2 ** 30] })))).toMatch(/truncated/);
  });

  it('of objects are refused: they hold another pickle', () => {
    expect(refusal(pickleFile(pickledArray([1], { code: 'O8' })))).toMatch(/only numbers/);
  });
});

describe('the classifier', () => {
  const regression = (changes: Record<string, Buffer> = {}) =>
    pickleFile(
      instance(LOGISTIC_REGRESSION, {
        classes_: pickledArray([0, 1], { code: 'i8' }),
        coef_: pickledArray([0.5, -0.25], { shape: [1, 2] }),
        intercept_: pickledArray([0.125]),
        ...changes,
      })
    );
  const scaler = (scale = [1, 2]) =>
    pickleFile(instance(STANDARD_SCALER, { mean_: pickledArray([3, 4]), scale_: pickledArray(scale) }));
  const both = (first: Uint8Array, second: Uint8Array) =>
    classifierFromPickles(stored(first, 'classifier.pkl'), stored(second, 'scaler.pkl'));

  it('is read from both pickles', () => {
    expect(both(regression(), scaler())).toEqual({ mean: [3, 4], scale: [1, 2], coef: [0.5, -0.25], intercept: 0.125 });
  });

  it.each([
    ['swapped files', () => both(scaler(), regression()), /expected a sklearn\.linear_model/],
    [
      'three classes',
      () => both(regression({ classes_: pickledArray([0, 1, 2], { code: 'i8' }) }), scaler()),
      /classes are 0, 1, 2/,
    ],
    ['no coefficients', () => both(regression({ coef_: pickled.none() }), scaler()), /coef_ is no array/],
    ['a scale of zero', () => both(regression(), scaler([1, 0])), /every scale must be positive/],
    ['another length', () => both(regression(), scaler([1, 2, 3])), /scale has 3 numbers, mean has 2/],
    ['no number', () => both(regression({ intercept_: pickledArray([NaN]) }), scaler()), /not finite/],
  ])('is refused with %s', (_, make, message) => expect(make).toThrow(message));

  it('is read from JSON, flat or nested once', () => {
    const json = stored('{"mean":[0],"scale":[1],"coef":[[2]],"intercept":[3]}', 'c.json');
    expect(classifierFromJson(json)).toEqual({ mean: [0], scale: [1], coef: [2], intercept: 3 });
    expect(() => classifierFromJson(stored('{"mean":[0]}', 'd.json'))).toThrow(/d\.json: scale/);
  });

  const published = sharedFolder('golden/published');
  if (!published) skipLine("reading the authors' pickles");
  (published ? it : it.skip)("is the authors' own, and refused when cut anywhere", () => {
    const [classifier, standard] = ['classifier_lr.pkl', 'scaler.pkl'].map(name => join(published!, name));
    const { coef, mean, scale, intercept } = classifierFromPickles(classifier, standard);
    expect([coef.length, coef[0], coef[511]]).toEqual([512, 0.03940465485784736, 0.010858582004757606]);
    expect([mean[0], mean[511], scale[0], scale[511]]).toEqual([
      ...[0.016761834105163548, 0.08455839249412571],
      ...[0.18201808728408436, 0.22628858942482888],
    ]);
    expect(intercept).toBeCloseTo(-0.0007748523513761435, 15);
    for (const path of [classifier, standard]) {
      const bytes = readFileSync(path);
      for (let length = 0; length < bytes.length; length += length < 700 ? 7 : 997) {
        expect(() => read(bytes.subarray(0, length))).toThrow(/crafted\.pkl/);
      }
    }
  });
});

describe('what could execute something', () => {
  it.each([
    ['GLOBAL and REDUCE', "cos\nmkdir\n(S'x'\ntR.", /os\.mkdir/],
    ['GLOBAL and REDUCE with V', 'cos\nmkdir\n(Vx\ntR.', /os\.mkdir/],
    ['STACK_GLOBAL', '\x80\x04\x8c\x02os\x8c\x06system\x93.', /os\.system/],
    ['INST', '(Vx\nios\nmkdir\n.', /opcode "i"/],
    ['OBJ', '(cnumpy\ndtype\nVx\no.', /opcode "o"/],
    ['EXT1', '\x80\x02\x82\x01.', /opcode 0x82/],
    ['PERSID', 'Pname\n.', /opcode "P"/],
    ['BINPERSID', 'Vx\nQ.', /outside itself/],
    ['a call of a plain value', '\x80\x02}N\x85R.', /it calls a Map/],
    ['a call of a class', `c${LOGISTIC_REGRESSION.replace('.Log', '\nLog')}\n)R.`, /it calls sklearn/],
    ['state of a plain value', '\x80\x02}}b.', /sets the state of a Map/],
    ['an instance of a function', 'cnumpy\ndtype\n)\x81.', /builds an instance of numpy\.dtype/],
  ])('%s is refused', (_, bytes, message) => {
    expect(refusal(Buffer.from(bytes, 'latin1'))).toMatch(message);
  });
});

describe('what could exhaust something ends at once', () => {
  it.each([
    ['a stack without bound', () => Buffer.alloc(3_000_000, 'N'), /operations/],
    ['marks without bound', () => Buffer.alloc(3_000_000, '('), /operations/],
    ['operations without bound', () => Buffer.alloc(6_000_000, ']0'), /operations/],
    ['lists that hold one another', () => Buffer.from(`]p0\n${'(g0\ng0\nlp0\n'.repeat(60)}0Vx\nQ.`), /outside itself/],
    ['an integer of a gigabyte', () => Buffer.from('\x80\x02\x8b\x00\x00\x00\x40.', 'latin1'), /integer of/],
    ['digits without end', () => Buffer.from(`L${'9'.repeat(60_000)}L\n.`), /no integer/],
    [
      'a text longer than the file',
      () => Buffer.from('\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.', 'latin1'),
      /announces/,
    ],
    ['memo entries that are not there', () => Buffer.from('\x80\x02j\xff\xff\xff\xff.', 'latin1'), /recalls/],
    ['a pop below the bottom', () => Buffer.from('000.'), /not there/],
    ['items without a mark', () => Buffer.from(']e.'), /mark is missing/],
    ['the same bytes as a thousand arrays', manyArrays, /more than 4000000 numbers/],
  ])('%s', async (_, make, message) => {
    const bytes = make();
    expect(await effort(() => expect(refusal(bytes)).toMatch(message))).toBeLessThan(MOST_EFFORT);
  });

  it('nesting, which is as good as any data, and is no classifier', () => {
    const path = stored(`${'('.repeat(40_000)}${'t'.repeat(40_000)}.`);
    expect(() => classifierFromPickles(path, path)).toThrow(/holds a PickleTuple/);
  });

  it('a file that is far too large is not even read', () => {
    expect(refusal(Buffer.alloc(65 * 2 ** 20))).toMatch(/larger than/);
  });
});

/** One array of 10,000 numbers, whose bytes are put into the memo and used a thousand times. */
function manyArrays(): Buffer {
  const array = pickledArray(Array(10_000).fill(1));
  const parts: Buffer[] = [Buffer.from([0x80, 2])];
  // numpy._core.numeric._frombuffer(bytes, dtype, shape, order), its arguments kept in the memo.
  const dtype = pickled.call(pickled.name('numpy', 'dtype'), pickled.tuple(pickled.text('f8')));
  const args = pickled.tuple(
    pickled.bytes(Buffer.alloc(80_000)),
    dtype,
    pickled.tuple(pickled.integer(10_000)),
    pickled.text('C')
  );
  parts.push(
    Buffer.concat([
      pickled.name('numpy._core.numeric', '_frombuffer'),
      Buffer.from('q\x00', 'latin1'),
      args,
      Buffer.from('q\x01', 'latin1'),
    ])
  );
  for (let i = 0; i < 1000; i++) parts.push(Buffer.from('h\x00h\x01R0', 'latin1'));
  return Buffer.concat([...parts, array, Buffer.from('.')]);
}
