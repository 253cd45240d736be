import { createSerialQueue } from './serialQueue';

const later = <T>(value: T) => new Promise<T>(resolve => setImmediate(() => resolve(value)));

describe('serial queue', () => {
  it('runs one job at a time, in order', async () => {
    const queue = createSerialQueue();
    const events: string[] = [];
    const job = (name: string) => async () => {
      events.push(`${name} starts`);
      await later(undefined);
      events.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all([queue.run(job('a')), queue.run(job('b')), queue.run(job('c'))])).toEqual(['a', 'b', 'c']);
    expect(events).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  it('continues after a throw', async () => {
    const queue = createSerialQueue();
    const failing = queue.run(async () => {
      await later(undefined);
      throw new Error('device lost');
    });
    const throwing = queue.run(() => {
      throw new Error('before its first await');
    });
    const behind = queue.run(() => later(42));
    await expect(failing).rejects.toThrow('device lost');
    await expect(throwing).rejects.toThrow('before its first await');
    await expect(behind).resolves.toBe(42);
    await expect(queue.run(() => later('and later ones'))).resolves.toBe('and later ones');
  });
});
