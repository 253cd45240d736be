/** Drafts of unsaved work in the browser: offered after a crash, resumed where the work was, and never overwritten unasked. */
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { analysed, eventually, open, ready, rowsOf, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, vertebraSeg } from './support/panelPorts';

type Opened = Awaited<ReturnType<typeof analysed>>;

/** The same study in another page: what the browser kept is all that is left. @param readMs until it gives it back */
const crashed = (opened: Opened, readMs = 0) => {
  const later = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  for (const [key, draft] of opened.world.drafts) later.world.drafts.set(key, draft);
  const { read } = later.ports.drafts;
  if (readMs > 0) {
    later.ports.drafts.read = key => new Promise(resolve => setTimeout(() => resolve(read(key)), readMs));
  }
  return { ...later, controller: createController(later.ports) };
};
const drafted = ({ world }: Opened) => eventually(() => world.drafts.size > 0);

test('unsaved work is offered after a crash and goes on where it was', async () => {
  const opened = await analysed();
  const { actions, store } = opened.controller;
  actions.reject(['2/0/0'], 'schmorl');
  opened.world.paint(labels => (labels[5] = 1));
  actions.setReviewed(3, true);
  actions.setSins('T12', 'pain', 'mechanical');
  await drafted(opened);
  const before = store.get();
  const { controller, world } = crashed(opened);
  const offered = await until(await readyController(controller), s => s.draft !== undefined);
  expect(offered.draft).toMatchObject({ vertebrae: 2, unfinished: [] });
  expect(offered.lesions).toBeUndefined();
  controller.actions.resumeDraft();
  const state = await until(controller, s => s.lesions !== undefined && s.review.present.findings.length === 2);
  expect(state.lesions?.rows).toEqual(before.lesions?.rows);
  expect(state.review.present.decisions).toEqual(before.review.present.decisions);
  expect(state.review.present.reviewed).toEqual([3]);
  expect(state.planning.worksheets).toEqual(before.planning.worksheets);
  expect(Buffer.compare(Buffer.from(world.labels!), Buffer.from(opened.world.labels!))).toBe(0);
  expect([state.draft, controller.unsaved()]).toEqual([undefined, true]);
  // Everything is there to be saved.
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  await eventually(() => world.drafts.size === 0);
});

test('after a crash in the middle of a run it goes on with what was finished', async () => {
  const ports = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const opened = await open(ports);
  const { engine } = ports.world;
  ports.world.engine = {
    ...engine,
    attributeSlice: async (...slice) => {
      if (engine.calls.length === 1) await new Promise(() => undefined);
      return engine.attributeSlice(...slice);
    },
  };
  opened.controller.actions.analyse([2, 3]);
  await until(opened.controller, s => s.lesions !== undefined);
  await drafted(opened);
  const { controller } = crashed(opened);
  const offered = await until(await readyController(controller), s => s.draft !== undefined);
  expect(offered.draft).toMatchObject({ vertebrae: 1, unfinished: ['T12'] });
  controller.actions.resumeDraft();
  const included = (state: ReturnType<typeof opened.controller.store.get>) =>
    rowsOf(state).flatMap(({ included: on, level }) => (on ? [level] : []));
  const state = await until(controller, s => included(s).length === 1);
  expect(included(state)).toEqual(['T12']);
  expect(state.review.present.findings.map(({ level }) => level)).toEqual(['T11']);
  expect(state.lesions?.rows.map(({ level }) => level)).toEqual(['T11', 'T11']);
});

test('a browser that is slow to give a draft back does not lose it', async () => {
  const opened = await analysed();
  await drafted(opened);
  const { controller, world } = crashed(opened, 1500);
  const offered = await until(await readyController(controller), s => s.draft !== undefined);
  expect(offered.draft).toMatchObject({ vertebrae: 2 });
  await new Promise(resolve => setTimeout(resolve, 1500));
  expect(world.drafts.size).toBe(1);
});

test('a draft is discarded on request, and not written over before', async () => {
  const opened = await analysed();
  await drafted(opened);
  const { controller, world } = crashed(opened);
  await until(await readyController(controller), s => s.draft !== undefined);
  const [kept] = world.drafts.values();
  controller.actions.setSettings({ slices: 'central', screenBelow: 0 });
  controller.actions.analyse([3]);
  await settled(controller);
  await new Promise(resolve => setTimeout(resolve, 1200));
  expect([...world.drafts.values()]).toEqual([kept]);
  controller.actions.discardDraft();
  expect(controller.store.get().draft).toBeUndefined();
  await eventually(() => [...world.drafts.values()].every(draft => draft !== kept));
});

async function readyController(controller: ReturnType<typeof createController>) {
  await ready(controller);
  return controller;
}
