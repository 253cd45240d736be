/** Writes checkpoints as torch.save does: a zip archive of stored entries, data.pkl and one storage for each tensor. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { randomStream } from '@spine/phantoms/math/random';
import type { Architecture } from '@spine/conversion/model/architecture';
import { expectedShapes } from '@spine/conversion/model/expectedShapes';
import { type Pickled, pickled, pickleFile } from './pickleFile';

export interface CheckpointTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The numbers of its storage; made when they are written. */
  readonly values: () => Float32Array;
  /** What the pickle says instead of the truth. */
  readonly claims?: {
    readonly shape?: readonly number[];
    readonly strides?: readonly number[];
    readonly offset?: number;
  };
}

export interface CheckpointOptions {
  /** Further entries of the checkpoint beside its state_dict. */
  readonly extra?: readonly (readonly [string, Pickled])[];
  readonly storage?: string;
}

export function writeCheckpoint(
  path: string,
  tensors: readonly CheckpointTensor[],
  options: CheckpointOptions = {}
): void {
  const zip = new StoredZip(path);
  zip.add('archive/data.pkl', checkpointPickle(tensors, options));
  zip.add('archive/byteorder', Buffer.from('little'));
  tensors.forEach(({ values }, key) => {
    const { buffer, byteOffset, byteLength } = values();
    zip.add(`archive/data/${key}`, new Uint8Array(buffer, byteOffset, byteLength));
  });
  zip.add('archive/version', Buffer.from('3\n'));
  zip.close();
}

function checkpointPickle(
  tensors: readonly CheckpointTensor[],
  { extra = [], storage = 'FloatStorage' }: CheckpointOptions
) {
  const state = tensors.map(({ name, shape, claims = {} }, key) => {
    const sizes = claims.shape ?? shape;
    const strides = claims.strides ?? sizes.map((_, axis) => sizes.slice(axis + 1).reduce((a, b) => a * b, 1));
    const length = shape.reduce((a, b) => a * b, 1);
    const place = pickled.persistent(
      pickled.tuple(
        ...[pickled.text('storage'), pickled.name('torch', storage), pickled.text(String(key))],
        ...[pickled.text('cpu'), pickled.integer(length)]
      )
    );
    const numbers = (values: readonly number[]) => pickled.tuple(...values.map(pickled.integer));
    const hooks = pickled.call(pickled.name('collections', 'OrderedDict'), pickled.tuple());
    const tensor = pickled.call(
      pickled.name('torch._utils', '_rebuild_tensor_v2'),
      pickled.tuple(
        place,
        pickled.integer(claims.offset ?? 0),
        numbers(sizes),
        numbers(strides),
        pickled.boolean(false),
        hooks
      )
    );
    return [pickled.text(name), tensor] as const;
  });
  const entries = [
    [pickled.text('state_dict'), pickled.dict(...state)] as const,
    [pickled.text('global_step'), pickled.integer(1)] as const,
    ...extra.map(([key, value]) => [pickled.text(key), value] as const),
  ];
  return pickleFile(pickled.dict(...entries));
}

/** A checkpoint of an architecture with seeded random weights, of sizes that keep activations near 1. */
export function randomTensors(architecture: Architecture, seed: string): CheckpointTensor[] {
  return [...expectedShapes(architecture)].map(([name, shape]) => ({
    name: `ema_model.${name}`,
    shape,
    values: () => {
      const random = randomStream(`${seed}/${name}`);
      const inputs = shape.slice(1).reduce((a, b) => a * b, 1);
      const spread = shape.length > 1 ? Math.sqrt(3 / inputs) : 0.1;
      const centre = shape.length === 1 && name.endsWith('weight') ? 1 : 0;
      const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
      return values.map(() => centre + spread * (2 * random.next() - 1));
    },
  }));
}

/** A zip archive without compression, written piece by piece. */
export class StoredZip {
  private readonly file: number;
  private readonly directory: Buffer[] = [];
  private position = 0;

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  add(name: string, content: Uint8Array): void {
    const checksum = crc32(content);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(checksum, 16);
    entry.writeUInt32LE(content.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(this.position, 42);
    this.directory.push(entry, Buffer.from(name));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt32LE(checksum, 14);
    local.writeUInt32LE(content.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(name.length, 26);
    for (const piece of [local, Buffer.from(name), content]) this.write(piece);
  }

  close(): void {
    const start = this.position;
    for (const piece of this.directory) this.write(piece);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.directory.length / 2, 8);
    end.writeUInt16LE(this.directory.length / 2, 10);
    end.writeUInt32LE(this.position - start, 12);
    end.writeUInt32LE(start, 16);
    this.write(end);
    closeSync(this.file);
  }

  private write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
    this.position += bytes.length;
  }
}
