/** The comparison with an earlier study: the demo patient's two studies, our own SEG files, an archive in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@spine/core';
import {
  ctSeries,
  ctVolume,
  type NaturalizedInstance,
  noLesionSeg,
  readLesionSeg,
  readVertebrae,
  storedPixels,
  text,
} from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';
import { createController } from '../../extensions/vertebra-metastasis/src/ohif/session';
import type { DisplaySet } from '../../extensions/vertebra-metastasis/src/ohif/host/host';
import type { PanelState } from '../../extensions/vertebra-metastasis/src/ui';
import { demoFollowUpForTests, demoStudyForTests } from '../support/demo';
import { CONTEXT } from '../contract/support/geometries';
import { memoryPorts } from './support/panelPorts';

interface Study {
  ct: NaturalizedInstance[];
  vertebrae: NaturalizedInstance;
  lesions: NaturalizedInstance;
  truth: Map<string, number>;
}
let baseline: Study;
let followUp: Study;

beforeAll(async () => {
  const [one, two] = [await demoStudyForTests(), await demoFollowUpForTests()];
  [baseline, followUp] = [one, two].map(({ study, truth, lesions }) => ({
    ct: readDicom(join(study, 'ct')),
    vertebrae: readDicom(join(study, 'vertebrae-seg.dcm'))[0],
    lesions: readDicom(lesions)[0],
    truth: new Map(
      (
        JSON.parse(readFileSync(join(truth, 'truth.json'), 'utf8')) as {
          lesions: { name: string; millilitres: number }[];
        }
      ).lesions.map(({ name, millilitres }) => [name, millilitres])
    ),
  }));
});

const set = (instance: NaturalizedInstance, ct: NaturalizedInstance[]): DisplaySet => ({
  displaySetInstanceUID: text(instance, 'SeriesInstanceUID'),
  StudyInstanceUID: text(instance, 'StudyInstanceUID'),
  SeriesInstanceUID: text(instance, 'SeriesInstanceUID'),
  Modality: text(instance, 'Modality'),
  ...(instance === ct[0]
    ? { instances: ct }
    : { instance, referencedSeriesInstanceUID: text(ct[0], 'SeriesInstanceUID') }),
});

/** The follow-up is open; the archive holds what is given besides. */
function open(prior: NaturalizedInstance[], lesions: NaturalizedInstance[] = [followUp.lesions]) {
  const { ct, vertebrae } = followUp;
  const world = memoryPorts([set(ct[0], ct), set(vertebrae, ct), ...lesions.map(one => set(one, ct))]);
  const all = [...prior, ...ct.slice(0, 1)];
  const ports = {
    ...world.ports,
    study: { ...world.ports.study, readCt: async () => ctVolume(ctSeries(ct), storedPixels) },
    prior: {
      ...world.ports.prior,
      archive: {
        studies: async (patientId: string) => {
          const rows = new Map(all.map(one => [text(one, 'StudyInstanceUID'), one]));
          return [...rows].map(([studyInstanceUid, one]) => ({
            studyInstanceUid,
            mrn: patientId,
            modalities: 'CT/SEG',
            date: text(one, 'StudyDate'),
            time: text(one, 'StudyTime'),
            description: text(one, 'StudyDescription'),
          }));
        },
        series: async (uid: string) => {
          const ofStudy = all.filter(one => text(one, 'StudyInstanceUID') === uid);
          const rows = new Map(ofStudy.map(one => [text(one, 'SeriesInstanceUID'), one]));
          return [...rows].map(([seriesInstanceUid, one]) => ({
            seriesInstanceUid,
            modality: text(one, 'Modality'),
            description: text(one, 'SeriesDescription'),
          }));
        },
        metadata: async (_study: string, uid: string) => all.filter(one => text(one, 'SeriesInstanceUID') === uid),
      },
    },
  };
  return { ...world, controller: createController(ports) };
}

function until({ store }: ReturnType<typeof createController>, reached: (state: PanelState) => boolean) {
  return new Promise<PanelState>(resolve => {
    const check = () => reached(store.get()) && (stop(), resolve(store.get()));
    const stop = store.subscribe(check);
    check();
  });
}

const rows = ({ vertebrae: { reading } }: PanelState) => (reading.status === 'ready' ? reading.value : []);

async function compared(prior: NaturalizedInstance[], lesions?: NaturalizedInstance[]) {
  const { controller } = open(prior, lesions);
  await until(controller, s => s.vertebrae.reading.status === 'ready' && s.lesions !== undefined);
  controller.actions.showTab('prior');
  const { prior: state } = await until(controller, ({ prior: { comparison } }) =>
    ['ready', 'error'].includes(comparison.status)
  );
  if (state.comparison.status !== 'ready') throw new Error(JSON.stringify(state.comparison));
  return { state, value: state.comparison.value, changes: state.comparison.value.comparison.changes };
}

test('one increased, one new, one resolved, two stable, each with the volumes of the truth', async () => {
  const { value, changes, state } = await compared([...baseline.ct, baseline.vertebrae, baseline.lesions]);
  expect(changes.map(({ level, kind, change, matchedBy }) => [level, kind, change, matchedBy])).toEqual([
    ['T11', 'blastic', 'increased', 'overlap'],
    ['T12', 'lytic', 'stable', 'overlap'],
    ['L1', 'lytic', 'new', undefined],
    ['L2', 'blastic', 'stable', 'overlap'],
    ['L3', 'lytic', 'resolved', undefined],
  ]);
  for (const { level, kind, currentMillilitres, priorMillilitres } of changes) {
    expect(currentMillilitres).toBeCloseTo(followUp.truth.get(`${level} ${kind}`) ?? 0, 2);
    expect(priorMillilitres).toBeCloseTo(baseline.truth.get(`${level} ${kind}`) ?? 0, 2);
  }
  expect(value).toMatchObject({ priorDate: '2025-03-10', currentDate: '2025-09-15', sameMethod: true, hasMasks: true });
  expect(value.comparison.unaligned).toEqual([]);
  for (const { meanDistanceMm, centreLps, transform } of value.comparison.alignments) {
    expect(meanDistanceMm).toBeLessThan(1);
    // The follow-up lies 4.3 mm to the left; its lean of 1.5 degrees does not change that.
    const [a, b, c, x] = transform;
    const shift = a * centreLps[0] + b * centreLps[1] + c * centreLps[2] + x - centreLps[0];
    expect(Math.abs(shift + 4.3)).toBeLessThan(1);
  }
  expect(state.choices).toHaveLength(1);
});

test('a change made after the comparison is in the report: the comparison is made again there', async () => {
  const { controller } = open([...baseline.ct, baseline.vertebrae, baseline.lesions]);
  await until(controller, s => s.vertebrae.reading.status === 'ready' && s.lesions !== undefined);
  controller.actions.showTab('report');
  await until(controller, s => s.burden.status === 'ready');
  // A file without slices that says that all of every body was searched: the worksheets are not silent.
  const { planning } = await until(controller, s => s.planning.plans !== undefined);
  expect(planning.plans!.find(({ level }) => level === 'T12')).toMatchObject({
    proposed: { collapse: 'none' },
    searchedPercent: 100,
    sectors: { sectors: expect.any(Array) },
  });
  // Nobody asked for a comparison yet.
  expect(controller.store.get().prior.search.status).toBe('idle');
  controller.actions.showTab('prior');
  const before = await until(controller, s => s.prior.comparison.status === 'ready');
  controller.actions.showTab('report');
  const [row] = rows(controller.store.get());
  controller.actions.relabel(row.label, 'T10');
  const after = await until(
    controller,
    s => s.prior.comparison.status === 'ready' && s.prior.comparison !== before.prior.comparison
  );
  if (after.prior.comparison.status !== 'ready') throw new Error('not compared');
  expect(after.prior.comparison.value.comparison.changes.map(({ level, change }) => [level, change])).toContainEqual([
    'T10',
    'not-comparable',
  ]);
});

test('all names shifted after the comparison: what the two studies now call alike is compared anew, undo brings the first back', async () => {
  const { controller } = open([...baseline.ct, baseline.vertebrae, baseline.lesions]);
  await until(controller, s => s.vertebrae.reading.status === 'ready' && s.lesions !== undefined);
  controller.actions.showTab('prior');
  const first = await until(controller, s => s.prior.comparison.status === 'ready');
  controller.actions.keepIdentities();
  const kept = await until(
    controller,
    ({ prior: { comparison } }) => comparison.status === 'ready' && comparison !== first.prior.comparison
  );
  controller.actions.shiftLevels(1);
  const shifted = await until(
    controller,
    ({ prior: { comparison } }) => comparison.status === 'ready' && comparison !== kept.prior.comparison
  );
  if (shifted.prior.comparison.status !== 'ready') throw new Error('not compared');
  // Known by their UIDs they are followed under the other name; none is called new or resolved for its name.
  const followed = shifted.prior.comparison.value.comparison.changes.filter(
    ({ matchedBy }) => matchedBy === 'tracking'
  );
  expect(followed.map(({ level, priorLevel, change }) => [level, priorLevel, change])).toEqual([
    ['T12', 'T11', 'increased'],
    ['L1', 'T12', 'stable'],
    ['L3', 'L2', 'stable'],
  ]);
  controller.actions.undo();
  const back = await until(
    controller,
    ({ prior: { comparison } }) => comparison.status === 'ready' && comparison !== shifted.prior.comparison
  );
  const lines = (state: PanelState) =>
    state.prior.comparison.status === 'ready' &&
    state.prior.comparison.value.comparison.changes.map(({ level, change, priorLevel }) => [level, change, priorLevel]);
  expect(lines(back)).toEqual(lines(kept));
});

test('without masks in the earlier study, by level; the panel says so', async () => {
  const { value, changes } = await compared([...baseline.ct, baseline.lesions]);
  expect(value.hasMasks).toBe(false);
  expect(changes.map(({ change, matchedBy }) => [change, matchedBy])).toEqual([
    ['increased', 'level'],
    ['stable', 'level'],
    ['new', undefined],
    ['stable', 'level'],
    ['resolved', undefined],
  ]);
});

test('a vertebra of which the earlier study searched a part, or does not say where it only screened: its change cannot be told', async () => {
  const series = ctSeries(baseline.ct);
  const { state } = readLesionSeg(baseline.lesions, series) as { state: { coverage: object[] } };
  const parts: Readonly<Record<string, object>> = {
    T11: { notAnalysedMillilitres: 4 },
    L3: { searchedSlices: 6, screenedSlices: 3 },
    L1: { searchedSlices: 0, screenedSlices: 9 },
  };
  const coverage = state.coverage.map(one => ({ ...one, ...parts[(one as { level: string }).level] }));
  const partly = { ...baseline.lesions, '00711001': JSON.stringify({ ...state, coverage }) };
  const { changes } = await compared([...baseline.ct, baseline.vertebrae, partly]);
  expect(changes.map(({ level, change, percent }) => [level, change, percent === undefined])).toEqual([
    ['T11', 'not-comparable', true],
    ['T12', 'stable', false],
    // All of it was screened and called healthy.
    ['L1', 'marked-now', true],
    ['L2', 'stable', false],
    ['L3', 'not-comparable', true],
  ]);
});

test('an earlier result without lesions, saved last, is what the study is compared with: every lesion is new', async () => {
  const series = ctSeries(baseline.ct);
  const { labelmap: bodies, vertebrae } = readVertebrae(baseline.vertebrae, series);
  const { state } = readLesionSeg(baseline.lesions, series);
  const none = noLesionSeg({ ...CONTEXT, series, bodies, vertebrae, version: 2, state });
  const { value, changes } = await compared([...baseline.ct, baseline.lesions, none]);
  expect(value.hasMasks).toBe(true);
  expect(changes.map(({ level, kind, change }) => [level, kind, change])).toEqual([
    ['T11', 'blastic', 'new'],
    ['T12', 'lytic', 'new'],
    ['L1', 'lytic', 'new'],
    ['L2', 'blastic', 'new'],
  ]);
});

test('a later study is no prior, another patient is none, and none is said in words', async () => {
  const later = baseline.lesions;
  const { controller } = open([{ ...later, StudyDate: '20991231' }]);
  await until(controller, s => s.ct.reading.status === 'ready');
  controller.actions.showTab('prior');
  const { prior } = await until(controller, s => s.prior.search.status === 'ready');
  expect(prior.choices).toEqual([]);
});

test('an earlier result without its CT, and an archive that does not answer, are named', async () => {
  const { controller } = open([baseline.lesions]);
  await until(controller, s => s.ct.reading.status === 'ready');
  controller.actions.showTab('prior');
  const { prior } = await until(controller, s => s.prior.comparison.status === 'error');
  expect(prior.comparison).toMatchObject({ problem: { code: 'prior-ct' } });

  const broken = memoryPorts([set(followUp.ct[0], followUp.ct)]);
  const refuse = async () => {
    throw new InputError('query-failed', { reason: 'HTTP 503' });
  };
  const archive = { ...broken.ports.prior.archive, studies: refuse };
  const second = createController({ ...broken.ports, prior: { ...broken.ports.prior, archive } });
  await until(second, s => s.ct.reading.status === 'ready');
  second.actions.showTab('prior');
  const failed = await until(second, s => s.prior.search.status === 'error');
  expect(failed.prior.search).toMatchObject({ problem: { code: 'query-failed' } });
});

test('matched lesions can keep their earlier tracking identity, which the next comparison goes by', async () => {
  const { controller } = open([...baseline.ct, baseline.vertebrae, baseline.lesions]);
  await until(controller, s => s.vertebrae.reading.status === 'ready' && s.lesions !== undefined);
  controller.actions.showTab('prior');
  await until(controller, s => s.prior.comparison.status === 'ready');
  controller.actions.keepIdentities();
  const { prior, lesions } = await until(
    controller,
    ({ prior: { comparison } }) =>
      comparison.status === 'ready' &&
      comparison.value.comparison.changes.some(({ matchedBy }) => matchedBy === 'tracking')
  );
  expect(lesions?.saving.status).toBe('unsaved');
  if (prior.comparison.status !== 'ready') throw new Error('not compared');
  expect(prior.comparison.value.comparison.changes.map(({ matchedBy }) => matchedBy)).toEqual([
    'tracking',
    'tracking',
    undefined,
    'tracking',
    undefined,
  ]);
});
