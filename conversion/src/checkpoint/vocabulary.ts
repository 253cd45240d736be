/** The vocabulary of a PyTorch checkpoint: tensors, and the trainer's own objects as inert stand-ins. */
import { CommandError } from '@spine/headless/cli';
import type { Vocabulary } from '../pickle/machine';
import { MalformedPickle } from '../pickle/reader';
import {
  describe,
  Inert,
  PickleName,
  PickleTuple,
  type PickleValue,
  StorageReference,
  TensorReference,
} from '../pickle/values';

/** Modules whose objects a training checkpoint may hold beside its weights. They are never looked up, and keep nothing. */
const KNOWN_MODULES = new Set([
  ...['torch', 'collections', 'numpy', 'argparse', 'pathlib', 'copyreg', 'copy_reg', '_codecs'],
  ...['pytorch_lightning', 'lightning', 'lightning_fabric', 'lightning_utilities', 'torchmetrics', 'omegaconf'],
  // Top-level modules of the authors' training code.
  ...['choices', 'config', 'templates', 'experiment'],
]);
const KNOWN_BUILTINS =
  /^(__builtin__|builtins)\.(set|frozenset|dict|list|tuple|complex|slice|range|bytearray|object|int|float|str|bool)$/;

const MAX_DIMENSIONS = 8;
/** The published checkpoint has some 300,000. */
const MAX_OPERATIONS = 1_000_000;
/** Characters of a tensor's name. */
export const MAX_KEY = 500;

export function checkpointVocabulary(): Vocabulary {
  // Pairs that OrderedDicts may yet copy: one list can be named by many of them.
  let copiesLeft = MAX_OPERATIONS;
  return {
    maxOperations: MAX_OPERATIONS,
    name(full) {
      if (KNOWN_MODULES.has(full.split('.')[0]) || KNOWN_BUILTINS.test(full)) return new PickleName(full);
      throw new CommandError(
        'pickle-refused',
        `refused, it holds an object of the class ${full}; a checkpoint may hold only weights and its trainer's settings`
      );
    },
    create: ({ full }) => (full === 'collections.OrderedDict' ? new Map() : new Inert(full)),
    call({ full }, args) {
      if (full === 'torch._utils._rebuild_tensor_v2' || full === 'torch._utils._rebuild_tensor') return tensor(args);
      // A parameter is its tensor, with whether it is trained.
      if (/^torch\._utils\._rebuild_parameter(_with_state)?$/.test(full)) return args[0];
      if (full === 'collections.OrderedDict') {
        copiesLeft -= Array.isArray(args[0]) ? args[0].length : 0;
        if (copiesLeft < 0) throw new MalformedPickle('it copies the same list again and again');
        return orderedDict(args[0]);
      }
      return new Inert(full);
    },
    build: target => target,
    persistent(id) {
      const [kind, type, key, , length] = id instanceof PickleTuple ? id.items : [];
      if (kind !== 'storage' || !(type instanceof PickleName) || typeof key !== 'string' || !isCount(length)) {
        throw new MalformedPickle('it refers to something that is no storage of numbers');
      }
      if (!/^\d{1,9}$/.test(key))
        throw new MalformedPickle(`a storage has the key ${JSON.stringify(key.slice(0, 40))}`);
      return new StorageReference(type.full, key, length);
    },
  };
}

function tensor([storage, offset, shape, strides]: readonly PickleValue[]): TensorReference {
  if (!(storage instanceof StorageReference)) throw new MalformedPickle(`a tensor lies in a ${describe(storage)}`);
  const [sizes, steps] = [counts(shape), counts(strides)];
  if (!isCount(offset) || sizes.length !== steps.length) throw new MalformedPickle('a tensor of impossible shape');
  return new TensorReference(storage, offset, sizes, steps);
}

/** Early versions of Python pickle an OrderedDict with its items as one argument, a list of pairs. */
function orderedDict(items: PickleValue | undefined): Map<PickleValue, PickleValue> {
  const pairs = Array.isArray(items) ? items : [];
  return new Map(
    pairs.map(pair => {
      const [key, value] = pair instanceof PickleTuple || Array.isArray(pair) ? [...itemsOf(pair)] : [];
      if (key === undefined || value === undefined) throw new MalformedPickle('an OrderedDict of something but pairs');
      return [key, value];
    })
  );
}

const itemsOf = (pair: PickleTuple | PickleValue[]) => (pair instanceof PickleTuple ? pair.items : pair);

const isCount = (value: PickleValue | undefined): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

function counts(value: PickleValue | undefined): number[] {
  if (!(value instanceof PickleTuple) || value.items.length > MAX_DIMENSIONS || !value.items.every(isCount)) {
    throw new MalformedPickle('a tensor of impossible shape');
  }
  return value.items as number[];
}
