/** Nothing of a person's work is lost: what is unsaved is known as such, and what was removed comes back with undo. */
import { decodeFile, item, type NaturalizedInstance } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { analysed, eventually, open, ready, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, vertebraSeg } from './support/panelPorts';

type Opened = Awaited<ReturnType<typeof analysed>>;

async function saved({ controller }: Opened) {
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
}

test('every answer that a save would write makes the work unsaved, and a save takes that back', async () => {
  const opened = await analysed();
  const { controller } = opened;
  const { actions } = controller;
  expect(controller.unsaved()).toBe(true);
  const answers: (() => void)[] = [
    () => actions.reject(['2/0/0', '2/0/1', '3/0/0', '3/0/1'], 'other'),
    () => actions.setReviewed(2, true),
    () => actions.setSins('T12', 'pain', 'mechanical'),
    () => actions.setSectors('T12', [1]),
    () => actions.relabel(3, 'L1'),
    () => actions.undo(),
  ];
  for (const answer of answers) {
    await saved(opened);
    expect(controller.unsaved()).toBe(false);
    answer();
    expect(controller.unsaved()).toBe(true);
  }
});

test('a running analysis and corrected levels are work, too; looking around is not', async () => {
  const ports = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller, world } = await open(ports);
  const { actions } = controller;
  actions.goToVertebra(2);
  actions.showTab('burden');
  actions.setSettings({ slices: 'all' });
  expect(controller.unsaved()).toBe(false);
  let goOn: (() => void) | undefined;
  const { engine } = world;
  world.engine = {
    ...engine,
    attributeSlice: async (...slice) => {
      await new Promise<void>(resolve => (goOn = resolve));
      return engine.attributeSlice(...slice);
    },
  };
  actions.setSettings({ slices: 'central' });
  actions.analyse([2]);
  await eventually(() => goOn !== undefined);
  expect(controller.unsaved()).toBe(true);
  actions.cancel();
  goOn!();
  await settled(controller);
});

test('answers given while a save is under way stay unsaved until they are in a file', async () => {
  const opened = await analysed();
  const { controller, ports, world } = opened;
  let finish = () => undefined as void;
  const { store } = ports.study;
  Object.assign(ports.study, {
    store: async (dataset: NaturalizedInstance) => {
      await new Promise<void>(resolve => (finish = resolve));
      await store(dataset);
    },
  });
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saving');
  await new Promise(resolve => setTimeout(resolve, 20));
  // None of these changes a voxel.
  controller.actions.setReviewed(3, true);
  controller.actions.setSins('T12', 'pain', 'none');
  finish();
  const { lesions } = await until(controller, s => s.lesions?.saving.status !== 'saving');
  expect([lesions?.saving.status, controller.unsaved()]).toEqual(['unsaved', true]);
  Object.assign(ports.study, { store });
  await saved(opened);
  expect(world.archive).toHaveLength(2);
  expect(JSON.stringify(decodeFile(world.archive[1]))).toContain('\\"pain\\":\\"none\\"');
});

test('deleting the segmentation in the viewer is one step: findings and decisions stay, undo brings it back', async () => {
  const opened = await analysed();
  const { controller, world } = opened;
  const { actions, store } = controller;
  actions.reject(['2/0/0'], 'schmorl');
  const before = Buffer.from(world.labels!);
  const rows = store.get().lesions!.rows.map(({ level, kind, voxels }) => [level, kind, voxels]);
  world.remove();
  const { lesions, review } = store.get();
  expect(lesions?.rows).toEqual([]);
  expect([review.present.findings.length, Object.keys(review.present.decisions)]).toEqual([2, ['2/0/0']]);
  expect([review.canUndo, controller.unsaved()]).toEqual([true, true]);
  actions.undo();
  expect(store.get().lesions?.rows.map(({ level, kind, voxels }) => [level, kind, voxels])).toEqual(rows);
  expect(Buffer.compare(Buffer.from(world.labels!), before)).toBe(0);
  expect(store.get().review.present.decisions).toEqual({ '2/0/0': { verdict: 'rejected', reason: 'schmorl' } });
});

test('a removed segmentation does not come back by itself when the archive lists what was saved', async () => {
  const opened = await analysed();
  const { controller, world } = opened;
  await saved(opened);
  world.remove();
  world.displaySets.push(segSet(decodeFile(world.archive[0]), 'ours'));
  world.studyChanged();
  await new Promise(resolve => setTimeout(resolve, 50));
  expect([controller.store.get().lesions?.rows, world.labels]).toEqual([[], undefined]);
});

test('a damaged review is named, and the result opens with its voxels', async () => {
  const opened = await analysed();
  await saved(opened);
  const seg = decodeFile(opened.world.archive[0]);
  const broken = { ...seg, '00711001': '{"schema":1,"provenance":{"model":' };
  const later = memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(broken, 'ours')]);
  const again = createController(later.ports);
  await ready(again);
  const state = await until(again, s => s.lesions !== undefined);
  expect(state.lesions?.rows.map(({ voxels }) => voxels)).toEqual(
    opened.controller.store.get().lesions?.rows.map(({ voxels }) => voxels)
  );
  await eventually(() => again.store.get().lesionsProblem !== undefined);
  expect(again.store.get().lesionsProblem).toMatchObject({ code: 'review-unreadable' });
});

test('what another tab saved meanwhile is told before saving; saving again keeps both, as the next version', async () => {
  const opened = await analysed();
  const { controller, world } = opened;
  await saved(opened);
  controller.actions.setReviewed(2, true);
  const first = decodeFile(world.archive[0]);
  const description = String(first.SeriesDescription).replace('v1', 'v2');
  world.elsewhere.push({ seriesInstanceUid: '1.2.3.4', description });
  controller.actions.save();
  const { lesions } = await until(controller, s => s.lesions?.saving.status === 'failed');
  expect(lesions?.saving).toMatchObject({
    problem: { code: 'newer-result', params: { series: [`“${description}”`] } },
  });
  expect([world.archive.length, controller.unsaved()]).toEqual([1, true]);
  await saved(opened);
  const second = decodeFile(world.archive[1]);
  expect(second.SeriesDescription).toContain('v3');
  // It says which save it goes back to.
  expect(item(second, 'RelatedSeriesSequence')).toMatchObject({ SeriesInstanceUID: first.SeriesInstanceUID });

  const sibling = {
    ...first,
    SeriesInstanceUID: '1.2.3.4',
    SOPInstanceUID: '1.2.3.4.5',
    SeriesDescription: description,
  };
  const { RelatedSeriesSequence } = second;
  const later = memoryPorts([
    ...[ctSet(), segSet(vertebraSeg()), segSet(first, 'one')],
    ...[segSet({ ...sibling, RelatedSeriesSequence }, 'two'), segSet({ ...second, SeriesNumber: 9999 }, 'three')],
  ]);
  const again = createController(later.ports);
  await until(again, s => s.lesionsProblem !== undefined);
  expect(again.store.get().lesionsProblem).toMatchObject({
    code: 'independent-results',
    params: { series: [`“${description}”`] },
  });
});

test('two first saves of two tabs are named whichever of them is shown', async () => {
  const opened = await analysed();
  await saved(opened);
  const first = decodeFile(opened.world.archive[0]);
  const other = await analysed();
  other.world.elsewhere.push({
    seriesInstanceUid: String(first.SeriesInstanceUID),
    description: String(first.SeriesDescription),
  });
  other.controller.actions.save();
  await until(other.controller, s => s.lesions?.saving.status === 'failed');
  await saved(other);
  const second = decodeFile(other.world.archive[0]);
  expect(second.SeriesDescription).toContain('v2');

  const named = async (shown: NaturalizedInstance, beside: NaturalizedInstance) => {
    const sets = [
      ctSet(),
      segSet(vertebraSeg()),
      segSet(beside, 'one'),
      segSet({ ...shown, SeriesDate: '20991231' }, 'two'),
    ];
    const controller = createController(memoryPorts(sets).ports);
    await until(controller, s => s.lesionsProblem !== undefined);
    return controller.store.get().lesionsProblem;
  };
  for (const [shown, beside] of [
    [second, first],
    [first, second],
  ]) {
    expect(await named(shown, beside)).toMatchObject({
      code: 'independent-results',
      params: { series: [`“${String(beside.SeriesDescription)}”`] },
    });
  }
});

describe('analysing again where a person worked', () => {
  const lesions = (controller: Opened['controller']) =>
    controller.store
      .get()
      .lesions!.rows.map(({ name, voxels, verdict, drawn }) => [name, voxels, verdict, drawn] as const);
  /** T11: lytic accepted, blastic rejected. */
  async function worked() {
    const opened = await analysed();
    const { actions } = opened.controller;
    const [lytic, blastic] = opened.controller.store.get().lesions!.rows;
    actions.accept([lytic.id]);
    actions.reject([blastic.id], 'schmorl');
    return { ...opened, before: lesions(opened.controller) };
  }
  const asked = ({ controller }: Opened) => controller.store.get().asked;

  test('asks before it starts; nothing happens when it is called off; other vertebrae are not asked about', async () => {
    const opened = await worked();
    const { actions, store } = opened.controller;
    actions.analyse([2, 3]);
    expect([asked(opened), store.get().run.status]).toEqual([[2, 3], 'done']);
    actions.dismissQuestion();
    expect([asked(opened), lesions(opened.controller)]).toEqual([undefined, opened.before]);
    actions.analyse([3]);
    expect(asked(opened)).toBeUndefined();
    await settled(opened.controller);
  });

  test.each(['keep', 'replace'] as const)('%s, and back with undo', async answer => {
    const opened = await worked();
    const { actions } = opened.controller;
    actions.analyse([2]);
    actions.analyse([2], answer);
    expect(asked(opened)).toBeUndefined();
    await settled(opened.controller);
    const t11 = lesions(opened.controller).filter(([name]) => name.startsWith('T11'));
    // Found anew: both are to be decided on. The accepted one has its voxels, whoever found them.
    expect(t11.map(([name]) => name)).toEqual(['T11 lytic 1', 'T11 blastic 1']);
    expect(t11[0][1]).toBe(opened.before[0][1]);
    expect(t11.every(([, , verdict]) => verdict === undefined)).toBe(true);
    actions.undo();
    expect(lesions(opened.controller)).toEqual(opened.before);
  });

  test('what was drawn, and found by no analysis, stays where it was kept and goes where it was replaced', async () => {
    for (const answer of ['keep', 'replace'] as const) {
      const opened = await analysed();
      const { controller, world } = opened;
      controller.actions.goToVertebra(2);
      controller.actions.paint('lytic');
      await eventually(() => world.paintTool !== undefined);
      // Inside T11, beside its middle slice: i = 46, j = 32, k = 42.
      const place = 46 + 80 * (32 + 64 * 42);
      const index = world.active;
      world.paint(labels => labels.fill(index, place, place + 3));
      await until(controller, s => s.lesions!.rows.some(({ drawn }) => drawn));
      controller.actions.analyse([2]);
      expect(asked(opened)).toEqual([2]);
      controller.actions.analyse([2], answer);
      await until(controller, s => s.run.status === 'done' && s.asked === undefined);
      expect(
        controller.store
          .get()
          .lesions!.rows.filter(({ drawn }) => drawn)
          .map(({ voxels }) => voxels)
      ).toEqual(answer === 'keep' ? [3] : []);
    }
  });
});
