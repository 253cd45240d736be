/** A session per CT: whatever was begun on one CT is not there on the next. */
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
