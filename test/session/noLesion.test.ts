/** A result in which no lesion is left: valid, saved among the others, and the decisions that led to it come back. */
import { InputError } from '@spine/core';
import {
  decodeFile,
  isLesionSeg,
  isResultSeg,
  items,
  noLesionSeg,
  readLesionSeg,
  readVertebrae,
  text,
} from '@spine/dicom';
import { CONTEXT, geometryCases } from '../contract/support/geometries';
import { difference } from '../contract/support/masks';
import { analysed, type Controller, open, until } from './support/panelDriver';
import { ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';
import { readBytes } from '../contract/support/readers';
import {
  dciodvfy,
  EXPLAINED_WARNINGS,
  hasTool,
  makeFolder,
  removeFolder,
  skip,
  writeDataset,
} from '../contract/support/tools';

const folder = makeFolder();
afterAll(() => removeFolder(folder));

test.each(geometryCases().map(one => [one.name, one] as const))('%s: valid, and read back as nothing', (_, one) => {
  const { series, labelmap, lesions } = one;
  const vertebrae = lesions.map(({ index, level }) => ({ label: index, level }));
  const state = { review: 'all rejected' };
  const file = writeDataset(
    folder,
    'none.dcm',
    noLesionSeg({ ...CONTEXT, series, bodies: labelmap, vertebrae, state, version: 4 })
  );
  const seg = decodeFile(readBytes(file));
  expect([isLesionSeg(seg), isResultSeg(seg)]).toEqual([false, true]);
  expect(text(seg, 'SeriesDescription')).toBe('No vertebral lesion marked v4 - Research use only');
  const back = readLesionSeg(seg, series);
  expect(back).toMatchObject({ segments: [], state, version: 4, withoutLesion: vertebrae.map(({ level }) => level) });
  expect(back.labelmap.labels.every(label => label === 0)).toBe(true);
  if (!hasTool('dciodvfy')) return skip('dciodvfy');
  const { errors, warnings } = dciodvfy(file);
  expect(errors).toEqual([]);
  expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
});

test('without private elements it still says what was analysed, and its bodies are vertebra masks', () => {
  const bodies = readVertebrae(vertebraSeg(), SERIES);
  const vertebrae = bodies.vertebrae.map(({ label, level }) => ({ label, level }));
  const seg = noLesionSeg({ ...CONTEXT, series: SERIES, bodies: bodies.labelmap, vertebrae, state: { a: 1 } });
  const stripped = Object.fromEntries(Object.entries(seg).filter(([key]) => !key.startsWith('0071')));
  expect(readLesionSeg(stripped, SERIES)).toMatchObject({ state: undefined, withoutLesion: ['T10', 'T11', 'T12'] });
  expect(difference(readVertebrae(stripped, SERIES).labelmap.labels, bodies.labelmap.labels)).toBe('');
  expect(() => readLesionSeg(seg, { ...SERIES, frameOfReferenceUID: '1.2.3' })).toThrow('another frame of reference');
});

describe('a review in which every region is rejected', () => {
  const study = (...segs: ArrayBuffer[]) =>
    memoryPorts([ctSet(), segSet(vertebraSeg()), ...segs.map((seg, n) => segSet(decodeFile(seg), `ours${n}`))]);
  const keys = ['2', '3'].flatMap(label => [0, 1, 2].map(id => `${label}/0/${id}`));
  const save = (controller: Controller) => {
    controller.actions.save();
    return until(controller, s => ['saved', 'failed'].includes(s.lesions?.saving.status ?? ''));
  };

  /** Analysed, saved with its lesions, then rejected. */
  async function rejected() {
    const { controller, world } = await analysed(study());
    await save(controller);
    controller.actions.reject(keys, 'degenerative');
    await until(controller, s => s.lesions?.rows.length === 0);
    return { controller, world };
  }

  test('is refused without loss, saved as the next version, and comes back with its decisions', async () => {
    const { controller, world } = await rejected();
    expect(controller.store.get().lesions?.saving.status).toBe('unsaved');
    world.refuse = new InputError('store-refused', { object: 'SEG', reason: 'HTTP 507' });
    expect((await save(controller)).lesions?.saving.status).toBe('failed');
    world.refuse = undefined;
    expect((await save(controller)).lesions?.saving).toEqual({
      status: 'saved',
      seriesDescription: 'No vertebral lesion marked v2 - Research use only',
    });
    const decided = controller.store.get().review.present;

    const [first, second] = world.archive;
    // The archive lists series in any order.
    const { controller: again } = await open(study(second, first));
    const state = await until(again, s => s.lesions !== undefined && s.review.present.findings.length === 2);
    expect(state.lesions).toMatchObject({ origin: 'stored', rows: [], saving: { status: 'saved' } });
    expect(state.review.present.decisions).toEqual(decided.decisions);
    expect(state.vertebrae.selected).toBe('seg');

    // A second thought: the region comes back with its voxels, and what is saved is the third version.
    again.actions.resetDecision([keys[0]]);
    expect(again.store.get().lesions?.rows).toMatchObject([{ level: 'T11', kind: 'lytic' }]);
    expect((await save(again)).lesions?.saving).toMatchObject({
      seriesDescription: 'Vertebral lesions v3 - Research use only',
    });
  });

  test('is exported without contours: report and tables say that nothing was marked, and where', async () => {
    const { controller, world } = await rejected();
    const exported = async (kind: 'lesions' | 'bodies' | 'report' | 'json' | 'csv', to: 'archive' | 'download') => {
      controller.actions.exportFile(kind, to);
      const state = await until(controller, s => ['done', 'failed'].includes(s.exports.outcomes[kind]?.status ?? ''));
      expect([kind, state.exports.outcomes[kind]]).toMatchObject([kind, { status: 'done' }]);
    };
    await exported('report', 'archive');
    await exported('bodies', 'archive');
    await exported('json', 'download');
    await exported('csv', 'download');
    const [, seg, report, bodies] = world.archive.map(decodeFile);
    expect(text(seg, 'SeriesDescription')).toContain('No vertebral lesion marked v2');
    expect(items(bodies, 'SegmentSequence')).toHaveLength(2);
    const told = JSON.stringify(report.ContentSequence);
    expect(told).toContain('No lesion marked. Vertebral bodies analysed: T11, T12.');
    expect(told).not.toContain('126010');
    const [json, csv] = [...world.downloads.values()] as string[];
    expect(JSON.parse(json)).toMatchObject({
      lesions: [],
      provenance: { analysedLevels: 'T11 T12', segSopInstanceUid: text(seg, 'SOPInstanceUID') },
    });
    expect(csv.trim().split('\r\n')).toHaveLength(1);
    if (!hasTool('dciodvfy')) return skip('dciodvfy');
    const { errors, warnings } = dciodvfy(writeDataset(folder, 'report.dcm', report));
    expect(errors).toEqual([]);
    expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
  });
});
