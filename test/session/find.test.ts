/** Vertebrae without a segmentation, in the panel's state machine: clicks, levels, edits, undo, search. Bodies are blocks. */
import {
  applyAffine,
  CancelledError,
  InputError,
  invert,
  type SegmentedBody,
  type Vec3,
  type Volume,
} from '@spine/core';
import { decodeFile, items, text } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { SESSION_VERTEBRAE_ID, type PanelState } from '../../extensions/vertebra-metastasis/src/ui';
import { CT, ctSet, memoryPorts, segSet, vertebraSeg } from './support/panelPorts';

jest.setTimeout(300_000);

type Controller = ReturnType<typeof createController>;

function until({ store }: Controller, reached: (state: PanelState) => boolean): Promise<PanelState> {
  return new Promise(resolve => {
    const check = () => reached(store.get()) && (stop(), resolve(store.get()));
    const stop = store.subscribe(check);
    check();
  });
}
const rowsOf = (state: PanelState) => (state.vertebrae.reading.status === 'ready' ? state.vertebrae.reading.value : []);
const levels = ({ store }: Controller) => rowsOf(store.get()).map(({ level }) => level);

/** A block of 20 x 20 x 16 mm around a point. */
function block(volume: Pick<Volume, 'dims' | 'indexToLps'>, centre: Vec3): SegmentedBody {
  const at = applyAffine(invert(volume.indexToLps), centre).map(Math.round);
  const dims = [16, 16, 8] as const;
  const min = at.map((value, axis) => value - dims[axis] / 2) as unknown as Vec3;
  const labels = new Uint8Array(16 * 16 * 8).fill(1);
  return {
    mask: { min, dims, labels, voxels: labels.length },
    centroidLps: centre,
    millilitres: 6.4,
    confidence: 0.8,
    fit: { height: 20, lean: 0 },
  } as unknown as SegmentedBody;
}

async function open(sets = [ctSet()]) {
  const { ports, world } = memoryPorts(sets);
  world.segment = async (volume, seed) => block(volume, seed);
  const controller = createController(ports);
  await until(controller, s => s.model.loading.status === 'ready' && s.ct.reading.status === 'ready');
  const click = async (lps: Vec3) => {
    world.clicks!.click(lps);
    await until(controller, s => !s.find.work);
  };
  controller.actions.find.setTool(true);
  controller.actions.setSettings({ slices: 'central', screenBelow: 0 });
  return { controller, world, click };
}

test('a first click gives a mask and asks its level; the next ones are counted, proposed and accepted by key', async () => {
  const { controller, world, click } = await open();
  await click([0, 0, 0]);
  let state = controller.store.get();
  expect(state.vertebrae).toMatchObject({ selected: SESSION_VERTEBRAE_ID, choices: [{ id: SESSION_VERTEBRAE_ID }] });
  expect([levels(controller), state.find.asked, state.find.count]).toEqual([['V1'], 1, 1]);
  expect(world.bodyLabels!.filter(label => label === 1)).toHaveLength(16 * 16 * 8);
  expect(world.marks.map(({ text }) => text)).toEqual(['N', 'B']);

  controller.actions.find.confirmLevel(1, 'L1');
  state = controller.store.get();
  expect([levels(controller), state.find.asked]).toEqual([['L1'], undefined]);
  expect(world.marks.map(({ text }) => text)).toEqual(['N T12', 'B L2']);
  world.clicks!.next('above');
  await until(controller, s => s.find.count === 2 && !s.find.work);
  expect(levels(controller)).toEqual(['T12', 'L1']);
  expect(world.visited.at(-1)![2]).toBeGreaterThan(20);

  controller.actions.find.shiftLevels(1);
  expect(levels(controller)).toEqual(['L1', 'L2']);
  // A corrected count is a step of its own.
  world.clicks!.undo();
  expect(levels(controller)).toEqual(['T12', 'L1']);
  world.clicks!.undo();
  expect(levels(controller)).toEqual(['L1']);
  expect(world.bodyLabels!.includes(2)).toBe(false);
});

test('the click reads the slices around it only and places the mask where it belongs', async () => {
  const { controller, world, click } = await open();
  let size: readonly number[] = [];
  world.segment = async (volume, seed) => {
    size = volume.dims;
    return block(volume, seed);
  };
  await click([10, -5, 30]);
  expect(size[2]).toBeLessThan(60);
  rowsOf(controller.store.get())[0].centreLps.forEach((value, axis) =>
    expect(Math.abs(value - [10, -5, 30][axis])).toBeLessThan(2)
  );
});

test('what is implausible, cancelled or there already adds nothing', async () => {
  const { controller, world, click } = await open();
  world.segment = async (volume, seed) => ({ ...block(volume, seed), confidence: 0.1 });
  await click([0, 0, 0]);
  expect(controller.store.get().find).toMatchObject({ count: 0, problem: { code: 'no-body-here' } });
  world.segment = async (volume, seed) => block(volume, seed);
  await click([0, 0, 0]);
  await click([2, 2, 2]);
  expect(controller.store.get().find).toMatchObject({ count: 1, problem: { code: 'already-there' } });
  world.segment = (_volume, _seed, { cancel }) =>
    new Promise((_, reject) => {
      const stop = () => reject(new CancelledError('stop'));
      if (cancel!.aborted) stop();
      cancel!.addEventListener('abort', stop);
    });
  world.clicks!.click([0, 0, 40]);
  await until(controller, s => s.find.work?.kind === 'click');
  controller.actions.find.cancel();
  const state = await until(controller, s => !s.find.work);
  expect([state.find.count, state.find.problem]).toEqual([1, undefined]);
});

test('a body clicked after an analysis gets its own lesions when it is analysed', async () => {
  const { controller, click } = await open();
  const analyse = async (label: number) => {
    const before = controller.store.get().run;
    controller.actions.analyse([label]);
    await until(controller, s => s.run !== before && s.run.status === 'done');
  };
  await click([0, 0, 0]);
  controller.actions.find.confirmLevel(1, 'L1');
  await analyse(1);
  await click([0, 0, 30]);
  await analyse(2);
  expect([...new Set(controller.store.get().lesions?.rows.map(({ level }) => level))]).toEqual(['T12', 'L1']);
});

test('a mask corrected by hand makes its analysis outdated; analysing again clears that; erasing can be undone', async () => {
  const { controller, world, click } = await open();
  await click([0, 0, 0]);
  await click([0, 0, 28]);
  controller.actions.find.confirmLevel(1, 'L1');
  const analyse = async (labels: number[]) => {
    controller.actions.analyse(labels);
    await until(controller, s => s.run.status === 'running');
    await until(controller, s => s.run.status !== 'running');
  };
  await analyse([1, 2]);
  const outdated = () => rowsOf(controller.store.get()).map(({ level, outdated }) => [level, Boolean(outdated)]);
  expect(outdated()).toEqual([
    ['T12', false],
    ['L1', false],
  ]);
  const at = world.bodyLabels!.indexOf(1);
  world.brush(labels => (labels[at] = 0));
  expect(outdated()).toEqual([
    ['T12', false],
    ['L1', true],
  ]);
  await analyse([1]);
  expect(outdated()[1]).toEqual(['L1', false]);

  const lesions = controller.store.get().lesions!.rows;
  expect(new Set(lesions.map(({ level }) => level))).toEqual(new Set(['T12', 'L1']));
  controller.actions.find.erase(1);
  expect(levels(controller)).toEqual(['T12']);
  expect(new Set(controller.store.get().lesions!.rows.map(({ level }) => level))).toEqual(new Set(['T12']));
  controller.actions.find.undo();
  expect(levels(controller)).toEqual(['T12', 'L1']);
  expect(rowsOf(controller.store.get())[1].analysis).toBeDefined();
  expect(controller.store.get().lesions!.rows).toEqual(lesions);
});

test('finding vertebrae shows progress, keeps what was clicked, says what is missing, and asks one level', async () => {
  const { controller, world, click } = await open();
  await click([0, 0, 0]);
  const stages: string[] = [];
  controller.store.subscribe(() => {
    const { work } = controller.store.get().find;
    if (work?.kind === 'search' && stages.at(-1) !== work.stage) stages.push(work.stage);
  });
  world.locate = async (volume, { onProgress }) => {
    onProgress!({ stage: 'column', done: 0, planned: 1 });
    onProgress!({ stage: 'masks', done: 1, planned: 2 });
    return {
      bodies: [block(volume, [0, 0, 30]), block(volume, [1, 1, 1]), block(volume, [0, 0, -30])],
      leftOut: [{ centreLps: [0, 0, -55], code: 'cut-by-border' }],
    };
  };
  controller.actions.find.search();
  const state = await until(controller, s => !s.find.work && s.find.count === 3);
  expect(stages).toEqual(['reading', 'column', 'masks']);
  expect(rowsOf(state).map(({ level, origin }) => [level, origin])).toEqual([
    ['V1', 'search'],
    ['V2', 'click'],
    ['V3', 'search'],
  ]);
  expect(state.find).toMatchObject({ asked: 1, tool: false, excluded: [{ code: 'cut-by-border' }] });
  await until(controller, () => world.visited.length > 0);
  expect(world.visited.at(-1)).toEqual([0, 0, 0]);
  // Whoever knows another one's level gives that in its row.
  controller.actions.relabel(2, 'T11');
  expect(levels(controller)).toEqual(['T11', 'T12', 'L1']);
  expect(controller.store.get().find.asked).toBeUndefined();
  controller.actions.find.undo();
  expect(levels(controller)).toEqual(['T12']);
});

test('a level that ribs suggest is proposed for its body and taken by the user alone', async () => {
  const { controller, world } = await open();
  world.locate = volume =>
    Promise.resolve({
      bodies: [block(volume, [0, 0, 30]), block(volume, [0, 0, 0]), block(volume, [0, 0, -30])],
      anchor: { index: 0, level: 'T12', confidence: 0.8, basis: 'last-rib' },
      leftOut: [],
    });
  controller.actions.find.search();
  const state = await until(controller, s => !s.find.work && s.find.count === 3);
  expect(levels(controller)).toEqual(['V1', 'V2', 'V3']);
  const label = rowsOf(state)[0].label;
  expect(state.find).toMatchObject({ asked: label, proposed: { label, level: 'T12', basis: 'last-rib' } });
  controller.actions.find.confirmLevel(label, 'T12');
  expect(levels(controller)).toEqual(['T12', 'L1', 'L2']);
});

test('a click beside the masks of a SEG adds to them; choosing the SEG again shows it alone', async () => {
  const { controller, click } = await open([ctSet(CT), segSet(vertebraSeg())]);
  await until(controller, s => s.vertebrae.reading.status === 'ready');
  await click([0, 0, -40]);
  expect(levels(controller)).toEqual(['T10', 'T11', 'T12', 'L1']);
  controller.actions.selectVertebrae('seg');
  await until(controller, s => s.vertebrae.selected === 'seg' && s.vertebrae.reading.status === 'ready');
  expect(levels(controller)).toEqual(['T10', 'T11', 'T12']);
  controller.actions.selectVertebrae(SESSION_VERTEBRAE_ID);
  expect(levels(controller)).toEqual(['T10', 'T11', 'T12', 'L1']);
});

test('the saved lesions say how each mask came about', async () => {
  const { controller, world, click } = await open();
  await click([0, 0, 0]);
  await click([0, 0, 28]);
  controller.actions.find.confirmLevel(1, 'L1');
  const at = world.bodyLabels!.indexOf(1);
  world.brush(labels => (labels[at] = 0));
  controller.actions.analyse([1, 2]);
  await until(controller, s => s.run.status === 'done');
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const [segment] = items(decodeFile(world.archive[1]), 'SegmentSequence');
  const [algorithm] = items(segment, 'SegmentationAlgorithmIdentificationSequence');
  expect(text(algorithm, 'AlgorithmParameters')).toContain(
    'vertebral bodies: T12 mask by click; L1 mask by click, corrected by hand'
  );
});

test('saving lesions keeps the masks of the session with them, so that the decisions have a place on another day', async () => {
  const { controller, world, click } = await open();
  await click([0, 0, 40]);
  await click([0, 0, 0]);
  await click([0, 0, 28]);
  controller.actions.find.confirmLevel(1, 'T11');
  // Labels 2 and 3 are left, which are stored as segments 1 and 2, from the head.
  controller.actions.find.erase(1);
  controller.actions.analyse([2, 3]);
  await until(controller, s => s.run.status === 'done');
  controller.actions.reject(['2/0/0'], 'artefact');
  const save = async () => {
    controller.actions.save();
    return until(controller, s => ['saved', 'failed'].includes(s.lesions?.saving.status ?? ''));
  };
  world.refuse = new InputError('store-refused', { object: 'SEG', reason: 'HTTP 507' });
  expect((await save()).lesions?.saving.status).toBe('failed');
  world.refuse = undefined;
  expect((await save()).lesions?.saving.status).toBe('saved');
  controller.actions.setReviewed(3, true);
  await save();
  const stored = world.archive.map(decodeFile);
  expect(stored.map(one => text(one, 'SeriesDescription').split(' - ')[0])).toEqual([
    'Vertebral bodies analysed v1',
    'Vertebral lesions v1',
    'Vertebral lesions v2',
  ]);

  const later = memoryPorts([ctSet(), ...stored.map((seg, n) => segSet(seg, `ours${n}`))]);
  const again = createController(later.ports);
  const state = await until(again, s => s.lesions !== undefined && s.review.present.findings.length === 2);
  expect(rowsOf(state).map(({ label, level }) => [label, level])).toEqual([
    [1, 'T12'],
    [2, 'L1'],
  ]);
  expect(state.review.present.decisions).toEqual({ '2/0/0': { verdict: 'rejected', reason: 'artefact' } });
  expect(state.review.present.reviewed).toEqual([1]);
  expect(Buffer.compare(Buffer.from(later.world.labels!), Buffer.from(world.labels!))).toBe(0);
});
