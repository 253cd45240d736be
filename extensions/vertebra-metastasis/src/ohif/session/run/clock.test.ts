import { RunClock } from './clock';

test('counts working time only', () => {
  let now = 1000;
  const clock = new RunClock(() => now);
  const after = (ms: number) => ((now += ms), clock.milliseconds());
  expect(after(50)).toBe(50);
  clock.pause();
  expect([after(400), clock.paused]).toEqual([50, true]);
  clock.resume();
  clock.resume();
  expect([after(25), clock.paused]).toEqual([75, false]);
});
