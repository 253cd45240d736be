/** A session per CT: which CT is opened, what is said of one that cannot be, and that nothing begun on one is there on the next. */
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { analysed, eventually, open, rowsOf, settled, until } from './support/panelDriver';
import { CT, ctSet, memoryPorts, segSet, vertebraSeg } from './support/panelPorts';

const twoCts = () => memoryPorts([ctSet(), { ...ctSet(), displaySetInstanceUID: 'other' }, segSet(vertebraSeg())]);

test('an unnamed drawn segment does not stop the analysis of another CT', async () => {
  const { controller, world } = await analysed(twoCts());
  world.names[9] = 'Segment 9';
  world.paint(labels => (labels[0] = 9));
  controller.actions.selectCt('other');
  await until(controller, s => rowsOf(s).length === 3);
  controller.actions.analyse([3]);
  const { run } = await settled(controller);
  expect(run).toMatchObject({ status: 'done', vertebrae: 1 });
});

test('the brush is put down when another CT is opened', async () => {
  const { controller, world } = await analysed(twoCts());
  controller.actions.goToVertebra(2);
  controller.actions.paint('lytic');
  await eventually(() => world.paintTool !== undefined);
  controller.actions.selectCt('other');
  expect([world.paintTool, controller.store.get().painting]).toEqual([undefined, undefined]);
});

test('what a slider showed when the CT was changed is not carried over', async () => {
  const { controller } = await analysed(twoCts());
  controller.actions.setRules({ threshold: 0.8 });
  controller.actions.selectCt('other');
  await new Promise(resolve => setTimeout(resolve, 300));
  expect(controller.store.get().settings.threshold).toBe(0.5);
});

test('with several studies open, the choice of CTs names patient and date', async () => {
  const other = CT.map(one => ({ ...one, PatientName: 'Roe^Richard', StudyDate: '20240229' }));
  const world = memoryPorts([
    ctSet(),
    { ...ctSet(other), displaySetInstanceUID: 'other', StudyInstanceUID: '2' },
    segSet(vertebraSeg()),
  ]);
  const { controller } = await open(world);
  const labels = controller.store.get().ct.choices.map(({ label }) => label);
  expect(labels[1]).toBe('Roe^Richard · 2024-02-29 · 2 CT (60)');
  expect(labels[0]).toMatch(/ · 2 CT \(60\)$/);
});

test('two CTs: a segmentation drawn on the smaller one makes that the CT that opens, and it is the one that hangs', async () => {
  const thin = { ...ctSet([...CT, ...CT]), displaySetInstanceUID: 'thin', SeriesInstanceUID: '9.9' };
  const world = memoryPorts([thin, ctSet(), segSet(vertebraSeg())]);
  world.world.hanging = ['thin'];
  const { controller } = await open(world);
  expect(controller.store.get().ct.selected).toBe('ct');
  expect(world.world.hanging).toEqual(['ct']);
});

test('two studies: the first of the address is opened, however many slices the other has', async () => {
  const other = { ...ctSet([...CT, ...CT]), displaySetInstanceUID: 'other', StudyInstanceUID: '2' };
  const world = memoryPorts([other, ctSet(), segSet(vertebraSeg())]);
  world.world.studyUids = ['1', '2'];
  const { controller } = await open(world);
  expect(controller.store.get().ct.selected).toBe('ct');
});

test('another series in the viewports is told, with both ways out; slices that failed are told and loaded again', async () => {
  const { controller, world } = await analysed(twoCts());
  const { actions, store } = controller;
  world.hanging = ['other'];
  world.imagesChanged();
  const { hanging } = store.get().ct;
  expect(hanging?.problem.code).toBe('other-series-shown');
  expect(hanging?.instead.map(({ id }) => id)).toEqual(['other']);
  actions.showCt();
  world.imagesChanged();
  expect(world.hanging).toEqual(['ct']);
  expect(store.get().ct.hanging).toBeUndefined();
  world.missing = 5;
  world.imagesChanged();
  expect(store.get().ct.missing?.problem).toMatchObject({ code: 'slices-missing', params: { missing: 5 } });
  actions.reloadImages();
  await eventually(() => store.get().ct.missing === undefined);
  await controller.dispose();
});

test('"no CT" is said when the list of series has come and names none; until then the panel waits', async () => {
  const { world, ports } = memoryPorts([segSet(vertebraSeg())]);
  world.awaitsCt = true;
  const { store } = createController(ports);
  expect(store.get().ct.reading).toEqual({ status: 'loading' });
  world.awaitsCt = false;
  world.studyChanged();
  expect(store.get().ct.reading).toMatchObject({ status: 'error', problem: { code: 'no-ct-in-study' } });
});

test('work on the open CT keeps it open when a likelier one arrives', async () => {
  const world = twoCts();
  const { controller } = await analysed(world);
  world.world.displaySets = [
    ...world.world.displaySets,
    { ...ctSet([...CT, ...CT]), displaySetInstanceUID: 'late', SeriesInstanceUID: '8.8' },
  ];
  world.world.studyChanged();
  expect(controller.store.get().ct.selected).toBe('ct');
});

test('masks whose levels lie in the wrong order along the spine are named, and nothing is analysed', async () => {
  const seg = vertebraSeg();
  const segments = [seg.SegmentSequence].flat() as { SegmentLabel: string }[];
  const labels = segments.map(({ SegmentLabel }) => SegmentLabel).reverse();
  const turned = { ...seg, SegmentSequence: segments.map((one, n) => ({ ...one, SegmentLabel: labels[n] })) };
  const { controller, world } = await open(memoryPorts([ctSet(), segSet(turned)]));
  controller.actions.analyse([2, 3]);
  const { run } = await settled(controller);
  expect(run).toMatchObject({ status: 'error', problem: { code: 'levels-order' } });
  expect(world.engine.calls).toHaveLength(0);
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
    expect(await problem([mr], 'ct')).toMatchObject({ code: 'no-ct-in-study', params: { modalities: ['MR'] } });
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
