/** The export tab's state machine with the real DICOM code, an archive and a download folder in memory. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { InputError } from '@spine/core';
import { decodeFile, items, type NaturalizedInstance, placeSegmentation, readLesionSeg, text } from '@spine/dicom';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import type { ExportDestination, ExportKind, PanelState } from '../../extensions/vertebra-metastasis/src/ui';
import { difference } from './support/masks';
import { ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from '../session/support/panelPorts';
import { dciodvfy, EXPLAINED_WARNINGS, hasTool, makeFolder, removeFolder, skip } from './support/tools';

type Controller = ReturnType<typeof createController>;

function until({ store }: Controller, reached: (state: PanelState) => boolean): Promise<PanelState> {
  return new Promise(resolve => {
    const check = () => reached(store.get()) && (stop(), resolve(store.get()));
    const stop = store.subscribe(check);
    check();
  });
}

/** A study with lesions in T11 and T12. */
async function analysed() {
  const world = memoryPorts([ctSet(), segSet(vertebraSeg())]);
  const controller = createController(world.ports);
  await until(controller, s => s.vertebrae.reading.status === 'ready' && s.model.loading.status === 'ready');
  controller.actions.setSettings({ slices: 'central', screenBelow: 0 });
  controller.actions.analyse([2, 3]);
  await until(controller, s => s.run.status === 'done');
  return { controller, ...world };
}

async function exported(controller: Controller, kind: ExportKind, destination: ExportDestination) {
  controller.actions.exportFile(kind, destination);
  const state = await until(controller, s => ['done', 'failed'].includes(s.exports.outcomes[kind]?.status ?? ''));
  return state.exports.outcomes[kind]!;
}

const stored = (archive: readonly ArrayBuffer[]) => archive.map(decodeFile);
const column = (dataset: NaturalizedInstance, sequence: string, keyword: string) =>
  items(dataset, sequence).map(one => text(one, keyword));
const brush = (labels: { [at: number]: number; indexOf(label: number): number }) => {
  labels[labels.indexOf(1) - 1] = 1;
};

test('contours with their options; a second save is a second version', async () => {
  const { controller, world } = await analysed();
  controller.actions.setExportOptions({ marginMm: 3, clipMarginToBody: true });
  expect(await exported(controller, 'contours', 'archive')).toMatchObject({
    status: 'done',
    name: 'Vertebral lesion contours v1 - Research use only',
  });
  controller.actions.setExportOptions({ marginMm: 0, includeBodies: true });
  expect(await exported(controller, 'contours', 'archive')).toMatchObject({ name: expect.stringContaining(' v2 ') });
  const [first, second] = stored(world.archive);
  const lesions = ['LES_T11_lytic', 'LES_T11_blastic', 'LES_T12_lytic', 'LES_T12_blastic'];
  expect(column(first, 'StructureSetROISequence', 'ROIName')).toEqual(
    lesions.flatMap(name => [name, `${name.slice(4)}_m3`])
  );
  expect(column(second, 'StructureSetROISequence', 'ROIName')).toEqual([...lesions, 'T11_body', 'T12_body']);
  expect(text(first, 'SeriesInstanceUID')).not.toBe(text(second, 'SeriesInstanceUID'));
});

test('the report saves the segmentation first and refers to it; the next one does not save it again', async () => {
  const { controller, world } = await analysed();
  expect(await exported(controller, 'report', 'archive')).toMatchObject({ status: 'done' });
  expect(controller.store.get().lesions?.saving.status).toBe('saved');
  const [seg, report] = stored(world.archive);
  expect([seg, report].map(one => text(one, 'Modality'))).toEqual(['SEG', 'SR']);
  const evidence = items(report, 'CurrentRequestedProcedureEvidenceSequence').flatMap(study =>
    items(study, 'ReferencedSeriesSequence').flatMap(series =>
      column(series, 'ReferencedSOPSequence', 'ReferencedSOPInstanceUID')
    )
  );
  expect(evidence).toEqual([text(seg, 'SOPInstanceUID')]);
  // Who is signed in stands in both.
  expect(items(seg, 'ContentCreatorName')[0]).toMatchObject({ Alphabetic: 'Doe^Jane' });
  expect(JSON.stringify(report.ContentSequence)).toContain('Doe^Jane');
  await exported(controller, 'report', 'archive');
  expect(stored(world.archive).map(one => text(one, 'Modality'))).toEqual(['SEG', 'SR', 'SR']);
});

test('an edit while the archive is at work is not in the file, and marks it as out of date', async () => {
  const { controller, world, ports } = await analysed();
  const before = world.labels!.slice();
  const { store } = ports.study;
  Object.assign(ports.study, {
    store: async (dataset: NaturalizedInstance) => {
      if (text(dataset, 'Modality') === 'SEG') world.paint(brush);
      await store(dataset);
    },
  });
  const outcome = await exported(controller, 'report', 'archive');
  expect(outcome).toMatchObject({ status: 'done' });
  const state = controller.store.get();
  expect(outcome.status === 'done' && outcome.outdated).toBe(true);
  expect(state.lesions?.saving.status).toBe('unsaved');
  const [seg, report] = stored(world.archive);
  expect(difference(readLesionSeg(seg, SERIES).labelmap.labels, before)).toBe('');
  expect(text(report, 'Modality')).toBe('SR');
  await exported(controller, 'contours', 'download');
  const [name] = world.downloads.keys();
  const contours = decodeFile(world.downloads.get(name) as ArrayBuffer);
  expect(column(contours, 'StructureSetROISequence', 'ROIGenerationAlgorithm')[0]).toBe('SEMIAUTOMATIC');
});

test('a failed store is tried again with the very same object', async () => {
  const { controller, world, ports } = await analysed();
  const sent: string[] = [];
  const { store } = ports.study;
  Object.assign(ports.study, {
    store: (dataset: NaturalizedInstance) => {
      sent.push(text(dataset, 'SOPInstanceUID'));
      return store(dataset);
    },
  });
  world.refuse = new InputError('store-timeout', { object: 'RTSTRUCT', seconds: 120 });
  for (const kind of ['contours', 'bodies', 'lesions'] as const) {
    const failed = await exported(controller, kind, 'archive');
    expect(failed).toMatchObject({ status: 'failed', problem: { code: 'store-timeout' } });
  }
  world.refuse = undefined;
  for (const kind of ['contours', 'bodies', 'lesions'] as const) {
    expect(await exported(controller, kind, 'archive')).toMatchObject({ status: 'done' });
  }
  expect(sent.slice(3)).toEqual(sent.slice(0, 3));
  expect(world.archive).toHaveLength(3);
  await exported(controller, 'contours', 'archive');
  expect(sent[6]).not.toBe(sent[3]);
});

test('downloads: tables agree with the report, a report brings its segmentation along', async () => {
  const { controller, world } = await analysed();
  controller.actions.reject(['2/0/2'], 'schmorl');
  await exported(controller, 'json', 'download');
  await exported(controller, 'csv', 'download');
  await exported(controller, 'report', 'download');
  expect([...world.downloads.keys()]).toEqual([
    '2026-01-02-vertebral-lesion-measurements-research-use-only.json',
    '2026-01-02-vertebral-lesion-measurements-research-use-only.csv',
    '2026-01-02-seg-vertebral-lesions-v1-research-use-only.dcm',
    '2026-01-02-sr-vertebral-lesion-measurements-v1-research-use-only.dcm',
  ]);
  expect(world.archive).toEqual([]);
  const [json, csv, seg] = [...world.downloads.values()];
  const { lesions, provenance, review } = JSON.parse(json as string);
  const rows = controller.store.get().lesions!.rows;
  expect(lesions.map((lesion: { voxels: number }) => lesion.voxels)).toEqual(rows.map(({ voxels }) => voxels));
  expect(lesions[0].trackingUid).toMatch(/^2\.25\./);
  expect(provenance.segSopInstanceUid).toBe('');
  expect(review.levels).toMatchObject([{ level: 'T11', rejected: [{ reason: 'schmorl', regions: 1 }] }]);
  expect((csv as string).split('\r\n')).toHaveLength(rows.length + 2);
  expect(difference(readLesionSeg(decodeFile(seg as ArrayBuffer), SERIES).labelmap.labels, world.labels!)).toBe('');
});

test('bodies that were analysed, and LABELMAP when asked for', async () => {
  const { controller, world } = await analysed();
  controller.actions.setExportOptions({ encoding: 'LABELMAP' });
  await exported(controller, 'bodies', 'archive');
  await exported(controller, 'lesions', 'archive');
  const [bodies, lesions] = stored(world.archive);
  expect(column(bodies, 'SegmentSequence', 'SegmentLabel').slice(-2)).toEqual([
    'T11 vertebral body',
    'T12 vertebral body',
  ]);
  expect([bodies, lesions].map(one => text(one, 'SegmentationType'))).toEqual(['LABELMAP', 'LABELMAP']);
  expect(placeSegmentation(bodies, SERIES).voxels.size).toBe(2);
  expect(difference(readLesionSeg(lesions, SERIES).labelmap.labels, world.labels!)).toBe('');
});

test('key images: one picture of each lesion in a series of its own, valid, to the archive and as files', async () => {
  const { controller, world } = await analysed();
  expect(await exported(controller, 'keyImages', 'archive')).toMatchObject({
    status: 'done',
    name: 'Vertebral lesion key images v1 - Research use only',
  });
  const images = stored(world.archive);
  const names = controller.store.get().lesions!.rows.map(({ name }) => name);
  expect(images.map(image => text(image, 'ImageComments').split(':')[0])).toEqual(names);
  expect(new Set(images.map(image => text(image, 'SeriesInstanceUID'))).size).toBe(1);
  expect(new Set(images.map(image => text(image, 'SOPInstanceUID'))).size).toBe(names.length);
  await exported(controller, 'keyImages', 'download');
  expect([...world.downloads.keys()]).toEqual(
    names.map((_, n) => `2026-01-02-ot-vertebral-lesion-key-images-v2-research-use-only-${n + 1}.dcm`)
  );
  if (!hasTool('dciodvfy')) return skip('dciodvfy');
  const folder = makeFolder();
  const file = join(folder, 'key.dcm');
  writeFileSync(file, new Uint8Array(world.archive[0]));
  try {
    const { errors, warnings } = dciodvfy(file);
    expect(errors).toEqual([]);
    expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
  } finally {
    removeFolder(folder);
  }
});
