/** Outlines, brush and decisions around an analysis at work, as the viewer is told of them. */
import { analysed, eventually, open, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, vertebraSeg } from './support/panelPorts';

test('outlines: all lesions, the rejected of the selected vertebra; the one pointed at is told apart', async () => {
  const { controller, world } = await analysed();
  const { actions, hover } = controller;
  const outlined = () =>
    world.outlined
      .filter(({ shade }) => !shade)
      .map(({ key, kept, kind }) => `${key} ${kind}${kept ? '' : ' ignored'}`);
  const all = ['lesion 2/0/0 lytic', 'lesion 2/0/1 blastic', 'lesion 3/0/0 lytic', 'lesion 3/0/1 blastic'];
  expect(outlined()).toEqual(all);
  actions.goToVertebra(3);
  expect(outlined()).toEqual(all);
  // A region below the threshold is outlined while it is looked at.
  actions.goToCandidate({ key: '3/0/2', pointLps: [0, 0, 0] });
  expect(outlined()).toEqual([...all, '3/0/2 blastic ignored']);
  actions.goToCandidate({ key: '3/0/1', pointLps: [0, 0, 0] });
  const before = world.outlined;
  hover.set('lesion 3/0/0');
  expect(world.highlighted).toEqual(['lesion 3/0/1', 'lesion 3/0/0']);
  expect(world.outlined).toBe(before);
  hover.set(undefined);
  actions.setKind(['lesion 3/0/1'], 'lytic');
  actions.reject(['lesion 3/0/0'], 'other');
  expect(outlined().sort()).toEqual([
    'lesion 2/0/0 lytic',
    'lesion 2/0/1 blastic',
    'lesion 3/0/0 lytic ignored',
    'lesion 3/0/1 lytic',
  ]);
  expect(world.lesionLines).toBe(false);
  actions.setOutlines(false);
  expect([outlined(), world.lesionLines]).toEqual([[], false]);
  actions.setOutlines(true);
  for (const { key, shade } of world.outlined) if (!shade) actions.reject([key], 'other');
  actions.closeVertebra();
  expect([outlined(), world.lesionLines]).toEqual([[], true]);
});

test('what was not searched is shaded once something was: the rest of analysed bodies, and bodies without an analysis', async () => {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller } = await open(world);
  expect(world.world.outlined).toEqual([]);
  controller.actions.analyse([2]);
  await until(controller, s => s.run.status === 'done');
  const shaded = () =>
    world.world.outlined
      .filter(({ shade }) => shade)
      .map(({ key }) => key)
      .sort();
  expect(shaded()).toEqual(['unsearched 1', 'unsearched 2', 'unsearched 3']);
  // T11, about x = 0, was searched in its middle slice alone.
  const rest = world.world.outlined.find(({ key }) => key === 'unsearched 2')!;
  const sagittal = (x: number) => rest.cut({ point: [x, 0, 24], normal: [1, 0, 0] }).length;
  expect([sagittal(0), sagittal(6)]).toEqual([0, 1]);
  controller.actions.analyse([3]);
  await until(controller, s => s.run.status === 'done' && s.review.present.findings.length === 2);
  expect(shaded()).toEqual(['unsearched 1', 'unsearched 2', 'unsearched 3']);
  controller.actions.setOutlines(false);
  expect(world.world.outlined).toEqual([]);
});

test('every body has its name in the images; a click selects it and fills the view with it, closing goes back', async () => {
  const { controller, world } = await open();
  const { actions, store } = controller;
  const shown = () => world.levelLabels.map(({ text, current }) => `${text}${current ? ' current' : ''}`);
  expect(shown()).toEqual(['T10', 'T11', 'T12']);
  world.clickLevel!(3);
  expect([store.get().focus.label, shown()]).toEqual([3, ['T10', 'T11', 'T12 current']]);
  // The box of the body: 24 x 28 x 24 mm about (0, 4, -12), to a voxel.
  const sizes = [0, 1, 2].map(axis => {
    const values = world.closeUp!.map(corner => corner[axis]);
    return Math.max(...values) - Math.min(...values);
  });
  sizes.forEach((mm, axis) => expect(Math.abs(mm - [24, 28, 24][axis])).toBeLessThan(3));
  actions.relabel(3, 'L1');
  expect(shown()).toEqual(['T10', 'T11', 'L1 current']);
  actions.closeVertebra();
  expect([world.closeUp, shown()]).toEqual([undefined, ['T10', 'T11', 'L1']]);
});

test('a click on an outline looks at that lesion, also in another vertebra, and at the place clicked', async () => {
  const { controller, world } = await analysed();
  const { actions, store } = controller;
  actions.goToVertebra(2);
  world.clickOutline!('lesion 3/0/1', [1, 2, 3]);
  expect(store.get().focus).toEqual({ label: 3, lesion: 'lesion 3/0/1', key: '3/0/1', selected: [] });
  expect(world.visited.at(-1)).toEqual([1, 2, 3]);
  expect(world.highlighted).toEqual(['lesion 3/0/1', undefined]);
});

test('the brush paints the lesion of the selected vertebra, also where there is none yet; undo keeps its target', async () => {
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
  // Inside T11, beside its middle slice; what lies outside its body is taken back.
  const place = 46 + 80 * (32 + 64 * 42);
  world.paint(labels => (labels[5] = labels[place] = 3));
  await eventually(() => world.labels![5] === 0);
  const painted = () => store.get().lesions?.rows.find(({ level }) => level === 'T11');
  expect(painted()).toMatchObject({ kind: 'blastic', voxels: 1 });
  actions.undo();
  await eventually(() => world.active === 3);
  expect(painted()).toBeUndefined();
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

test('what lies between two drawn slices is filled in one step, inside the body; without a gap the panel says so', async () => {
  const { controller, world } = await analysed();
  const { actions, store } = controller;
  actions.reject(['2/0/0', '2/0/1'], 'artefact');
  actions.goToVertebra(2);
  actions.fillBetween();
  expect(store.get().lesionsProblem?.code).toBe('nothing-between');
  actions.paint('blastic');
  await eventually(() => world.active === 3);
  // Squares of 3 x 3 voxels in axial slices 38 and 44, beside the middle slice that was analysed.
  const place = (i: number, j: number, k: number) => 46 + i + 80 * (32 + j + 64 * k);
  const square = [-1, 0, 1].flatMap(i => [-1, 0, 1].map(j => [i, j] as const));
  world.paint(labels => {
    for (const k of [38, 44]) for (const [i, j] of square) labels[place(i, j, k)] = 3;
  });
  const drawn = () => store.get().lesions!.rows.filter(({ level }) => level === 'T11');
  await eventually(() => drawn().length === 2);
  const before = Buffer.from(world.labels!);
  actions.fillBetween();
  await eventually(() => drawn().length === 1);
  expect(drawn()[0]).toMatchObject({ kind: 'blastic', drawn: true, voxels: 7 * 9 });
  expect(store.get().lesionsProblem).toBeUndefined();
  actions.undo();
  await eventually(() => drawn().length === 2);
  expect(Buffer.compare(Buffer.from(world.labels!), before)).toBe(0);
  actions.redo();
  await eventually(() => drawn().length === 1);
  actions.fillBetween();
  expect(store.get().lesionsProblem?.code).toBe('nothing-between');
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

test('a stroke that the viewer tells of in parts is one step; after a decision or another press a new one begins', async () => {
  const { controller, world } = await analysed();
  const { actions, store } = controller;
  const first = Buffer.from(world.labels!);
  actions.goToVertebra(2);
  actions.paint('erase');
  await eventually(() => world.paintTool?.tool === 'eraser');
  const erase = (count: number, goesOn: boolean) =>
    world.paint(labels => {
      for (let n = 0; n < count; n++) labels[labels.indexOf(1)] = 0;
    }, goesOn);
  erase(1, false);
  erase(2, true);
  const afterStroke = Buffer.from(world.labels!);
  erase(1, false);
  actions.undo();
  expect(Buffer.compare(Buffer.from(world.labels!), afterStroke)).toBe(0);
  actions.undo();
  expect(Buffer.compare(Buffer.from(world.labels!), first)).toBe(0);
  expect(store.get().review.canUndo).toBe(false);
  actions.redo();
  erase(1, true);
  actions.undo();
  expect(Buffer.compare(Buffer.from(world.labels!), afterStroke)).toBe(0);
});

test('a finished vertebra can be decided on while the next is analysed', async () => {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller } = await open(world);
  const { actions, store } = controller;
  const { engine } = world.world;
  let goOn: (() => void) | undefined;
  world.world.engine = {
    ...engine,
    attributeSlice: async (...slice) => {
      if (engine.calls.length === 1) await new Promise<void>(resolve => (goOn = resolve));
      return engine.attributeSlice(...slice);
    },
  };
  actions.analyse([2, 3]);
  await until(controller, s => s.lesions !== undefined);
  actions.reject(['2/0/0'], 'degenerative');
  actions.setReviewed(2, true);
  await eventually(() => goOn !== undefined);
  goOn!();
  await settled(controller);
  const { decisions, reviewed, findings } = store.get().review.present;
  expect(decisions).toEqual({ '2/0/0': { verdict: 'rejected', reason: 'degenerative' } });
  expect([reviewed, findings.length]).toEqual([[2], 2]);
  expect(store.get().lesions?.rows.map(({ level, kind }) => `${level} ${kind}`)).toEqual([
    'T11 blastic',
    'T12 lytic',
    'T12 blastic',
  ]);
});
