/** The burden shown is what the saved files hold: panel's controller, real DICOM code, an archive in memory. */
import { InputError } from '@spine/core';
import { ctVolume, decodeFile, measureLesions, readLesionSeg, storedPixels } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import type { BurdenResult, PanelState } from '../../extensions/vertebra-metastasis/src/ui';
import { CONTEXT } from '../contract/support/geometries';
import { ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';

type Controller = ReturnType<typeof createController>;

function until({ store }: Controller, reached: (state: PanelState) => boolean): Promise<PanelState> {
  return new Promise(resolve => {
    const check = () => reached(store.get()) && (stop(), resolve(store.get()));
    const stop = store.subscribe(check);
    check();
  });
}
const measured = async (controller: Controller): Promise<BurdenResult> => {
  const { burden } = await until(controller, s => s.burden.status === 'ready');
  if (burden.status !== 'ready') throw new Error('not measured');
  return burden.value;
};

async function analysed() {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const controller = createController(world.ports);
  await until(controller, s => s.vertebrae.reading.status === 'ready' && s.model.loading.status === 'ready');
  controller.actions.setSettings({ slices: { every: 2 }, screenBelow: 0 });
  controller.actions.analyse([2, 3]);
  await until(controller, s => s.run.status === 'done');
  return { controller, ...world };
}

test('volumes and HU are those of the files, to the last digit; coverage comes back with the stored result', async () => {
  const { controller, world } = await analysed();
  controller.actions.showTab('burden');
  const first = await measured(controller);
  const { burden, provenance } = first;
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');

  const seg = decodeFile(world.archive[0]);
  const { labelmap, segments } = readLesionSeg(seg, SERIES);
  const volume = ctVolume(SERIES, storedPixels);
  const files = measureLesions({ ...CONTEXT, series: SERIES, seg, volume, labelmap, lesions: segments });
  const shown = burden.levels.flatMap(({ level, ...kinds }) =>
    (['lytic', 'blastic'] as const).flatMap(kind => (kinds[kind] ? [{ level, kind, ...kinds[kind] }] : []))
  );
  expect(shown).toHaveLength(4);
  expect(shown).toEqual(
    files.map(({ level, kind, voxels, cubicMillimetres, millilitres, hu, huPercentiles }) => ({
      level,
      kind,
      voxels,
      cubicMillimetres,
      millilitres,
      hu,
      huPercentiles,
      // With every second slice each lesion borders on what was not searched.
      atLeast: true,
    }))
  );
  expect(provenance?.model.id).toBe('tiny');
  expect(burden.analysedLevels).toBe(2);
  expect(burden.notAssessed).toEqual(
    expect.arrayContaining([
      { part: 'vertebra', level: 'T10', reason: { code: 'body-at-edge', params: { label: 1 } } },
      { part: 'posterior-elements' },
    ])
  );

  const later = createController(memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(seg, 'ours')]).ports);
  await until(later, s => s.lesions !== undefined && s.vertebrae.reading.status === 'ready');
  later.actions.showTab('burden');
  await until(later, s => s.burden.status === 'ready');
  expect(await measured(later)).toEqual(first);
});

test('an edit by hand is measured at once', async () => {
  const { controller, world } = await analysed();
  controller.actions.showTab('burden');
  const before = (await measured(controller)).burden;
  const first = world.labels!.indexOf(1);
  world.paint(labels => (labels[first - 1] = 1));
  const state = await until(controller, s => s.burden.status === 'ready' && s.burden.value.burden !== before);
  const after = state.burden.status === 'ready' ? state.burden.value.burden : before;
  expect(after.levels[0].lytic!.voxels).toBe(before.levels[0].lytic!.voxels + 1);
  expect(after.total.lytic!.voxels).toBe(before.total.lytic!.voxels + 1);
});

test('the threshold told is the one in force, as in the files; decisions are told with their reasons', async () => {
  const { controller, world } = await analysed();
  const { actions } = controller;
  actions.showTab('burden');
  expect((await measured(controller)).provenance?.threshold).toBe(0.5);
  actions.reject(['2/0/0'], 'schmorl');
  actions.setReviewed(3, true);
  actions.setRules({ threshold: 0.6 });
  const { burden } = await until(
    controller,
    s => s.burden.status === 'ready' && s.burden.value.provenance?.threshold === 0.6
  );
  const value = burden.status === 'ready' ? burden.value : undefined;
  expect(value?.review.decisions).toMatchObject({
    rules: { threshold: 0.6, minPixels: 5 },
    levels: [
      { level: 'T11', reviewed: false, rejected: [{ reason: 'schmorl', regions: 1 }] },
      { level: 'T12', reviewed: true, rejected: [] },
    ],
  });
  actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const { provenance } = readLesionSeg(decodeFile(world.archive[0]), SERIES).state as {
    provenance: { threshold: number };
  };
  expect(provenance.threshold).toBe(0.6);
});

test('a stored review whose masks are not open is told, and not lost by the next save', async () => {
  const { controller, world } = await analysed();
  controller.actions.reject(['2/0/0'], 'haemangioma');
  controller.actions.setRules({ threshold: 0.6 });
  await until(controller, s => s.review.present.rules.threshold === 0.6 && s.review.canUndo);
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');

  const later = memoryPorts([ctSet(), segSet(decodeFile(world.archive[0]), 'ours')]);
  const again = createController(later.ports);
  await until(again, s => s.lesions !== undefined);
  again.actions.showTab('burden');
  const value = await measured(again);
  expect(value.provenance?.threshold).toBe(0.6);
  expect(value.review.decisions.levels[0].rejected).toEqual([{ reason: 'haemangioma', regions: 1 }]);
  again.actions.setSins('T12', 'pain', 'none');
  again.actions.save();
  await until(again, s => s.lesions?.saving.status === 'saved');
  const states = [world.archive[0], later.world.archive[0]].map(
    file => readLesionSeg(decodeFile(file), SERIES).state as { provenance: object; review: object }
  );
  expect(states[1].review).toEqual(states[0].review);
  expect(states[1].provenance).toEqual(states[0].provenance);
});

test('slices that do not arrive are named, and measuring can be tried again', async () => {
  const { controller, world } = await analysed();
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const later = memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(decodeFile(world.archive[0]), 'ours')]);
  const { readCt } = later.ports.study;
  let broken = true;
  const study: typeof later.ports.study = {
    ...later.ports.study,
    readCt: async (...asked) => {
      if (broken) throw new InputError('image-missing', { uid: '3', reason: 'HTTP 503' });
      return readCt(...asked);
    },
  };
  const again = createController({ ...later.ports, study });
  await until(again, s => s.lesions !== undefined && s.vertebrae.reading.status === 'ready');
  again.actions.showTab('burden');
  const { burden } = await until(again, s => s.burden.status === 'error');
  expect(burden).toMatchObject({ problem: { code: 'image-missing' } });
  broken = false;
  again.actions.measureBurden();
  await measured(again);
});

test('nothing is measured before there is anything, nor while no one looks', async () => {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const controller = createController(world.ports);
  await until(controller, s => s.vertebrae.reading.status === 'ready');
  controller.actions.showTab('burden');
  expect(controller.store.get().burden).toEqual({ status: 'idle' });
});

test('worksheets: proposals from the CT, answers by hand, kept in the saved file; no sum before all are set', async () => {
  const { controller, world } = await analysed();
  controller.actions.showTab('report');
  const { planning } = await until(controller, s => s.planning.plans !== undefined);
  expect(planning.plans?.map(({ level }) => level)).toEqual(['T11', 'T12']);
  const t12 = planning.plans![1];
  expect(t12.proposed).toMatchObject({ location: 'junctional', lesion: expect.any(String) });
  expect(t12.proposed).not.toHaveProperty('pain');
  expect(t12.proposed).not.toHaveProperty('posterolateral');
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');

  controller.actions.setSins('T12', 'pain', 'mechanical');
  controller.actions.setSins('T12', 'lesion', 'lytic');
  controller.actions.setSins('T12', 'lesion', undefined);
  controller.actions.setSectors('T12', [6, 1]);
  expect(controller.store.get().lesions?.saving.status).toBe('unsaved');
  const { worksheets } = controller.store.get().planning;
  expect(worksheets).toEqual({ T12: { answers: { pain: 'mechanical' }, sectors: [1, 6] } });
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');

  const seg = decodeFile(world.archive[1]);
  const later = createController(memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(seg, 'ours')]).ports);
  const reopened = await until(later, s => s.lesions !== undefined);
  expect(reopened.planning.worksheets).toEqual(worksheets);
});
