import { createGate } from './gate';

test('holds back while closed, lets what was cancelled end, and opens for all', async () => {
  const gate = createGate();
  const passed: string[] = [];
  const pass = (name: string, cancel = { aborted: false }) => gate.pass(cancel).then(() => passed.push(name));
  await pass('open');
  gate.close();
  const cancel = { aborted: false };
  const waiting = [pass('first'), pass('cancelled', cancel), pass('second')];
  await Promise.resolve();
  expect(passed).toEqual(['open']);
  cancel.aborted = true;
  gate.cancelled();
  await waiting[1];
  expect(passed).toEqual(['open', 'cancelled']);
  gate.open();
  await Promise.all(waiting);
  expect(passed).toEqual(['open', 'cancelled', 'first', 'second']);
});
