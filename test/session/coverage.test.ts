/** What was analysed is one answer in every tab and every file, also of a stored result, also after levels were corrected. */
import { decodeFile, readCoverage, readLesionSeg } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { vertebraListRows } from '../../extensions/vertebra-metastasis/src/ui/state/vertebraList';
import { analysed, type Controller, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';

const saved = (controller: Controller) => until(controller, s => s.lesions?.saving.status === 'saved');
async function reopened(file: ArrayBuffer) {
  const controller = createController(
    memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(decodeFile(file), 'ours')]).ports
  );
  await until(controller, s => s.review.present.findings.length > 0);
  return controller;
}
/** What each tab says of which vertebrae were analysed. */
async function told(controller: Controller) {
  controller.actions.showTab('burden');
  // What is measured anew is there with the next turn.
  await new Promise(resolve => setTimeout(resolve, 20));
  const { burden, ...state } = await until(controller, s => s.burden.status === 'ready');
  if (burden.status !== 'ready') throw new Error('not measured');
  const { levels, notAssessed } = burden.value.burden;
  return {
    list: vertebraListRows(state).map(({ level, status }) => [level, status]),
    burden: levels.map(({ level, analysedMillilitres }) => [level, analysedMillilitres?.toFixed(3)]),
    notAnalysed: notAssessed.flatMap(one => (one.part === 'vertebra' ? [one.level] : [])),
    lesions: [...new Set(state.lesions!.rows.map(({ level }) => level))],
    sheets: Object.keys(state.planning.worksheets),
  };
}

test('levels, coverage and worksheets move together, in the session, in the file and when it is opened again', async () => {
  const { controller, world } = await analysed();
  controller.actions.setSins('T12', 'pain', 'none');
  const before = await told(controller);
  expect(before.list).toEqual([
    ['T10', 'excluded'],
    ['T11', 'analysed'],
    ['T12', 'analysed'],
  ]);
  expect(before.burden.map(([level]) => level)).toEqual(['T11', 'T12']);
  controller.actions.shiftLevels(1);
  const after = await told(controller);
  const moved = (level?: string) => ({ T10: 'T11', T11: 'T12', T12: 'L1' })[level ?? ''];
  expect(after).toEqual({
    list: before.list.map(([level, status]) => [moved(level), status]),
    burden: before.burden.map(([level, ml]) => [moved(level), ml]),
    notAnalysed: ['T11'],
    lesions: ['T12', 'L1'],
    sheets: ['L1'],
  });
  controller.actions.save();
  await saved(controller);
  const { state } = readLesionSeg(decodeFile(world.archive[0]), SERIES);
  expect(readCoverage(state)?.map(({ level }) => level)).toEqual(['T12', 'L1']);

  const again = await reopened(world.archive[0]);
  expect(await told(again)).toEqual(after);
  again.actions.shiftLevels(-1);
  expect(await told(again)).toEqual(before);
});

test('a stored result without its regions: what Analyse calls analysed is what Burden counts', async () => {
  const { controller, world } = await analysed();
  controller.actions.save();
  await saved(controller);
  const { state } = readLesionSeg(decodeFile(world.archive[0]), SERIES);
  expect(readCoverage(state)).toHaveLength(2);
  // As a former version wrote it: with coverage, without a review.
  const former = { ...(state as object), review: undefined };
  const seg = { ...decodeFile(world.archive[0]), '00711001': JSON.stringify(former) };
  const again = createController(memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(seg, 'ours')]).ports);
  await until(again, s => s.lesions !== undefined && s.vertebrae.reading.status === 'ready');
  const { list, burden, notAnalysed } = await told(again);
  expect(again.store.get().review.present.findings).toEqual([]);
  expect(list.filter(([, status]) => status === 'analysed').map(([level]) => level)).toEqual(['T11', 'T12']);
  expect(burden.map(([level]) => level)).toEqual(['T11', 'T12']);
  expect(notAnalysed).toEqual(['T10']);
  again.actions.shiftLevels(1);
  expect((await told(again)).burden.map(([level, ml]) => [level, ml !== undefined])).toEqual([
    ['T12', true],
    ['L1', true],
  ]);
});

test('corrected levels are a step: undo brings names, coverage and lesions back, redo does it again', async () => {
  const { controller } = await analysed();
  const before = await told(controller);
  controller.actions.shiftLevels(2);
  const after = await told(controller);
  expect(after.list.map(([level]) => level)).toEqual(['T12', 'L1', 'L2']);
  controller.actions.undo();
  expect(await told(controller)).toEqual(before);
  controller.actions.redo();
  expect(await told(controller)).toEqual(after);
});
