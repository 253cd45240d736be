/** What list, candidates and slider show is what the saved file holds: shown again from the file, nothing differs. */
import { ctVolume, decodeFile, items, measureLesions, readLesionSeg, storedPixels, text } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import { candidateRows, type PanelState, vertebraListRows } from '../../extensions/vertebra-metastasis/src/ui';
import { CONTEXT } from '../contract/support/geometries';
import { open, ready, settled, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';

/** Everything with a number or a decision that the Analyse tab shows. */
function shown(state: PanelState) {
  const { present } = state.review;
  return {
    list: vertebraListRows(state).map(({ level, status, probability, lytic, blastic, millilitres }) => ({
      level,
      status,
      probability,
      lytic,
      blastic,
      millilitres,
    })),
    candidates: present.findings.map(findings => candidateRows(findings, present)),
    rules: present.rules,
  };
}

test('list, candidates and rules come back from the file as they were shown; volumes are the measured ones', async () => {
  const { controller, world } = await open();
  const { actions, store } = controller;
  actions.setSettings({ slices: { every: 4 } });
  actions.analyse([2, 3]);
  await settled(controller);
  actions.reject(['2/0/0'], 'schmorl');
  actions.accept(['2/1/2']);
  actions.setKind(['3/0/1'], 'lytic');
  actions.merge(['3/1/0', '3/2/0']);
  actions.setRules({ threshold: 0.75 });
  await until(
    controller,
    s => s.lesions?.rows.every(({ kind, level }) => kind === 'lytic' || level === 'T11') ?? false
  );
  const first = world.labels!.indexOf(1);
  world.paint(labels => (labels[first - 1] = 1));
  actions.setReviewed(2, true);
  const before = shown(store.get());
  actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');

  const seg = decodeFile(world.archive[0]);
  const { labelmap, segments } = readLesionSeg(seg, SERIES);
  const volume = ctVolume(SERIES, storedPixels);
  const measured = measureLesions({ ...CONTEXT, series: SERIES, seg, volume, labelmap, lesions: segments });
  const sum = (level: string) =>
    measured.filter(one => one.level === level).reduce((total, { millilitres }) => total + millilitres, 0);
  for (const { level, millilitres } of before.list) expect(millilitres).toBeCloseTo(sum(level), 5);
  const words = items(seg, 'SegmentSequence').map(segment => text(segment, 'SegmentDescription'));
  store.get().lesions!.rows.forEach(({ millilitres }, n) => expect(words[n]).toContain(`${millilitres.toFixed(3)} ml`));

  const later = createController(memoryPorts([ctSet(), segSet(vertebraSeg()), segSet(seg, 'ours')]).ports);
  await ready(later);
  const state = await until(later, s => s.review.present.findings.length === 2 && s.lesions !== undefined);
  const after = shown(state);
  expect(after.candidates).toEqual(before.candidates);
  expect(after.rules).toEqual(before.rules);
  expect(after.list).toEqual(
    before.list.map(row => ({ ...row, millilitres: expect.closeTo(row.millilitres, 9) as number }))
  );
});
