import { createPauseGate } from './pauseGate';

test('holds back while closed, lets what was cancelled end, and opens for all', async () => {
  const pauseGate = createPauseGate();
  const passed: string[] = [];
  const pass = (name: string, cancel = { aborted: false }) => pauseGate.pass(cancel).then(() => passed.push(name));
  await pass('open');
  pauseGate.close();
  const cancel = { aborted: false };
  const waiting = [pass('first'), pass('cancelled', cancel), pass('second')];
  await Promise.resolve();
  expect(passed).toEqual(['open']);
  cancel.aborted = true;
  pauseGate.cancelled();
  await waiting[1];
  expect(passed).toEqual(['open', 'cancelled']);
  pauseGate.open();
  await Promise.all(waiting);
  expect(passed).toEqual(['open', 'cancelled', 'first', 'second']);
});
