/** The panel's state machine with the real method around scripted networks, the real DICOM code, and an archive in memory. */
import { CancelledError, InputError } from '@spine/core';
import { decodeFile, readLesionSeg } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/controller';
import { createStore } from '../../extensions/vertebra-metastasis/src/ohif/store';
import type { PanelState } from '../../extensions/vertebra-metastasis/src/ui';
import { difference } from './support/masks';
import { CT, ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';

type World = ReturnType<typeof memoryPorts>;
type Controller = ReturnType<typeof createController>;

/** Waits for a state, by the store's own signal. */
function until({ store }: Controller, reached: (state: PanelState) => boolean): Promise<PanelState> {
  return new Promise(resolve => {
    const check = () => reached(store.get()) && (stop(), resolve(store.get()));
    const stop = store.subscribe(check);
    check();
  });
}
const ready = (controller: Controller) =>
  until(controller, s => s.vertebrae.reading.status === 'ready' && s.model.loading.status === 'ready');
const rowsOf = (state: PanelState) => (state.vertebrae.reading.status === 'ready' ? state.vertebrae.reading.value : []);
const settled = (controller: Controller) => until(controller, s => !['running', 'idle'].includes(s.run.status));

async function open(world: World = memoryPorts([ctSet(), segSet(vertebraSeg())])) {
  const controller = createController(world.ports);
  await ready(controller);
  controller.actions.setSettings({ slices: 'central', screenBelow: 0 });
  return { controller, ...world };
}

async function analysed(world?: World) {
  const opened = await open(world);
  const labels = rowsOf(opened.controller.store.get()).map(({ label }) => label);
  opened.controller.actions.analyse(labels);
  await settled(opened.controller);
  return opened;
}

test('opens CT, vertebrae and model by itself; a body at the edge is named and left out', async () => {
  const { controller, world } = await open();
  const state = controller.store.get();
  expect(state.ct.reading).toEqual({
    status: 'ready',
    value: { slices: 60, spacingMm: [1.25, 1.25, 2], binaryReadable: true },
  });
  expect(rowsOf(state).map(({ level, included, problem }) => [level, included, problem?.code])).toEqual([
    ['T10', false, 'body-at-edge'],
    ['T11', true, undefined],
    ['T12', true, undefined],
  ]);
  controller.actions.goToVertebra(2);
  expect(world.visited).toHaveLength(1);
  world.visited[0].forEach((value, axis) => expect(Math.abs(value - [0, 0, 24][axis])).toBeLessThan(1));
});

test('analyses, shows one segmentation without gaps, saves what is shown and reads it back', async () => {
  const { controller, world } = await analysed();
  const state = controller.store.get();
  expect(state.run).toMatchObject({ status: 'done', vertebrae: 2 });
  expect(state.lesions?.rows.map(({ index, level, kind }) => [index, level, kind])).toEqual([
    [1, 'T11', 'lytic'],
    [2, 'T11', 'blastic'],
    [3, 'T12', 'lytic'],
    [4, 'T12', 'blastic'],
  ]);
  expect(state.lesions).toMatchObject({
    origin: 'analysis',
    algorithmType: 'AUTOMATIC',
    saving: { status: 'unsaved' },
  });

  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const stored = readLesionSeg(decodeFile(world.archive[0]), SERIES);
  expect(difference(stored.labelmap.labels, world.labels!)).toBe('');

  // Another day: the same study with the stored series in it.
  const seg = decodeFile(world.archive[0]);
  const later = memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(seg, 'ours')]);
  const again = createController(later.ports);
  const reopened = await until(again, s => s.lesions !== undefined);
  expect(reopened.lesions).toMatchObject({ origin: 'stored', saving: { status: 'saved' } });
  expect(reopened.lesions?.rows.map(({ voxels }) => voxels)).toEqual(state.lesions?.rows.map(({ voxels }) => voxels));
  expect(difference(later.world.labels!, world.labels!)).toBe('');
  expect((await ready(again)).vertebrae.choices.map(({ id }) => id)).toEqual(['seg']);
});

test('a refused store says why, keeps the segmentation, and saving again works', async () => {
  const { controller, world } = await analysed();
  const shown = world.labels!.slice();
  world.refuse = new InputError('store-refused', 'The archive refused the segmentation (HTTP 507).');
  controller.actions.save();
  const refused = await until(controller, s => s.lesions?.saving.status === 'failed');
  expect(refused.lesions?.saving).toMatchObject({ problem: { message: expect.stringContaining('507') } });
  expect(difference(world.labels!, shown)).toBe('');
  world.refuse = undefined;
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  expect(world.archive).toHaveLength(1);
});

test('voxels changed with the brush are what is saved, as SEMIAUTOMATIC', async () => {
  const { controller, world } = await analysed();
  const first = world.labels!.indexOf(1);
  world.paint(labels => (labels[first - 1] = 1));
  expect(controller.store.get().lesions).toMatchObject({
    algorithmType: 'SEMIAUTOMATIC',
    saving: { status: 'unsaved' },
  });
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const stored = readLesionSeg(decodeFile(world.archive[0]), SERIES);
  expect(stored.labelmap.labels[first - 1]).toBe(1);
  expect(stored.segments.map(({ algorithmType }) => algorithmType)).toEqual([
    'SEMIAUTOMATIC',
    'AUTOMATIC',
    'AUTOMATIC',
    'AUTOMATIC',
  ]);
});

test('analysing one vertebra again keeps what was edited in another', async () => {
  const { controller, world } = await analysed();
  const first = world.labels!.indexOf(1);
  world.paint(labels => (labels[first - 1] = 1));
  controller.actions.analyse([3]);
  expect(world.visited).toHaveLength(1);
  await until(controller, s => s.run.status === 'running');
  await settled(controller);
  expect(world.labels![first - 1]).toBe(1);
  expect(controller.store.get().lesions?.algorithmType).toBe('SEMIAUTOMATIC');
});

test('a drawn segment that does not say what it is stops saving and analysing, by name', async () => {
  const { controller, world } = await analysed();
  world.names[9] = 'Segment 9';
  world.paint(labels => (labels[0] = 9));
  controller.actions.save();
  const state = await until(controller, s => s.lesions?.saving.status === 'failed');
  expect(state.lesions?.saving).toMatchObject({ problem: { message: expect.stringContaining('“Segment 9”') } });
  controller.actions.analyse([3]);
  expect(await until(controller, s => s.run.status === 'error')).toMatchObject({
    run: { problem: { code: 'unnamed-segment' } },
  });
  expect(world.labels![0]).toBe(9);
});

test('a rejection, a threshold and undo: the same bytes; saved, the review comes back', async () => {
  const { controller, world } = await analysed();
  const { actions, store } = controller;
  const first = Buffer.from(world.labels!);
  actions.reject(['2/0/0'], 'schmorl');
  expect(store.get().lesions).toMatchObject({ algorithmType: 'SEMIAUTOMATIC', saving: { status: 'unsaved' } });
  expect(store.get().lesions?.rows.map(({ level, kind }) => [level, kind])).toEqual([
    ['T11', 'blastic'],
    ['T12', 'lytic'],
    ['T12', 'blastic'],
  ]);
  const rejected = Buffer.from(world.labels!);
  actions.setRules({ threshold: 0.8 });
  expect(store.get().review.present.rules.threshold).toBe(0.8);
  await until(controller, s => s.lesions?.rows.length === 1);
  actions.undo();
  expect(Buffer.compare(Buffer.from(world.labels!), rejected)).toBe(0);
  actions.undo();
  expect(Buffer.compare(Buffer.from(world.labels!), first)).toBe(0);
  expect(store.get().lesions?.algorithmType).toBe('AUTOMATIC');
  actions.redo();
  actions.setReviewed(3, true);
  expect(Buffer.compare(Buffer.from(world.labels!), rejected)).toBe(0);
  world.paint(labels => (labels[5] = 1));
  actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const painted = Buffer.from(world.labels!);
  const review = store.get().review.present;

  const seg = decodeFile(world.archive[0]);
  const later = memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(seg, 'ours')]);
  const again = createController(later.ports);
  await ready(again);
  await until(again, s => s.review.present.findings.length === 2 && s.lesions !== undefined);
  const { present } = again.store.get().review;
  expect([present.decisions, present.rules, present.reviewed]).toEqual([
    review.decisions,
    review.rules,
    review.reviewed,
  ]);
  expect(again.store.get().lesions?.saving.status).toBe('saved');
  expect(Buffer.compare(Buffer.from(later.world.labels!), painted)).toBe(0);
  // A decision after the reload works on the stored candidates, without an analysis.
  again.actions.undecide(['2/0/0']);
  expect(again.store.get().lesions?.rows[0]).toMatchObject({ level: 'T11', kind: 'lytic' });
  again.actions.undo();
  expect(Buffer.compare(Buffer.from(later.world.labels!), painted)).toBe(0);
});

test('cancelling keeps the vertebrae that were finished', async () => {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller } = await open(world);
  const { engine } = world.world;
  world.world.engine = {
    ...engine,
    attributeSlice: async (...slice) => {
      if (engine.calls.length === 1) {
        controller.actions.cancel();
        throw new CancelledError('stop');
      }
      return engine.attributeSlice(...slice);
    },
  };
  controller.actions.analyse([2, 3]);
  const state = await settled(controller);
  expect(state.run.status).toBe('cancelled');
  expect(rowsOf(state).map(({ analysis, failure }) => [Boolean(analysis), failure?.code])).toEqual([
    [false, undefined],
    [true, undefined],
    [false, undefined],
  ]);
  expect(state.lesions?.rows.map(({ level }) => level)).toEqual(['T11', 'T11']);
});

test('leaving during a run cancels it, frees the model and changes nothing afterwards', async () => {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller } = await open(world);
  const { engine } = world.world;
  let stopped = false;
  let start: () => void = () => undefined;
  const started = new Promise<void>(resolve => (start = resolve));
  world.world.engine = {
    ...engine,
    attributeSlice: (_patch, _mask, _options, hooks) =>
      new Promise((_, reject) => {
        start();
        const signal = hooks.cancel as AbortSignal;
        signal.addEventListener('abort', () => {
          stopped = true;
          reject(new CancelledError('stop'));
        });
      }),
  };
  controller.actions.analyse([2]);
  await started;
  await controller.dispose();
  const left = controller.store.get();
  await new Promise(resolve => setTimeout(resolve, 10));
  expect([stopped, world.world.released]).toEqual([true, 1]);
  expect(controller.store.get()).toBe(left);
});

test('relabelling a vertebra renames its results', async () => {
  const { controller } = await analysed();
  controller.actions.relabel(2, 'L1');
  const state = await until(controller, s => s.lesions!.rows.some(({ level }) => level === 'L1'));
  expect(state.lesions?.rows.map(({ level }) => level)).toEqual(['T12', 'T12', 'L1', 'L1']);
  expect(rowsOf(state).find(({ label }) => label === 2)?.analysis?.level).toBe('L1');
});

test('two masks of one level are not analysed until one is corrected', async () => {
  const { controller } = await open();
  controller.actions.relabel(2, 'T12');
  const codes = () => rowsOf(controller.store.get()).map(({ level, problem }) => [level, problem?.code]);
  expect(codes()).toEqual([
    ['T10', 'body-at-edge'],
    ['T12', 'duplicate-level'],
    ['T12', 'duplicate-level'],
  ]);
  controller.actions.relabel(3, 'L1');
  expect(codes()).toEqual([
    ['T10', 'body-at-edge'],
    ['T12', undefined],
    ['L1', undefined],
  ]);
});

describe('what cannot be analysed is named', () => {
  const problem = async (sets: Parameters<typeof memoryPorts>[0], of: 'ct' | 'vertebrae') => {
    const controller = createController(memoryPorts(sets).ports);
    const state = await until(controller, s => s[of].reading.status === 'error');
    const { reading } = state[of];
    return reading.status === 'error' ? reading.problem : undefined;
  };

  test('no CT', async () => {
    const mr = { ...ctSet(), Modality: 'MR' };
    expect(await problem([mr], 'ct')).toMatchObject({ code: 'no-ct', message: expect.stringContaining('MR') });
  });
  test('two slices', async () => {
    expect(await problem([ctSet(CT.slice(0, 2))], 'ct')).toMatchObject({ code: 'too-few-slices' });
  });
  test('a missing slice', async () => {
    expect(await problem([ctSet(CT.filter((_, k) => k !== 30))], 'ct')).toMatchObject({ code: 'missing-slices' });
  });
  test('a SEG of another frame of reference', async () => {
    expect(await problem([ctSet(), segSet(vertebraSeg('1.2.3'))], 'vertebrae')).toMatchObject({
      code: 'frame-of-reference',
    });
  });
});

test('a better series that arrives late is taken, unless the user has chosen', async () => {
  const few = { ...ctSet(CT.slice(0, 10)), displaySetInstanceUID: 'few' };
  const { ports, world } = memoryPorts([few]);
  const controller = createController(ports);
  expect(controller.store.get().ct.selected).toBe('few');
  world.displaySets.push(ctSet());
  world.studyChanged();
  expect(controller.store.get().ct.selected).toBe('ct');
  controller.actions.selectCt('few');
  world.studyChanged();
  expect(controller.store.get().ct.selected).toBe('few');
});

test('a store tells its listeners of changes only', () => {
  const store = createStore({ n: 1 });
  let calls = 0;
  const stop = store.subscribe(() => calls++);
  store.update(state => state);
  store.update(({ n }) => ({ n: n + 1 }));
  stop();
  store.update(({ n }) => ({ n: n + 1 }));
  expect([calls, store.get().n]).toEqual([1, 3]);
});
