/** A result from analysis to file and back: decisions, brush, undo, saving. Scripted networks, real DICOM code. */
import { InputError, suggestedAnswer } from '@spine/core';
import { decodeFile, readLesionSeg } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { difference } from '../contract/support/masks';
import { analysed, eventually, ready, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';

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
  world.refuse = new InputError('store-refused', { object: 'SEG', reason: 'HTTP 507' });
  controller.actions.save();
  const refused = await until(controller, s => s.lesions?.saving.status === 'failed');
  expect(refused.lesions?.saving).toMatchObject({ problem: { params: { reason: 'HTTP 507' } } });
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
  expect(state.lesions?.saving).toMatchObject({
    problem: { code: 'unnamed-segment', params: { names: ['Segment 9'] } },
  });
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
  again.actions.resetDecision(['2/0/0']);
  expect(again.store.get().lesions?.rows[0]).toMatchObject({ level: 'T11', kind: 'lytic' });
  again.actions.undo();
  expect(Buffer.compare(Buffer.from(later.world.labels!), painted)).toBe(0);
});

test('what is said of a whole vertebra is saved with reader and date, and comes back; what follows from regions alone is not', async () => {
  const { controller, world } = await analysed();
  const { actions, store } = controller;
  const [t11, t12] = store.get().review.present.findings;
  actions.setReviewed(t11.label, true);
  actions.setReviewed(t12.label, true);
  expect(suggestedAnswer(store.get().review.present, t11.label)).toBe('metastasis');
  actions.answer(t11.label, 'uncertain');
  const { answers } = store.get().review.present;
  expect(answers).toEqual({
    [t11.label]: { answer: 'uncertain', reader: 'Doe^Jane', on: expect.stringMatching(/^20\d{12}$/) },
  });

  actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const seg = decodeFile(world.archive[0]);
  const { state } = readLesionSeg(seg, SERIES);
  expect((state as { answers: unknown }).answers).toEqual([
    {
      level: 'T11',
      answer: 'uncertain',
      reader: 'Doe^Jane',
      on: answers[t11.label].on,
      finding: expect.objectContaining({ CodeValue: '14799000', CodingSchemeDesignator: 'SCT' }),
      value: expect.objectContaining({ CodeValue: '373068000', CodingSchemeDesignator: 'SCT' }),
    },
  ]);

  const later = createController(memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(seg, 'ours')]).ports);
  await until(later, s => s.lesions !== undefined);
  await ready(later);
  expect((await until(later, s => s.review.present.reviewed.length > 0)).review.present.answers).toEqual(answers);

  // Undone like any other step; and whoever goes on with a vertebra answers for it anew.
  actions.answer(t11.label, 'metastasis');
  actions.undo();
  expect(store.get().review.present.answers).toEqual(answers);
  actions.setReviewed(t11.label, false);
  expect(store.get().review.present.answers).toEqual({});
  expect(store.get().lesions?.saving.status).not.toBe('saved');
});

test("a segment renamed in the viewer's list becomes that lesion, as one step; a name that says nothing is explained", async () => {
  const { controller, world } = await analysed();
  const { store, actions } = controller;
  const { index, level, kind } = world.shown!.segments[0];
  expect([level, kind]).toEqual(['T11', 'lytic']);
  const before = world.shown!;
  world.names[index] = 'T12 lytic';
  world.renamed();
  await eventually(() => world.shown !== before);
  world.names = {};
  expect(world.shown!.segments.map(one => [one.level, one.kind].join(' '))).not.toContain('T11 lytic');
  actions.undo();
  await eventually(() => world.shown!.segments.some(one => one.level === 'T11' && one.kind === 'lytic'));
  world.names = { [index]: 'my finding' };
  world.renamed();
  expect(store.get().lesionsProblem?.code).toBe('segment-name-kept');
  world.names = { 9: 'Segment 9' };
  world.renamed();
  expect(store.get().lesionsProblem).toEqual({ code: 'segment-not-named', params: { names: ['“Segment 9”'] } });
  world.names = { 9: 'T12 lytic' };
  world.renamed();
  expect(store.get().lesionsProblem).toBeUndefined();
});
