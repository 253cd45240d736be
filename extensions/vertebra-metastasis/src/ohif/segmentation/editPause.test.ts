import { EditPause } from './editPause';

const QUIET_MS = 250;

function paused() {
  jest.useFakeTimers();
  const pointers = new EventTarget();
  const heard = jest.fn();
  const pause = new EditPause(pointers, QUIET_MS, heard);
  const fire = (type: string, buttons = 0) => pointers.dispatchEvent(Object.assign(new Event(type), { buttons }));
  return { pause, heard, fire };
}
afterEach(() => jest.useRealTimers());

test('many changes in a row are told once, some time after the last', () => {
  const { pause, heard } = paused();
  for (let n = 0; n < 5; n++) {
    pause.touch();
    jest.advanceTimersByTime(QUIET_MS - 1);
  }
  expect(heard).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(heard).toHaveBeenCalledTimes(1);
});

test('a stroke that is held still half-way is told when the button is released, as one', () => {
  const { pause, heard, fire } = paused();
  fire('pointerdown', 1);
  pause.touch();
  jest.advanceTimersByTime(10 * QUIET_MS);
  fire('pointermove', 1);
  pause.touch();
  jest.advanceTimersByTime(10 * QUIET_MS);
  expect(heard).not.toHaveBeenCalled();
  fire('pointerup');
  jest.advanceTimersByTime(QUIET_MS);
  expect(heard).toHaveBeenCalledTimes(1);
});

test('changes before a press wait for its end; a release outside the window is noticed later', () => {
  const { pause, heard, fire } = paused();
  pause.touch();
  fire('pointerdown', 1);
  jest.advanceTimersByTime(10 * QUIET_MS);
  expect(heard).not.toHaveBeenCalled();
  fire('pointermove', 0);
  jest.advanceTimersByTime(QUIET_MS);
  expect(heard).toHaveBeenCalledTimes(1);
});

test('presses alone tell nothing; nothing is told after cancelling or the end', () => {
  const { pause, heard, fire } = paused();
  fire('pointerdown', 1);
  fire('pointerup');
  pause.touch();
  pause.cancel();
  jest.advanceTimersByTime(10 * QUIET_MS);
  pause.touch();
  pause.dispose();
  fire('pointerup');
  jest.advanceTimersByTime(10 * QUIET_MS);
  expect(heard).not.toHaveBeenCalled();
});
