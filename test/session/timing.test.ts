/** The time that is told before an analysis: an upper bound while the viewer is busy, then this machine's own, then what analyses took. */
import { memoryPorts } from './support/panelPorts';
import { ctSet, segSet, vertebraSeg } from './support/panelPorts';
import { eventually, open, ready, settled, until } from './support/panelDriver';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';

const busyWorld = () => {
  const memory = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  // As measured beside the drawing of a CT; on its own an evaluation takes a quarter of that.
  const model = { ...memory.ports.model };
  const load = model.load.bind(model);
  model.load = async (...given) => ({ ...(await load(...given)), evaluationMs: 200 });
  return { ports: { ...memory.ports, model }, world: Object.assign(memory.world, { evaluationMs: 190, quietMs: 0 }) };
};

describe('the time told', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'setImmediate', 'nextTick'] }));
  afterEach(() => jest.useRealTimers());
  const seconds = (count: number) => jest.advanceTimersByTimeAsync(1000 * count);

  it('is an upper bound as long as the viewer loads images, and is measured again once it does not', async () => {
    const { ports, world } = busyWorld();
    const timed = jest.spyOn(ports.model, 'timeEvaluation');
    const controller = createController(ports);
    await ready(controller);
    const told = () => controller.store.get().expected!;
    const first = told().minutes.most;
    expect(told().settled).toBe(false);
    await seconds(20);
    expect(timed).not.toHaveBeenCalled();
    expect(told()).toMatchObject({ settled: false, minutes: { most: first } });

    // No image comes any more, but the viewer goes on drawing for some time: what is measured falls.
    world.quietMs = 5000;
    await seconds(2);
    world.evaluationMs = 90;
    await seconds(2);
    world.evaluationMs = 45;
    await seconds(2);
    expect(told().settled).toBe(false);
    await seconds(2);
    expect(told().settled).toBe(true);
    expect(told().minutes.most / first).toBeCloseTo(45 / 200, 6);
    const calls = timed.mock.calls.length;
    await seconds(30);
    expect(timed).toHaveBeenCalledTimes(calls);
    await controller.dispose();
  });

  it('is that of the machine as it is where other work never lets the measurements agree', async () => {
    const { ports, world } = busyWorld();
    world.quietMs = Infinity;
    let turn = 0;
    const timed = jest.spyOn(ports.model, 'timeEvaluation').mockImplementation(async () => [60, 120, 180][turn++ % 3]);
    const controller = createController(ports);
    await ready(controller);
    const first = controller.store.get().expected!.minutes.most;
    await seconds(120);
    expect(timed.mock.calls.length).toBeLessThan(20);
    const { settled: isSettled, minutes } = controller.store.get().expected!;
    expect(isSettled).toBe(true);
    expect(minutes.most / first).toBeCloseTo(120 / 200, 6);
    await controller.dispose();
  });

  it('is not measured beside an analysis, nor after the mode was left', async () => {
    const { ports, world } = busyWorld();
    world.quietMs = Infinity;
    const timed = jest.spyOn(ports.model, 'timeEvaluation');
    const controller = createController(ports);
    await ready(controller);
    await controller.dispose();
    await seconds(10);
    expect(timed).not.toHaveBeenCalled();
  });
});

test('after an analysis it is what its evaluations took', async () => {
  const memory = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  memory.world.quietMs = 0;
  const { controller } = await open(memory);
  const before = controller.store.get().expected!;
  const { engine } = memory.world;
  memory.world.engine = {
    ...engine,
    attributeSlice: async (patch, mask, options, hooks) => {
      hooks.onPlan?.(60);
      for (let n = 0; n < 60; n++) {
        await new Promise(resolve => setTimeout(resolve, 2));
        hooks.onEvaluations?.(1);
      }
      return engine.attributeSlice(patch, mask, options, { cancel: hooks.cancel });
    },
  };
  controller.actions.analyse([2]);
  await until(controller, s => s.run.status === 'running');
  await settled(controller);
  await eventually(() => controller.store.get().expected!.settled);
  const { minutes, settled: own } = controller.store.get().expected!;
  expect(own).toBe(true);
  // One evaluation was told to take 1 ms and took more than 2.
  expect(minutes.most / before.minutes.most).toBeGreaterThan(1.8);
});
