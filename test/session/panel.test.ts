/** The panel's state machine with the real method around scripted networks, the real DICOM code, and an archive in memory. */
import { decodeFile, readLesionSeg } from '@spine/dicom';
import { CancelledError, PRESETS, type ProviderReason } from '@spine/core';
import { candidate, scriptedEngine, square } from '@spine/core/testing/study';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { difference } from '../contract/support/masks';
import { analysed, type Controller, open, rowsOf, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';

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

test('says so when the model goes on in another way than it began', async () => {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller } = await open(world);
  const providerReason: ProviderReason = {
    provider: 'webgpu',
    adapter: 'any',
    worstError: 1e-6,
    arithmetic: { code: 'not-offered' },
    capture: { code: 'failed', message: 'out of memory' },
  };
  world.world.modelListeners!.onReason(providerReason);
  expect(controller.store.get().model.loading).toMatchObject({
    status: 'ready',
    value: { id: 'tiny', providerReason },
  });
});

test('shows the card, size and expected time of a model, and which others a command fetches', async () => {
  const { ports } = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const list = ports.model.list.bind(ports.model);
  const available = [
    { id: 'published', name: 'Published', megabytes: 363, runsOn: 'gpu', command: 'npm run models:published' },
  ] as const;
  const model = Object.assign(Object.create(ports.model) as typeof ports.model, {
    list: async () => ({ ...(await list()), available }),
  });
  const { store } = createController({ ...ports, model });
  await until({ store } as Controller, s => s.model.loading.status === 'ready');
  expect(store.get().model).toMatchObject({
    available,
    loading: { value: { licence: 'MIT', trainedOn: expect.any(String), megabytes: expect.any(Number) } },
  });
  // One millisecond an evaluation.
  const { standard } = store.get().expected!.presets;
  expect(standard.typical).toBeGreaterThan(0.01);
  expect(standard.most).toBeLessThan(1);
});

test('says what a vertebra will take with the settings chosen, and with each preset', async () => {
  const { controller } = await open();
  const { actions, store } = controller;
  actions.setSettings(PRESETS.reference);
  const { presets, minutes } = store.get().expected!;
  expect(minutes).toEqual(presets.reference);
  expect(presets.quick.most).toBeLessThan(presets.standard.typical);
  actions.setSettings({ ...PRESETS.standard, slices: { every: 2 } });
  expect(store.get().expected!.minutes.most).toBeCloseTo(presets.standard.most / 2, 3);
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

test('a pause holds the networks back and is no working time; cancelling ends it', async () => {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller } = await open(world);
  const { actions, store } = controller;
  const { engine } = world.world;
  let goOn: () => void = () => undefined;
  world.world.engine = {
    ...engine,
    attributeSlice: async (...slice) => {
      const { cancel } = slice[3];
      await new Promise<void>((resolve, reject) => {
        const stop = () => reject(new CancelledError('stop'));
        goOn = resolve;
        if (cancel?.aborted) stop();
        else (cancel as AbortSignal).addEventListener('abort', stop);
      });
      return engine.attributeSlice(...slice);
    },
  };
  actions.pause(true);
  expect(world.world.paused).toBe(false);
  const began = performance.now();
  actions.analyse([2]);
  await until(controller, s => s.run.status === 'running' && s.run.progress !== undefined);
  actions.pause(true);
  expect(world.world.paused).toBe(true);
  expect(store.get().run).toMatchObject({ status: 'running', paused: true });
  await new Promise(resolve => setTimeout(resolve, 300));
  actions.pause(false);
  goOn();
  const { run } = await settled(controller);
  const seconds = run.status === 'done' ? run.seconds : NaN;
  expect(seconds).toBeLessThan((performance.now() - began) / 1000 - 0.29);

  actions.analyse([3]);
  await until(controller, s => s.run.status === 'running' && s.run.progress !== undefined);
  actions.pause(true);
  actions.cancel();
  await until(controller, s => s.run.status === 'cancelled');
  expect(world.world.paused).toBe(false);
});

test('all levels shift by one, results with them, and back; at the end of the spine nothing moves', async () => {
  const { controller } = await analysed();
  const { actions, store } = controller;
  const levels = () => rowsOf(store.get()).map(({ level }) => level);
  actions.shiftLevels(1);
  expect(levels()).toEqual(['T11', 'T12', 'L1']);
  await until(controller, s => s.lesions!.rows.some(({ level }) => level === 'L1'));
  expect(store.get().lesions?.rows.map(({ level }) => level)).toEqual(['T12', 'T12', 'L1', 'L1']);
  actions.shiftLevels(-1);
  expect(levels()).toEqual(['T10', 'T11', 'T12']);
  actions.relabel(1, 'C1');
  actions.shiftLevels(-1);
  expect(levels()).toEqual(['C1', 'T11', 'T12']);
});

test('keys lead from lesion to lesion, accept or reject and go on, and finish one vertebra after the other', async () => {
  const { controller, world } = await analysed();
  const { actions, store } = controller;
  const focus = () => store.get().focus;
  actions.nextUndecided();
  expect(focus()).toMatchObject({ label: 2, lesion: 'lesion 2/0/0', key: '2/0/0' });
  expect(world.visited).toHaveLength(1);
  actions.acceptAndGo();
  expect(focus()).toMatchObject({ label: 2, lesion: 'lesion 2/0/1' });
  actions.rejectAndGo('fracture');
  expect(focus()).toMatchObject({ label: 3, lesion: 'lesion 3/0/0' });
  const verdicts = () => store.get().lesions!.rows.map(({ name, verdict }) => [name, verdict]);
  expect(verdicts()).toEqual([
    ['T11 lytic 1', 'accepted'],
    ['T12 lytic 1', undefined],
    ['T12 blastic 1', undefined],
  ]);
  expect(store.get().lesions!.rejected.map(({ name, reason }) => [name, reason])).toEqual([
    ['T11 blastic 1', 'fracture'],
  ]);
  // In the noise of this CT neither kind has its attenuation: both that are left are probably no lesions.
  expect(store.get().lesions!.rows.map(({ doubted }) => doubted)).toEqual([true, true, true]);
  actions.rejectAgainAndGo();
  expect(store.get().lesions!.rejected.map(({ reason }) => reason)).toEqual(['fracture', 'fracture']);
  actions.undo();
  actions.rejectDoubted();
  expect(store.get().lesions!.rejected).toHaveLength(3);
  actions.undo();
  // Several at once, by range; one step back for all of them.
  actions.goToLesion('lesion 3/0/0');
  actions.toggleSelected('lesion 3/0/0');
  actions.toggleSelected('lesion 3/0/0');
  actions.selectRange('lesion 3/0/1');
  expect([...focus().selected].sort()).toEqual(['lesion 3/0/0', 'lesion 3/0/1']);
  actions.acceptAndGo();
  expect(verdicts().every(([, verdict]) => verdict === 'accepted')).toBe(true);
  expect(focus().selected).toEqual([]);
  actions.undo();
  expect(verdicts().map(([, verdict]) => verdict)).toEqual(['accepted', undefined, undefined]);
  actions.redo();
  actions.goToVertebra(3);
  actions.nextUnreviewed();
  expect(focus().label).toBe(2);
  actions.toggleReviewed();
  expect(store.get().review.present.reviewed).toEqual([2]);
  actions.nextUnreviewed();
  expect(focus().label).toBe(3);
  actions.toggleReviewed();
  expect(store.get().review.present.reviewed).toEqual([2, 3]);
  actions.toggleReviewed();
  expect(store.get().review.present.reviewed).toEqual([2]);
});

test('a lesion of several slices is split and joined by its slices, and both come back from the file', async () => {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  // Both kinds, side by side in every slice.
  world.world.engine = scriptedEngine([
    candidate(0, 'lytic', square(3, -3), 0.9),
    candidate(1, 'blastic', square(3, 4), 0.7),
  ]);
  const { controller } = await open(world);
  const { actions, store } = controller;
  actions.setSettings({ slices: 'all' });
  actions.analyse([2]);
  await settled(controller);
  const listed = () => store.get().lesions!.rows.map(({ name, voxels }) => [name, voxels] as const);
  const found = listed();
  const largest = store.get().lesions!.rows[0];
  const half = largest.slices.slice(largest.slices.length >> 1).flatMap(({ candidates }) => candidates);
  actions.split(largest.id, half);
  const apart = listed();
  expect(apart).toHaveLength(found.length + 1);
  expect(apart.reduce((sum, [, voxels]) => sum + voxels, 0)).toBe(found.reduce((sum, [, voxels]) => sum + voxels, 0));
  const parts = store.get().lesions!.rows.filter(({ kind }) => kind === largest.kind);
  actions.merge(parts.map(({ id }) => id));
  expect(listed()).toEqual(found);
  actions.undo();
  expect(listed()).toEqual(apart);
  // Of both kinds where they touch: one mixed lesion, beside the rest of what was split.
  const [one] = store.get().lesions!.rows.filter(({ kind }) => kind === largest.kind);
  const other = store.get().lesions!.rows.find(({ kind }) => kind !== largest.kind)!;
  actions.merge([one.id, other.id]);
  expect(
    listed()
      .map(([name]) => name)
      .sort()
  ).toEqual([`T11 ${largest.kind} 1`, 'T11 mixed 1']);
  actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const seg = decodeFile(world.world.archive[0]);
  const identities = (file: typeof seg) =>
    readLesionSeg(file, SERIES).segments.map(({ label, voxels, trackingUid }) => [label, voxels, trackingUid]);
  expect(identities(seg).map(([label, voxels]) => [label, voxels])).toEqual(listed());

  const later = memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(seg, 'ours')]);
  const again = createController(later.ports);
  await until(again, s => s.review.present.findings.length > 0);
  const back = again.store.get().lesions!;
  expect(back.rows.map(({ name, voxels }) => [name, voxels])).toEqual(listed());
  expect(back.rows.map(({ id, huMean, flags }) => [id, huMean, flags])).toEqual(
    store.get().lesions!.rows.map(({ id, huMean, flags }) => [id, huMean, flags])
  );
  expect(back.saving.status).toBe('saved');
  expect(difference(later.world.labels!, world.world.labels!)).toBe('');
  // Saved again after a decision: the same lesions under the same identities.
  again.actions.accept([back.rows[0].id]);
  again.actions.save();
  await until(again, s => s.lesions?.saving.status === 'saved');
  expect(identities(decodeFile(later.world.archive[0]))).toEqual(identities(seg));
  // And what was split and joined before the file can be undone after it.
  for (const { id } of again.store.get().lesions!.rows) again.actions.split(id, []);
  expect(again.store.get().lesions!.rows.map(({ name, voxels }) => [name, voxels])).toEqual(found);
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
