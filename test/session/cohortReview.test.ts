/**
 * What a cohort stores opens in the panel as if analysed there, says that nobody has reviewed it, and is left alone once somebody has.
 * Real files, the session code of the panel and a real queue; only the networks are scripted.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { analyseStudy, defaultMethodOptions, type StudyReport, type VertebraAnalysis } from '@spine/core';
import { candidate, scriptedEngine, SPEC, square } from '@spine/core/testing/study';
import {
  ctVolume,
  decodeFile,
  encodeDataset,
  item,
  type NaturalizedInstance,
  readVertebrae,
  storedPixels,
  text,
} from '@spine/dicom';
import { analyse } from '@spine/headless/analysis';
import { DicomFolder, ResultFolder } from '../../cohort/src/archive/folder';
import { planStudies } from '../../cohort/src/plan';
import { openDatabase } from '../../cohort/src/queue/database';
import { objectUids } from '../../cohort/src/queue/key';
import { CohortQueue } from '../../cohort/src/queue/queue';
import { jsonLog } from '../../cohort/src/seen/log';
import { startPostgres, type TestPostgres } from '../../cohort/src/testing/postgres';
import { work } from '../../cohort/src/worker/worker';
import { reportText } from '../../extensions/vertebra-metastasis/src/ui/report/reportText';
import { stringsFor } from '../../extensions/vertebra-metastasis/src/ui/strings';
import { ROOT } from '../support/shared';
import { type Controller, open, until } from './support/panelDriver';
import { CT, ctSet, memoryPorts, segSet, SERIES, vertebraSeg } from './support/panelPorts';

const folder = mkdtempSync(join(tmpdir(), 'cohort-review-'));
let postgres: TestPostgres;
beforeAll(async () => void (postgres = await startPostgres()));
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});
const [study, series] = ['StudyInstanceUID', 'SeriesInstanceUID'].map(name => text(CT[0], name));

beforeAll(() => {
  mkdirSync(join(folder, 'in/ct'), { recursive: true });
  CT.forEach((image, n) => write(join(folder, `in/ct/${1000 + n}.dcm`), image));
  write(join(folder, 'in/masks.dcm'), vertebraSeg());
});

/** Also what was decoded: its pixels are a view of the file then. */
function write(path: string, { PixelData, ...header }: NaturalizedInstance): void {
  const pixels = [PixelData].flat()[0] as ArrayBuffer | Uint8Array;
  const own = pixels instanceof ArrayBuffer ? pixels : Uint8Array.from(pixels).buffer;
  writeFileSync(path, new Uint8Array(encodeDataset({ ...header, PixelData: own })));
}

const LYTIC = candidate(0, 'lytic', square(3, -6), 0.9);
const BLASTIC = candidate(1, 'blastic', square(2, 6), 0.7);

/** As the computing process of a worker writes it. @param candidates found in every slice */
async function computed(out: string, candidates: Parameters<typeof scriptedEngine>[0]): Promise<StudyReport> {
  const { labelmap, vertebrae } = readVertebrae(vertebraSeg(), SERIES);
  const { analyses } = await analyseStudy(
    scriptedEngine(candidates),
    { volume: ctVolume(SERIES, storedPixels), bodies: labelmap, spec: SPEC },
    vertebrae.filter(({ level }) => level !== 'T10'),
    { slices: 'central', screenBelow: 0, method: defaultMethodOptions() }
  );
  const finished = new Map(analyses.map((one): [number, VertebraAnalysis] => [one.label, one]));
  const silent = { write: () => true, isTTY: false };
  await analyse(
    [
      ...['--ct', join(folder, 'in/ct'), '--vertebrae', join(folder, 'in/masks.dcm'), '--only', 'T11,T12'],
      ...['--model', join(ROOT, 'models/tiny'), '--out', out, '--slices', 'central', '--export', 'seg,sr,rtstruct,csv'],
    ],
    { stdout: silent, stderr: silent },
    undefined,
    { finished, uids: objectUids('ab') }
  );
  return JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as StudyReport;
}

const fileOf = (path: string): NaturalizedInstance => {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return decodeFile(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
};

/** The CT with what the cohort stored. */
async function opened(out: string, result: 'lesions.dcm' | 'no-lesion.dcm') {
  const segs = ['bodies.dcm', result].map(name => segSet(fileOf(join(out, name)), name));
  const { controller, world } = await open(memoryPorts([ctSet(), ...segs]));
  const state = await until(controller, s => s.lesions !== undefined && s.review.present.findings.length === 2);
  return { controller, world, state };
}

const saved = (controller: Controller) => {
  controller.actions.save();
  return until(controller, s => ['saved', 'failed'].includes(s.lesions?.saving.status ?? ''));
};

test('opens with its candidates, says so everywhere until each vertebra is reviewed; version 2 is left alone by a rerun', async () => {
  const out = join(folder, 'computed');
  const report = await computed(out, [LYTIC, BLASTIC]);
  expect(report).toMatchObject({ review: 'computed unattended, not reviewed' });
  const { controller, world, state } = await opened(out, 'lesions.dcm');

  // As analysed here: the same lesions, every one still to be decided on, nothing to be saved yet.
  const shown = (s = controller.store.get()) =>
    s.lesions!.rows.map(({ name, voxels, verdict, huMean }) => ({ name, voxels, verdict, huMean }));
  expect(shown(state)).toEqual(
    report.lesions.map(({ name, voxels, huMean }) => ({ name, voxels, verdict: undefined, huMean }))
  );
  expect(report.lesions.map(({ name }) => name)).toEqual([
    'T11 lytic 1',
    'T11 blastic 1',
    'T12 lytic 1',
    'T12 blastic 1',
  ]);
  expect(state.lesions).toMatchObject({
    origin: 'stored',
    algorithmType: 'AUTOMATIC',
    saving: { status: 'saved' },
    notReviewed: ['T11', 'T12'],
  });
  expect(state.vertebrae.selected).toBe('bodies.dcm');
  expect(state.review.present).toMatchObject({ decisions: {}, reviewed: [], strokes: [] });

  // The threshold moves without a new analysis: the candidates are all there.
  controller.actions.setRules({ threshold: 0.8 });
  await until(controller, s => s.lesions?.rows.length === 2);
  controller.actions.undo();
  expect(shown()).toHaveLength(4);

  // What is printed and exported before the review says so in so many words.
  expect(await reportOf(controller, 'en')).toContain('Computed unattended, not reviewed: T11, T12.');
  expect(await reportOf(controller, 'de')).toContain('Unbeaufsichtigt berechnet, nicht befundet: T11, T12.');
  const sr = fileOf(join(out, 'measurements.dcm'));
  expect(text(sr, 'SeriesDescription')).toBe('Vertebral lesion measurements v1 - Research use only, unreviewed');
  expect(JSON.stringify(sr)).toContain('Computed unattended, not reviewed: T11, T12.');
  expect(text(fileOf(join(out, 'contours.dcm')), 'StructureSetDescription')).toContain('not reviewed: T11, T12');
  const [row] = parse(readFileSync(join(out, 'measurements.csv')), { columns: true }) as Record<string, string>[];
  expect(row.not_reviewed_levels).toBe('T11 T12');

  // One vertebra of two is reviewed: what is left is still said, in the file, too.
  const label = (level: string) => state.review.present.findings.find(one => one.level === level)!.label;
  controller.actions.reject([controller.store.get().lesions!.rows[1].id], 'degenerative');
  controller.actions.setReviewed(label('T11'), true);
  expect(controller.store.get().lesions?.notReviewed).toEqual(['T12']);
  controller.actions.exportFile('report', 'download');
  await until(controller, s => s.exports.outcomes.report?.status === 'done');
  const [, between] = [...world.downloads.values()].map(file => decodeFile(file as ArrayBuffer));
  expect(JSON.stringify(between)).toContain('Computed unattended, not reviewed: T12.');

  controller.actions.accept([controller.store.get().lesions!.rows[0].id]);
  controller.actions.setReviewed(label('T12'), true);
  expect(controller.store.get().lesions?.notReviewed).toBeUndefined();
  expect(await reportOf(controller, 'en')).not.toMatch(/unattended/i);
  expect((await saved(controller)).lesions?.saving).toEqual({
    status: 'saved',
    seriesDescription: 'Vertebral lesions v2 - Research use only',
  });
  const version2 = decodeFile(world.archive[world.archive.length - 1]);
  expect(text(item(version2, 'RelatedSeriesSequence'), 'SeriesInstanceUID')).toBe(
    text(fileOf(join(out, 'lesions.dcm')), 'SeriesInstanceUID')
  );
  expect(JSON.stringify(version2)).not.toMatch(/computed unattended/);
  await controller.dispose();

  // The reader's save comes back without the mark.
  const again = await open(memoryPorts([ctSet(), segSet(fileOf(join(out, 'bodies.dcm'))), segSet(version2, 'v2')]));
  const back = await until(again.controller, s => s.review.present.findings.length === 2);
  expect(back.lesions?.notReviewed).toBeUndefined();
  expect(back.review.present.reviewed).toHaveLength(2);
  await again.controller.dispose();

  expect(
    await rerun(
      'unreviewed',
      ['bodies.dcm', 'lesions.dcm'].map(name => join(out, name))
    )
  ).toEqual(['computed']);
  const file = join(folder, 'version2.dcm');
  write(file, version2);
  expect(await rerun('reviewed', [join(out, 'lesions.dcm'), file])).toEqual(['passed-over: reviewed']);
});

test('a result without a lesion opens as one, with the candidates that were refused', async () => {
  const out = join(folder, 'nothing');
  const report = await computed(out, [candidate(0, 'lytic', square(3, -6), 0.1)]);
  expect(report.lesions).toEqual([]);
  expect(readdirSync(out)).not.toContain('lesions.dcm');
  const { controller, state } = await opened(out, 'no-lesion.dcm');
  expect(state.lesions).toMatchObject({ origin: 'stored', rows: [], notReviewed: ['T11', 'T12'] });
  controller.actions.accept(['2/0/0']);
  await until(controller, s => s.lesions?.rows.length === 1);
  expect((await saved(controller)).lesions?.saving).toMatchObject({
    seriesDescription: 'Vertebral lesions v2 - Research use only, unreviewed',
  });
  await controller.dispose();
});

async function reportOf(controller: Controller, language: 'en' | 'de'): Promise<string> {
  controller.actions.showTab('report');
  const { notReviewed } = controller.store.get().lesions!;
  const { burden } = await until(
    controller,
    s =>
      s.burden.status === 'ready' &&
      JSON.stringify(s.burden.value.provenance?.notReviewed) === JSON.stringify(notReviewed)
  );
  if (burden.status !== 'ready') throw new Error(burden.status);
  return reportText({ result: burden.value, worksheets: {} }, stringsFor(language));
}

/** A cohort of another model over a study that has these results. @returns what became of its job */
async function rerun(name: string, results: readonly string[]): Promise<string[]> {
  const target = new ResultFolder(join(folder, name));
  const files = results.map((path, n) => ({ name: `${n}.dcm`, bytes: readFileSync(path) }));
  await target.store(study, series, files);
  const queue = await CohortQueue.open(await openDatabase(await postgres.database(name)));
  try {
    const [source, log] = [new DicomFolder(join(folder, 'in')), jsonLog(() => undefined)];
    const model = { id: 'newer', version: '2', sha256: 'cd' };
    await planStudies({ queue, source, target, model, analysis: [], log });
    await work({
      queue,
      source,
      target,
      log,
      name,
      model: '',
      threads: 1,
      provider: 'cpu',
      untilEmpty: true,
      cancel: new AbortController().signal,
      compute: { end: () => undefined, run: async () => ({ type: 'refused', code: 'computed', reason: '' }) },
    });
    const rows = await queue.database.query<{ state: string; code: string }>('SELECT state, code FROM cohort.series');
    const kept = (await target.existing(study)).map(({ sop }) => sop).sort();
    expect(kept).toEqual(results.map(path => text(fileOf(path), 'SOPInstanceUID')).sort());
    return rows.map(({ state, code }) => (code === 'computed' ? code : `${state}: ${code}`));
  } finally {
    await queue.close();
  }
}
