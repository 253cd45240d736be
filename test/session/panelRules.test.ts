/** The threshold in force: the model’s, a person’s, and what a saved review says of both. */
import { reviewSummary } from '@spine/core/review';
import { decodeFile } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { analysed, open, ready, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, vertebraSeg } from './support/panelPorts';

test('the threshold is the model’s until a person moves it; moving it back leaves no trace', async () => {
  const ports = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  ports.world.rules = { attributionThreshold: 0.8, minPixels: 5 };
  const { controller } = await open(ports);
  const { actions, store } = controller;
  expect(store.get().review.present.rules).toEqual({ threshold: 0.8, minPixels: 5 });
  expect(store.get().settings.threshold).toBe(0.8);
  actions.analyse([2]);
  await settled(controller);
  expect(store.get().lesions).toMatchObject({ algorithmType: 'AUTOMATIC', rows: [{ kind: 'lytic' }] });
  actions.setRules({ threshold: 0.5 });
  await until(controller, s => s.lesions?.rows.length === 2);
  expect(store.get().lesions?.algorithmType).toBe('SEMIAUTOMATIC');
  actions.setRules({ threshold: 0.8 });
  await until(controller, s => s.lesions?.rows.length === 1);
  expect(store.get().lesions?.algorithmType).toBe('AUTOMATIC');
});

test('another model brings its threshold with its first vertebra, unless a person moved it', async () => {
  const ports = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const { controller } = await analysed(ports);
  const { actions, store } = controller;
  ports.world.rules = { attributionThreshold: 0.8, minPixels: 5 };
  actions.selectModel('tiny');
  await until(controller, s => s.model.loading.status === 'loading');
  await until(controller, s => s.model.loading.status === 'ready');
  // What is shown does not change by opening a model.
  expect(store.get().review.present.rules.threshold).toBe(0.5);
  actions.analyse([3]);
  await until(controller, s => s.run.status === 'running');
  await settled(controller);
  expect(store.get().review.present.rules.threshold).toBe(0.8);
  actions.setRules({ threshold: 0.6 });
  await until(controller, s => s.review.canUndo);
  actions.analyse([2]);
  await until(controller, s => s.run.status === 'running');
  await settled(controller);
  expect(store.get().review.present.rules.threshold).toBe(0.6);
});

test('the means of the CT and what was drawn by hand come back with the saved review', async () => {
  const { controller, world } = await analysed();
  const first = world.labels!.indexOf(1);
  world.paint(labels => (labels[first - 1] = 1));
  controller.actions.reject(['3/0/0'], 'haemangioma');
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const before = controller.store.get().review.present;

  const later = memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(decodeFile(world.archive[0]), 'ours')]);
  const again = createController(later.ports);
  await ready(again);
  const { review } = await until(again, s => s.review.present.findings.length === 2 && s.lesions !== undefined);
  const means = (state: typeof before) =>
    state.findings.flatMap(({ slices }) => slices.flatMap(one => one.candidates.map(({ huMean }) => huMean)));
  expect(means(before).every(hu => hu !== undefined && hu > 0 && hu < 200)).toBe(true);
  expect(means(review.present)).toEqual(means(before));
  expect(reviewSummary(review.present)).toEqual(reviewSummary(before));
  expect(reviewSummary(before).levels).toMatchObject([
    { level: 'T11', drawn: ['lytic'] },
    { level: 'T12', rejected: [{ reason: 'haemangioma', regions: 1 }] },
  ]);
});
