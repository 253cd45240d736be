/** The vocabulary of scikit-learn's LogisticRegression and StandardScaler in joblib or plain pickles. */
import { readFileSync, statSync } from 'node:fs';
import { CommandError } from '@spine/headless/cli';
import { readPickle, setState, type Vocabulary } from './machine';
import { ArrayMaker, shapeOf } from './numpy';
import { NumpyArray, NumpyDtype } from './numpyTypes';
import { MalformedPickle } from './reader';
import { describe, PickleName, PickleObject, PickleTuple, type PickleValue } from './values';

/** A classifier on 512 numbers takes some kilobytes; anything much larger is another file. */
const MAX_BYTES = 64 * 2 ** 20;
/** scikit-learn's pickles have a few hundred. */
const MAX_OPERATIONS = 100_000;

export const LOGISTIC_REGRESSION = 'sklearn.linear_model._logistic.LogisticRegression';
export const STANDARD_SCALER = 'sklearn.preprocessing._data.StandardScaler';
const ARRAY_WRAPPER = 'joblib.numpy_pickle.NumpyArrayWrapper';
const CLASSES: readonly string[] = [LOGISTIC_REGRESSION, STANDARD_SCALER, ARRAY_WRAPPER];

const FUNCTIONS = [
  'numpy.ndarray',
  'numpy.dtype',
  ...['numpy.core', 'numpy._core'].flatMap(core => [
    `${core}.multiarray.scalar`,
    `${core}.multiarray._reconstruct`,
    `${core}.numeric._frombuffer`,
  ]),
  '_codecs.encode',
  'copy_reg._reconstructor',
  'copyreg._reconstructor',
  '__builtin__.object',
  'builtins.object',
];

/** First bytes of the formats in which joblib compresses. */
const COMPRESSED = [[0x78], [0x1f, 0x8b], [0x42, 0x5a], [0xfd, 0x37, 0x7a], [0x5d, 0x00], [0x04, 0x22, 0x4d]];

/**
 * The object that a joblib or pickle file holds.
 * @throws CommandError 'classifier-file', naming the file: missing, too large, compressed, truncated, no pickle, or with a
 * class or call that no scikit-learn model needs
 */
export function readSklearn(path: string): PickleValue {
  const bytes = readSmall(path);
  if (COMPRESSED.some(start => start.every((byte, i) => bytes[i] === byte))) {
    throw new CommandError(
      'classifier-file',
      `${path}: a compressed joblib file; save it again with joblib.dump(model, path, compress=0)`
    );
  }
  try {
    return readPickle(bytes, sklearnVocabulary());
  } catch (error) {
    if (error instanceof CommandError) throw new CommandError('classifier-file', `${path}: ${error.message}`);
    throw error;
  }
}

function readSmall(path: string): Uint8Array {
  try {
    if (statSync(path).size <= MAX_BYTES) return readFileSync(path);
  } catch (error) {
    throw new CommandError('classifier-file', `${path}: cannot be read (${(error as Error).message})`);
  }
  throw new CommandError(
    'classifier-file',
    `${path}: larger than ${MAX_BYTES} bytes, so it is no classifier or scaler`
  );
}

function sklearnVocabulary(): Vocabulary {
  const arrays = new ArrayMaker();
  const known = new Set([...CLASSES, ...FUNCTIONS]);
  return {
    maxOperations: MAX_OPERATIONS,
    name(full) {
      if (known.has(full)) return new PickleName(full);
      throw new CommandError(
        'pickle-refused',
        `refused, it holds the foreign class ${full}; expected a LogisticRegression or a StandardScaler`
      );
    },
    create({ full }) {
      if (CLASSES.includes(full)) return new PickleObject(full);
      throw new CommandError('pickle-refused', `refused, it builds an instance of ${full}`);
    },
    call: ({ full }, args) => numpyCall(full, args, arrays),
    build(target, state, reader) {
      // A dtype's state is (version, byte order, ...).
      if (target instanceof NumpyDtype) target.setByteOrder(state instanceof PickleTuple ? state.items[1] : undefined);
      else if (target instanceof NumpyArray && state instanceof PickleTuple) {
        const [, shape, dtype, fortran, bytes] = state.items;
        arrays.fill(target, shapeOf(shape), dtype, fortran === true, bytesOf(bytes));
      } else if (target instanceof PickleObject) {
        setState(target, state);
        if (target.className === ARRAY_WRAPPER) return arrays.afterWrapper(target.state, reader);
      } else {
        throw new CommandError('pickle-refused', `refused, it sets the state of a ${describe(target)}`);
      }
      return target;
    },
  };
}

function numpyCall(name: string, args: readonly PickleValue[], arrays: ArrayMaker): PickleValue {
  const [first, second, third, fourth] = args;
  if (name === 'numpy.dtype') return new NumpyDtype(dtypeCode(first));
  if (name.endsWith('.multiarray.scalar')) return arrays.array([], first, false, bytesOf(second)).values[0];
  if (name.endsWith('.multiarray._reconstruct')) return new NumpyArray();
  if (name.endsWith('.numeric._frombuffer'))
    return arrays.array(shapeOf(third), second, fourth === 'F', bytesOf(first));
  if (name === '_codecs.encode' && typeof first === 'string' && second === 'latin1') {
    arrays.reserve(first.length);
    return Buffer.from(first, 'latin1');
  }
  throw new CommandError('pickle-refused', `refused, it calls ${name}`);
}

/** Never the text of a container, which can be exponentially longer than the file. */
function dtypeCode(value: PickleValue | undefined): string {
  if (typeof value === 'string' && value.length <= 20) return value;
  throw new MalformedPickle(`an array whose kind is a ${typeof value === 'string' ? 'long text' : describe(value)}`);
}

function bytesOf(value: PickleValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new MalformedPickle(`an array's content is a ${describe(value)}`);
}
