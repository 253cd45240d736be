/** The burden shown is what the saved files hold: panel's controller, real DICOM code, an archive in memory. */
import { ctVolume, decodeFile, measureLesions, readLesionSeg, storedPixels } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/controller';
import type { BurdenResult, PanelState } from '../../extensions/vertebra-metastasis/src/ui';
import { CONTEXT } from './support/geometries';
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
      ...{ level, kind, voxels, cubicMillimetres, millilitres, hu, huPercentiles },
    }))
  );
  expect(provenance?.model.id).toBe('tiny');
  expect(burden.analysedLevels).toBe(2);
  expect(burden.notAssessed).toEqual(
    expect.arrayContaining([
      { part: 'vertebra', level: 'T10', reason: expect.stringContaining('border') },
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
