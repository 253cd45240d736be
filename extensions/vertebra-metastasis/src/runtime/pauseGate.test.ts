import { createPauseGate } from './pauseGate';

test('holds back while closed, lets what was cancelled end, and opens for all', async () => {
  const pauseGate = createPauseGate();
  const passed: string[] = [];
  const pass = (name: string, cancel = new AbortController()) =>
    pauseGate.pass(cancel.signal).then(() => passed.push(name));
  await pass('open');
  pauseGate.close();
  const cancel = new AbortController();
  const waiting = [pass('first'), pass('cancelled', cancel), pass('second')];
  await Promise.resolve();
  expect(passed).toEqual(['open']);
  cancel.abort();
  await waiting[1];
  expect(passed).toEqual(['open', 'cancelled']);
  pauseGate.open();
  await Promise.all(waiting);
  expect(passed).toEqual(['open', 'cancelled', 'first', 'second']);
});
