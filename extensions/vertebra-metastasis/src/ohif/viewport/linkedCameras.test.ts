import type { Affine, LevelAlignment, Vec3 } from '../../core';
import type { CornerstoneViewport } from '../host/host';
import { linkCameras } from './linkedCameras';

/** A viewport that tells of its camera at once, as cornerstone does. */
function viewport(focalPoint: Vec3, parallelScale = 100) {
  const listeners = new Set<() => void>();
  let camera = { focalPoint, position: [focalPoint[0] + 500, focalPoint[1], focalPoint[2]] as Vec3, parallelScale };
  const element = {
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  };
  let rendered = 0;
  return {
    element,
    getCamera: () => camera,
    setCamera: (change: object) => {
      camera = { ...camera, ...change };
      listeners.forEach(listener => listener());
    },
    render: () => rendered++,
    rendered: () => rendered,
    listeners: () => listeners.size,
  };
}
const asViewport = (one: ReturnType<typeof viewport>) => one as unknown as CornerstoneViewport;
const shift = ([x, y, z]: Vec3): Affine => Float64Array.from([1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1]);
const alignments: LevelAlignment[] = [
  { level: 'T11', centreLps: [0, 0, 40], transform: shift([-4, 3, -5]), meanDistanceMm: 0.2 },
  { level: 'L1', centreLps: [0, 0, -40], transform: shift([-4, 3, -9]), meanDistanceMm: 0.2 },
];

function linked() {
  const [now, then] = [viewport([0, 0, 40]), viewport([0, 0, 0])];
  const unlink = linkCameras(asViewport(now), asViewport(then), alignments);
  return { now, then, unlink };
}

test('the earlier scan comes to the same place at once, by the vertebra that is nearest', () => {
  const { now, then } = linked();
  expect(then.getCamera()).toMatchObject({ focalPoint: [-4, 3, 35], position: [496, 3, 35] });
  now.setCamera({ focalPoint: [12, 0, -38] });
  expect(then.getCamera().focalPoint).toEqual([8, 3, -47]);
  expect(then.rendered()).toBe(2);
});

test('it goes both ways and does not go round in circles', () => {
  const { now, then } = linked();
  then.setCamera({ focalPoint: [8, 3, -47] });
  expect(now.getCamera().focalPoint).toEqual([12, 0, -38]);
  expect([now.rendered(), then.rendered()]).toEqual([1, 1]);
});

test('zoom follows; rounding does not', () => {
  const { now, then } = linked();
  now.setCamera({ parallelScale: 60 });
  expect(then.getCamera().parallelScale).toBe(60);
  now.setCamera({ focalPoint: [0, 0, 40.001] });
  expect(then.rendered()).toBe(2);
});

test('without an alignment nothing is linked; unlinked, each goes its own way', () => {
  const [now, then] = [viewport([0, 0, 40]), viewport([0, 0, 0])];
  linkCameras(asViewport(now), asViewport(then), []);
  expect([now.listeners(), then.rendered()]).toEqual([0, 0]);
  const pair = linked();
  pair.unlink();
  pair.now.setCamera({ focalPoint: [50, 0, 0] });
  expect(pair.then.getCamera().focalPoint).toEqual([-4, 3, 35]);
});
