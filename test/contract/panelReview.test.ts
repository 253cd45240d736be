/** A result from analysis to file and back: decisions, brush, undo, saving. Scripted networks, real DICOM code. */
import { InputError } from '@spine/core';
import { reviewSummary } from '@spine/core/review';
import { decodeFile, readLesionSeg } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/controller';
import { difference } from './support/masks';
import { analysed, eventually, open, ready, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';

jest.setTimeout(60_000);

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

test('the threshold is the model’s until a person moves it; moving it back leaves no trace', async () => {
  const ports = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  ports.world.rules = { attributionThreshold: 0.8, minPixels: 5 };
  const { controller } = await open(ports);
  const { actions, store } = controller;
  expect(store.get().review.present.rules).toEqual({ threshold: 0.8, minPixels: 5 });
  expect(store.get().settings.threshold).toBe(0.8);
  actions.analyse([2]);
  await settled(controller);
  expect(store.get().lesions).toMatchObject({ algorithmType: 'AUTOMATIC', rows: [{ kind: 'lytic' }] });
  actions.setRules({ threshold: 0.5 });
  await until(controller, s => s.lesions?.rows.length === 2);
  expect(store.get().lesions?.algorithmType).toBe('SEMIAUTOMATIC');
  actions.setRules({ threshold: 0.8 });
  await until(controller, s => s.lesions?.rows.length === 1);
  expect(store.get().lesions?.algorithmType).toBe('AUTOMATIC');
});

test('another model brings its threshold with its first vertebra, unless a person moved it', async () => {
  const ports = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller } = await analysed(ports);
  const { actions, store } = controller;
  ports.world.rules = { attributionThreshold: 0.8, minPixels: 5 };
  actions.selectModel('tiny');
  await until(controller, s => s.model.loading.status === 'loading');
  await until(controller, s => s.model.loading.status === 'ready');
  // What is shown does not change by opening a model.
  expect(store.get().review.present.rules.threshold).toBe(0.5);
  actions.analyse([3]);
  await until(controller, s => s.run.status === 'running');
  await settled(controller);
  expect(store.get().review.present.rules.threshold).toBe(0.8);
  actions.setRules({ threshold: 0.6 });
  await until(controller, s => s.review.canUndo);
  actions.analyse([2]);
  await until(controller, s => s.run.status === 'running');
  await settled(controller);
  expect(store.get().review.present.rules.threshold).toBe(0.6);
});

test('the means of the CT and what was drawn by hand come back with the saved review', async () => {
  const { controller, world } = await analysed();
  const first = world.labels!.indexOf(1);
  world.paint(labels => (labels[first - 1] = 1));
  controller.actions.reject(['3/0/0'], 'haemangioma');
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const before = controller.store.get().review.present;

  const later = memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(decodeFile(world.archive[0]), 'ours')]);
  const again = createController(later.ports);
  await ready(again);
  const { review } = await until(again, s => s.review.present.findings.length === 2 && s.lesions !== undefined);
  const means = (state: typeof before) =>
    state.findings.flatMap(({ slices }) => slices.flatMap(one => one.candidates.map(({ huMean }) => huMean)));
  expect(means(before).every(hu => hu !== undefined && hu > 0 && hu < 200)).toBe(true);
  expect(means(review.present)).toEqual(means(before));
  expect(reviewSummary(review.present)).toEqual(reviewSummary(before));
  expect(reviewSummary(before).levels).toMatchObject([
    { level: 'T11', drawn: ['lytic'] },
    { level: 'T12', rejected: [{ reason: 'haemangioma', regions: 1 }] },
  ]);
});

test('outlines: all regions of the vertebra looked at, what counts elsewhere; the one pointed at is told apart', async () => {
  const { controller, world } = await analysed();
  const { actions, hover } = controller;
  const outlined = () => world.outlined.map(({ key, kept, kind }) => `${key} ${kind}${kept ? '' : ' ignored'}`);
  expect(outlined()).toEqual(['2/0/0 lytic', '2/0/1 blastic', '3/0/0 lytic', '3/0/1 blastic']);
  actions.goToVertebra(3);
  expect(outlined().slice(2)).toEqual(['3/0/0 lytic', '3/0/1 blastic', '3/0/2 blastic ignored']);
  actions.goToCandidate({ key: '3/0/1', pointLps: [0, 0, 0] });
  const before = world.outlined;
  hover.set('3/0/2');
  expect(world.highlighted).toEqual(['3/0/1', '3/0/2']);
  expect(world.outlined).toBe(before);
  hover.set(undefined);
  actions.setKind(['3/0/1'], 'lytic');
  actions.reject(['2/0/0'], 'other');
  expect(outlined()).toEqual(['2/0/1 blastic', '3/0/0 lytic', '3/0/1 lytic', '3/0/2 blastic ignored']);
  actions.setOutlines(false);
  expect(outlined()).toEqual([]);
});

test('the brush paints the lesion of the vertebra looked at, also where there is none yet; undo keeps its target', async () => {
  const { controller, world } = await analysed();
  const { actions, store } = controller;
  actions.reject(['2/0/0', '2/0/1'], 'artefact');
  expect(store.get().lesions?.rows.map(({ level, kind }) => [level, kind])).toEqual([
    ['T12', 'lytic'],
    ['T12', 'blastic'],
  ]);
  const before = Buffer.from(world.labels!);
  actions.goToVertebra(2);
  actions.paint('blastic');
  await eventually(() => world.paintTool !== undefined);
  expect([world.paintTool?.tool, world.active, store.get().painting]).toEqual(['brush', 3, 'blastic']);
  world.paint(labels => (labels[5] = 3));
  const painted = () => store.get().lesions?.rows.find(({ level }) => level === 'T11');
  expect(painted()).toMatchObject({ kind: 'blastic', voxels: 1 });
  actions.undo();
  expect([painted(), world.active]).toEqual([undefined, 3]);
  actions.redo();
  await eventually(() => world.active === 1);
  expect(painted()).toMatchObject({ index: 1, kind: 'blastic', voxels: 1 });
  actions.undo();
  // Another tool of the viewer takes over; the empty segment goes.
  world.paintTool!.leave();
  expect(store.get().painting).toBeUndefined();
  expect(world.shown!.segments.map(({ level }) => level)).toEqual(['T12', 'T12']);
  expect(Buffer.compare(Buffer.from(world.labels!), before)).toBe(0);
});

test('the eraser is one step of the history; pressed again it is off', async () => {
  const { controller, world } = await analysed();
  const { actions, store } = controller;
  const first = Buffer.from(world.labels!);
  actions.paint('erase');
  await eventually(() => world.paintTool?.tool === 'eraser');
  const at = world.labels!.indexOf(1);
  world.paint(labels => (labels[at] = 0));
  expect(store.get().lesions?.algorithmType).toBe('SEMIAUTOMATIC');
  actions.paint('erase');
  expect([world.paintTool, store.get().painting]).toEqual([undefined, undefined]);
  actions.undo();
  expect(Buffer.compare(Buffer.from(world.labels!), first)).toBe(0);
});
