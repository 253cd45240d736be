/**
 * Reads a pickle as data. A pickle is a program for a small stack machine, and Python's own reader lets it call anything;
 * this one has no way to call: a name stays a name, and a vocabulary says which names mean something and what.
 *
 * Opcodes as in Python's `pickletools`, protocols 0 to 5, but for those no model file needs (EXT*, INST, OBJ, PERSID,
 * out-of-band buffers), which are refused.
 */
import { CommandError } from '@spine/headless/cli';
import { ByteReader, integerOf, MalformedPickle } from './reader';
import type { PickleObject } from './values';
import { describe, Inert, PickleName, PickleTuple, type PickleValue } from './values';

/** Characters of a class's name with its module. */
const MAX_NAME = 500;

/** What the names of one kind of file mean. Each method throws CommandError for what such a file has no use for. */
export interface Vocabulary {
  /** Operations of one file; one made to exhaust time or memory has far more than a model. */
  readonly maxOperations: number;
  name(full: string): PickleName;
  call(name: PickleName, args: readonly PickleValue[], reader: ByteReader): PickleValue;
  create(name: PickleName): PickleValue;
  /** Sets the state of what `create` or `call` made; may read raw bytes that follow (joblib). */
  build(target: PickleValue, state: PickleValue, reader: ByteReader): PickleValue;
  /** What a persistent id stands for; absent: refused. */
  persistent?(id: PickleValue): PickleValue;
}

/**
 * @throws CommandError 'pickle-refused' for what could only be executed, 'pickle-damaged' for a file that is no whole pickle;
 * neither names the file.
 */
export function readPickle(bytes: Uint8Array, vocabulary: Vocabulary): PickleValue {
  try {
    return new Machine(new ByteReader(bytes), vocabulary).run();
  } catch (error) {
    if (!(error instanceof MalformedPickle)) throw error;
    throw new CommandError(
      'pickle-damaged',
      `not a whole pickle, it is truncated or of another kind: ${error.message}`
    );
  }
}

class Machine {
  private readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    private readonly reader: ByteReader,
    private readonly vocabulary: Vocabulary
  ) {}

  run(): PickleValue {
    const { maxOperations } = this.vocabulary;
    for (let count = 0; count < maxOperations; count++) {
      const opcode = this.reader.uint8();
      if (opcode === STOP) return this.pop();
      const operation = OPERATIONS[opcode];
      if (!operation) {
        const shown = opcode > 32 && opcode < 127 ? `"${String.fromCharCode(opcode)}"` : `0x${opcode.toString(16)}`;
        throw new CommandError(
          'pickle-refused',
          `refused, the pickle uses the opcode ${shown}, which no model file needs`
        );
      }
      operation(this, this.reader);
    }
    throw new MalformedPickle(`more than ${maxOperations} operations`);
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw new MalformedPickle('it takes a value that is not there');
    return this.stack.pop()!;
  }

  top(): PickleValue {
    const value = this.stack.length > (this.marks.at(-1) ?? 0) ? this.stack.at(-1) : undefined;
    if (value === undefined) throw new MalformedPickle('it uses a value that is not there');
    return value;
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  /** The values since the last mark, which is taken away. */
  sinceMark(): PickleValue[] {
    const start = this.marks.pop();
    if (start === undefined) throw new MalformedPickle('a mark is missing');
    return this.stack.splice(start);
  }

  popTuple(length: number): PickleTuple {
    const items = Array.from({ length }, () => this.pop());
    return new PickleTuple(items.reverse());
  }

  remember(key: number | bigint): void {
    this.memo.set(Number(key), this.top());
  }

  memoize(): void {
    this.memo.set(this.memo.size, this.top());
  }

  recall(key: number | bigint): void {
    const value = this.memo.get(Number(key));
    if (value === undefined) throw new MalformedPickle(`it recalls ${key}, which it never stored`);
    this.push(value);
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (list instanceof Inert) return;
    if (!Array.isArray(list)) throw new MalformedPickle(`it appends to a ${describe(list)}`);
    for (const item of items) list.push(item);
  }

  setItems(items: readonly PickleValue[]): void {
    const target = this.top();
    if (items.length % 2) throw new MalformedPickle('a key has no value');
    if (target instanceof Inert) return;
    if (!(target instanceof Map)) throw new MalformedPickle(`it sets an item of a ${describe(target)}`);
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  }

  name(module: PickleValue, name: PickleValue): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw new MalformedPickle('a name is no text');
    if (module.length + name.length > MAX_NAME) {
      const start = JSON.stringify(module.slice(0, 40));
      throw new MalformedPickle(`a name of ${module.length + name.length} characters, ${start}`);
    }
    if (!/^[\x21-\x7e]+$/.test(module + name)) throw new MalformedPickle('a name of characters that no class has');
    this.push(this.vocabulary.name(`${module}.${name}`));
  }

  call(): void {
    const args = this.pop();
    const name = this.pop();
    if (!(name instanceof PickleName))
      throw new CommandError('pickle-refused', `refused, it calls a ${describe(name)}`);
    if (!(args instanceof PickleTuple)) throw new MalformedPickle(`it calls ${name.full} without arguments`);
    if (!/^copy_?reg\._reconstructor$/.test(name.full)) {
      this.push(this.vocabulary.call(name, args.items, this.reader));
      return;
    }
    this.create(args.items[0]);
  }

  create(name: PickleValue | undefined): void {
    if (!(name instanceof PickleName)) {
      throw new CommandError('pickle-refused', `refused, it builds an instance of a ${describe(name)}`);
    }
    this.push(this.vocabulary.create(name));
  }

  build(): void {
    const state = this.pop();
    const target = this.pop();
    this.push(this.vocabulary.build(target, state, this.reader));
  }

  persistent(): void {
    const id = this.pop();
    if (!this.vocabulary.persistent)
      throw new CommandError('pickle-refused', 'refused, it refers to data outside itself');
    this.push(this.vocabulary.persistent(id));
  }
}

const STOP = '.'.charCodeAt(0);
type Operation = (machine: Machine, reader: ByteReader) => void;

const push =
  (read: (reader: ByteReader) => PickleValue): Operation =>
  (machine, reader) =>
    machine.push(read(reader));
const nothing: Operation = () => {};

const OPERATIONS: Readonly<Record<number, Operation>> = Object.fromEntries(
  (
    [
      ['\x80', (_, reader) => reader.take(1)], // PROTO
      ['\x95', (_, reader) => reader.take(8)], // FRAME
      ['N', push(() => null)],
      ['\x88', push(() => true)],
      ['\x89', push(() => false)],
      ['I', push(reader => textInteger(reader.line()))],
      ['L', push(reader => integerOf(reader.line()))],
      ['J', push(reader => reader.int32())],
      ['K', push(reader => reader.uint8())],
      ['M', push(reader => reader.uint16())],
      ['\x8a', push(reader => reader.integer(reader.uint8()))],
      ['\x8b', push(reader => reader.integer(reader.uint32()))],
      ['F', push(reader => textFloat(reader.line()))],
      ['G', push(reader => reader.float64BigEndian())],
      ['V', push(reader => rawUnicode(reader.line()))],
      ['X', push(reader => reader.utf8(reader.uint32()))],
      ['\x8c', push(reader => reader.utf8(reader.uint8()))],
      ['\x8d', push(reader => reader.utf8(reader.length64()))],
      ['U', push(reader => latin1(reader.take(reader.uint8())))],
      ['T', push(reader => latin1(reader.take(reader.uint32())))],
      ['C', push(reader => reader.take(reader.uint8()))],
      ['B', push(reader => reader.take(reader.uint32()))],
      ['\x8e', push(reader => reader.take(reader.length64()))],
      ['\x96', push(reader => reader.take(reader.length64()))],
      [')', push(() => new PickleTuple([]))],
      [']', push(() => [])],
      ['}', push(() => new Map())],
      ['\x8f', push(() => new Inert('set'))],
      ['(', machine => machine.mark()],
      ['0', machine => void machine.pop()],
      ['1', machine => void machine.sinceMark()],
      ['2', machine => machine.push(machine.top())],
      ['t', machine => machine.push(new PickleTuple(machine.sinceMark()))],
      ['l', machine => machine.push(machine.sinceMark())],
      ['d', machine => dictionary(machine)],
      ['\x85', machine => machine.push(machine.popTuple(1))],
      ['\x86', machine => machine.push(machine.popTuple(2))],
      ['\x87', machine => machine.push(machine.popTuple(3))],
      ['a', machine => machine.append([machine.pop()])],
      ['e', machine => machine.append(machine.sinceMark())],
      ['s', machine => machine.setItems(machine.popTuple(2).items)],
      ['u', machine => machine.setItems(machine.sinceMark())],
      ['\x90', machine => machine.append(machine.sinceMark())], // ADDITEMS
      ['\x91', machine => (machine.sinceMark(), machine.push(new Inert('frozenset')))],
      ['p', (machine, reader) => machine.remember(integerOf(reader.line()))],
      ['q', (machine, reader) => machine.remember(reader.uint8())],
      ['r', (machine, reader) => machine.remember(reader.uint32())],
      ['\x94', machine => machine.memoize()],
      ['g', (machine, reader) => machine.recall(integerOf(reader.line()))],
      ['h', (machine, reader) => machine.recall(reader.uint8())],
      ['j', (machine, reader) => machine.recall(reader.uint32())],
      ['c', (machine, reader) => machine.name(reader.line(), reader.line())],
      ['\x93', machine => (([module, name]) => machine.name(module, name))(machine.popTuple(2).items)],
      ['\x81', machine => machine.create(machine.popTuple(2).items[0])], // NEWOBJ
      ['\x92', machine => machine.create(machine.popTuple(3).items[0])], // NEWOBJ_EX
      ['R', machine => machine.call()],
      ['b', machine => machine.build()],
      ['Q', machine => machine.persistent()],
      ['\x98', nothing], // READONLY_BUFFER
    ] as readonly (readonly [string, Operation])[]
  ).map(([character, operation]) => [character.charCodeAt(0), operation])
);

function dictionary(machine: Machine): void {
  const items = machine.sinceMark();
  machine.push(new Map());
  machine.setItems(items);
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** Protocol 0 writes True and False as the integers 01 and 00. */
function textInteger(text: string): number | bigint | boolean {
  return text === '01' ? true : text === '00' ? false : integerOf(text);
}

function textFloat(text: string): number {
  const special = { nan: NaN, inf: Infinity, '-inf': -Infinity }[text];
  const value = special ?? Number(text);
  if (text.trim() === '' || (special === undefined && Number.isNaN(value))) {
    throw new MalformedPickle(`${JSON.stringify(text.slice(0, 40))} is no number`);
  }
  return value;
}

/** Python's raw-unicode-escape: \uXXXX and \UXXXXXXXX, everything else as latin-1. */
function rawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const code = parseInt((short ?? long)!, 16);
    if (code > 0x10ffff) throw new MalformedPickle('a text holds an impossible character');
    return String.fromCodePoint(code);
  });
}

/** Attributes of an object: a LogisticRegression has about 25. Each time a state is set, it is copied. */
const MAX_ATTRIBUTES = 200;

/** Attributes by name of what `create` made; for vocabularies. @throws MalformedPickle when the state is no small dictionary */
export function setState(target: PickleObject, state: PickleValue): void {
  if (!(state instanceof Map)) throw new MalformedPickle(`the state of a ${target.className} is a ${describe(state)}`);
  if (state.size > MAX_ATTRIBUTES) throw new MalformedPickle(`a ${target.className} of ${state.size} attributes`);
  for (const [key, value] of state) target.state.set(key, value);
}
