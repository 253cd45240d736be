import type { CornerstoneViewport, VoiRange } from '../host/host';
import { linkWindows } from './linkedWindows';

/** A viewport that tells of its grey scale at once, as cornerstone does. */
function viewport(lower: number, upper: number) {
  const listeners = new Set<() => void>();
  let voiRange: VoiRange = { lower, upper };
  let changes = 0;
  const set = (range: VoiRange) => {
    voiRange = range;
    changes++;
    listeners.forEach(listener => listener());
  };
  const element = {
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  };
  const host = {
    element,
    getProperties: () => ({ voiRange }),
    setProperties: (properties: { voiRange: VoiRange }) => set(properties.voiRange),
    render: () => undefined,
  } as unknown as CornerstoneViewport;
  return { host, set, range: () => [voiRange.lower, voiRange.upper], changes: () => changes };
}

test('the second takes the grey scale of the first, and each follows the other once', () => {
  const [now, then] = [viewport(-500, 1300), viewport(-160, 240)];
  const unlink = linkWindows(now.host, then.host);
  expect(then.range()).toEqual([-500, 1300]);
  then.set({ lower: 0, upper: 800 });
  expect(now.range()).toEqual([0, 800]);
  now.set({ lower: 0, upper: 1000 });
  expect([now.changes(), then.changes(), ...then.range()]).toEqual([2, 3, 0, 1000]);
  unlink();
  now.set({ lower: -10, upper: 10 });
  expect(then.range()).toEqual([0, 1000]);
});
