/**
 * Every number of the report is one of the saved files. Random decisions, thresholds and brush strokes (seeded); what the text says is
 * compared with the JSON, CSV, SR and SEG exported at that moment, and nothing in it may be left over.
 */
import { labelExtents, projectVertebra } from '@spine/core';
import {
  decodeFile,
  items,
  type NaturalizedInstance,
  readLesionSeg,
  readReview,
  readVertebrae,
  text,
} from '@spine/dicom';
import { reportText } from '../../extensions/vertebra-metastasis/src/ui/report/reportText';
import { numbersIn } from '../../extensions/vertebra-metastasis/src/ui/burden/format';
import { type ExportKind, type PanelState, stringsFor } from '../../extensions/vertebra-metastasis/src/ui';
import { analysed, type Controller, until, type World } from '../session/support/panelDriver';
import { CT, SERIES, vertebraSeg } from '../session/support/panelPorts';

jest.setTimeout(600_000);

type Lesion = {
  level: string;
  kind: 'lytic' | 'blastic';
  algorithmType: string;
  confirmed: boolean;
  millilitres: number;
  atLeast: boolean;
  voxels: number;
  cubicMillimetres: number;
  hu: { mean: number; standardDeviation: number };
};
interface Json {
  provenance: {
    attributionThreshold: number;
    modelSha256: string;
    modelVersion: string;
    software: string;
    sampler: string;
  };
  lesions: Lesion[];
  review: {
    rules: { minPixels: number };
    modelRules: { threshold: number }[];
    levels: {
      level: string;
      accepted: number;
      merged: number;
      rejected: { reason: string; regions: number }[];
      kindChanged: { regions: number }[];
    }[];
  };
}
interface SavedState {
  coverage: { level: string; analysedMillilitres: number; notAnalysedMillilitres: number; skippedSlices: number }[];
  worksheets: Record<string, { answers: Record<string, string>; sectors?: number[] }>;
}

/** Park and Miller's minimal standard generator. */
function random(seed: number) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

async function exported({ controller, world }: Opened, kind: ExportKind) {
  world.downloads.clear();
  controller.actions.exportFile(kind, 'download');
  await until(controller, s => ['done', 'failed'].includes(s.exports.outcomes[kind]?.status ?? ''));
  return [...world.downloads.values()];
}
interface Opened {
  controller: Controller;
  world: World['world'];
}

/** A person at work: a few decisions, a threshold, now and then a stroke of the brush. */
function work({ controller, world }: Opened, next: () => number): void {
  const { actions, store } = controller;
  const { findings } = store.get().review.present;
  const keys = findings.flatMap(({ label, slices }) =>
    slices.flatMap(({ candidates }, slice) => candidates.map(({ id }) => `${label}/${slice}/${id}`))
  );
  const reasons = ['degenerative', 'schmorl', 'haemangioma', 'fracture', 'artefact', 'other'] as const;
  for (const key of keys) {
    const what = next();
    if (what < 0.3) actions.reject([key], reasons[Math.floor(next() * reasons.length)]);
    else if (what < 0.5) actions.accept([key]);
    else if (what < 0.6) actions.setKind([key], next() < 0.5 ? 'lytic' : 'blastic');
  }
  actions.setReviewed(2, next() < 0.5);
  if (world.labels && next() < 0.7) {
    const first = world.labels.findIndex(label => label > 0);
    if (first > 0) world.paint(labels => labels.fill(labels[first], first - 1 - Math.floor(20 * next()), first));
  }
  actions.setRules({ threshold: Number((0.15 + 0.6 * next()).toFixed(2)) });
}

/** An archive whose earlier study holds this SEG, on the same CT half a year before. */
function withPrior(world: World, seg: NaturalizedInstance): void {
  const earlier = { StudyInstanceUID: '1.2.3', StudyDate: '20250701', PatientID: 'SYN-1' };
  const series = [{ ...seg, ...earlier }, { ...vertebraSeg(), ...earlier }, ...CT.map(one => ({ ...one, ...earlier }))];
  Object.assign(world.ports.prior.archive, {
    studies: async () => [{ studyInstanceUid: '1.2.3', date: '20250701', mrn: 'SYN-1', modalities: 'CT/SEG' }],
    series: async () =>
      [...new Map(series.map(one => [text(one, 'SeriesInstanceUID'), one])).values()].map(one => ({
        seriesInstanceUid: text(one, 'SeriesInstanceUID'),
        modality: text(one, 'Modality'),
        description: text(one, 'SeriesDescription'),
      })),
    metadata: async (_: string, uid: string) => series.filter(one => text(one, 'SeriesInstanceUID') === uid),
  });
}

const facts = ({ burden, planning, prior }: PanelState) => ({
  result: burden.status === 'ready' ? burden.value : (undefined as never),
  worksheets: planning.worksheets,
  ...(prior.comparison.status === 'ready' ? { prior: prior.comparison.value } : {}),
});

/** Numbers as they stand in a text; names of levels and hashes are no numbers. */
const numbersOf = (report: string) =>
  report.replace(/\b[CTLSV]\d+\b|SHA-256/g, '').match(/[<−+]?\d+(?:[.,]\d+)*/g) ?? [];

test('the report says what the files hold, whatever a person decides', async () => {
  const opened = await analysed();
  const { controller } = opened;
  const { actions, store } = controller;
  const [priorSeg] = (await exported(opened, 'lesions')) as ArrayBuffer[];
  const [priorJson] = await exported(opened, 'json');
  const before = (JSON.parse(priorJson as string) as Json).lesions;
  const { coverage } = stateOf(decodeFile(priorSeg));
  withPrior(opened as unknown as World, decodeFile(priorSeg));
  actions.showTab('prior');
  await until(controller, s => s.prior.comparison.status === 'ready');
  actions.setSins('T12', 'location', 'junctional');
  for (const [field, answer] of [
    ...[['pain', 'mechanical'] as const, ['lesion', 'mixed'] as const, ['alignment', 'normal'] as const],
    ...[['collapse', 'none'] as const, ['posterolateral', 'unilateral'] as const],
  ]) {
    actions.setSins('T12', field, answer);
  }
  actions.setSectors('T12', [6, 1]);

  let withLesions = 0;
  for (let seed = 1; seed <= 8; seed++) {
    work(opened, random(seed));
    actions.showTab('report');
    const { threshold } = store.get().review.present.rules;
    const state = await until(
      controller,
      s =>
        s.burden.status === 'ready' &&
        s.burden.value.review.decisions.rules.threshold === threshold &&
        s.prior.comparison.status === 'ready'
    );
    const [json] = await exported(opened, 'json');
    const saved = JSON.parse(json as string) as Json;
    const [csv] = await exported(opened, 'csv');
    const files = (await exported(opened, 'report')) as ArrayBuffer[];
    const [seg, sr] = files.length === 2 ? files.map(decodeFile) : [undefined, undefined];
    withLesions += saved.lesions.length > 0 ? 1 : 0;
    for (const language of ['en', 'de'])
      check(state, saved, { before, coverage, inBody: seg ? inBodies(seg) : new Map(), language });
    if (seg && sr) {
      // What was analysed, and what a person set, does not change with decisions.
      expect(stateOf(seg)).toMatchObject({ coverage, worksheets: { T12: { sectors: [1, 6] } } });
      expect(volumesOf(sr)).toEqual(saved.lesions.map(({ cubicMillimetres }) => cubicMillimetres));
      const rows = (csv as string).trim().split('\r\n').slice(1);
      expect(rows.map(row => Number(row.split(',')[7]))).toEqual(saved.lesions.map(({ millilitres }) => millilitres));
    }
  }
  expect(withLesions).toBeGreaterThan(4);
});

interface Files {
  before: readonly Lesion[];
  coverage: SavedState['coverage'];
  /** Millilitres of lesion inside the analysed part of the body of a level, and outside of all. */
  inBody: ReadonlyMap<string, number>;
  language: string;
}

function check(state: PanelState, saved: Json, files: Files): void {
  const { language } = files;
  const strings = stringsFor(language);
  const n = numbersIn(strings);
  const report = reportText(facts(state), strings);
  for (const { level, kind, millilitres, mean, standardDeviation, atLeast } of byKind(saved.lesions)) {
    const volume = atLeast ? strings.lesionList.atLeast(n.ml(millilitres)) : n.ml(millilitres);
    expect(report).toContain(
      strings.report.lesion(level, strings.kind[kind], volume, n.hu(mean), n.hu(standardDeviation))
    );
  }
  for (const { level, accepted, rejected } of saved.review.levels) {
    const line = report.split('\n').find(one => one.startsWith(`${level}: `) && /regi/i.test(one)) ?? '';
    for (const { reason, regions } of rejected) {
      expect(line).toContain(strings.report.regionsRejected(regions, strings.review.reasons[reason as 'schmorl']));
    }
    if (accepted > 0) expect(line).toContain(strings.report.regionsAccepted(accepted));
  }
  const known = allowed(saved, files);
  // Changes are measured within what both studies searched, which no file states: they are held to the comparison.
  const changes = facts(state).prior?.comparison.changes ?? [];
  const compared = changes.flatMap(({ priorMillilitres, currentMillilitres, percent, ...beyond }) => [
    ...[n.ml(priorMillilitres), n.ml(currentMillilitres)],
    ...[n.ml(beyond.priorBeyondMillilitres ?? 0), n.ml(beyond.currentBeyondMillilitres ?? 0)],
    ...(percent === undefined ? [] : [n.signed(percent, 0)]),
  ]);
  const also = new Set(compared.flatMap(numbersOf));
  const left = numbersOf(report).filter(number => !known.has(number) && !also.has(number));
  expect(left).toEqual([]);
}

/** Points of the answers set above: junctional 3, mechanical 3, mixed 1, normal 0, none 0, unilateral 1. */
const SINS_TOTAL = '8';

/** Every number that may stand in the report, made from the files alone. */
function allowed({ provenance, lesions, review }: Json, { coverage, inBody, language }: Files): ReadonlySet<string> {
  const n = numbersIn(stringsFor(language));
  const sumOf = (some: Json['lesions']) => some.reduce((sum, one) => sum + one.millilitres, 0);
  const total = sumOf(lesions);
  const inside = coverage.reduce((sum, { level }) => sum + (inBody.get(level) ?? 0), 0);
  const analysedMl = coverage.reduce((sum, one) => sum + one.analysedMillilitres, 0);
  const counts = [
    ...[new Set(lesions.map(({ level }) => level)).size, coverage.length],
    ...['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL'].map(type => lesions.filter(one => one.algorithmType === type).length),
    lesions.filter(({ confirmed }) => confirmed).length,
    ...review.levels.flatMap(one => [one.accepted, ...one.rejected.map(({ regions }) => regions)]),
    ...review.levels.flatMap(one => [...one.kindChanged.map(({ regions }) => regions), one.merged]),
    ...[review.rules.minPixels, ...coverage.map(({ skippedSlices }) => skippedSlices)],
  ];
  const words = [
    // Dates of the studies, SINS with its ranges, the sectors that were confirmed.
    ...['2025-07-01', '2026-01-02', SINS_TOTAL, '18', '0–6', '7–12', '13–18', '1, 6'],
    ...[provenance.modelSha256, provenance.software, provenance.modelVersion, provenance.sampler],
    ...[provenance.attributionThreshold, ...review.modelRules.map(({ threshold }) => threshold)].map(value =>
      n.decimal(String(value))
    ),
    ...counts.map(String),
    ...lesions.flatMap(({ millilitres, hu }) => [n.ml(millilitres), n.hu(hu.mean), n.hu(hu.standardDeviation)]),
    ...byKind(lesions).flatMap(one => [n.ml(one.millilitres), n.hu(one.mean), n.hu(one.standardDeviation)]),
    ...['lytic', 'blastic', 'mixed'].map(kind => n.ml(sumOf(lesions.filter(one => one.kind === kind)))),
    ...[n.ml(total), n.percent((100 * inside) / analysedMl), n.ml(inBody.get(OUTSIDE) ?? 0)],
    // A lesion that is new or resolved has nothing on the other side.
    n.ml(0),
    ...coverage.flatMap(one => [
      n.percent((100 * (inBody.get(one.level) ?? 0)) / one.analysedMillilitres),
      n.ml(one.notAnalysedMillilitres),
    ]),
  ];
  return new Set(words.flatMap(numbersOf));
}

/** The report sums up by level and kind what the files list lesion by lesion: mean and deviation of all voxels together. */
function byKind(lesions: Json['lesions']) {
  const groups = [...new Set(lesions.map(({ level, kind }) => `${level} ${kind}`))];
  return groups.map(group => {
    const own = lesions.filter(({ level, kind }) => `${level} ${kind}` === group);
    const voxels = own.reduce((sum, one) => sum + one.voxels, 0);
    const mean = own.reduce((sum, one) => sum + one.voxels * one.hu.mean, 0) / voxels;
    const variance = own.reduce(
      (sum, { voxels: count, hu }) => sum + count * (hu.standardDeviation ** 2 + (hu.mean - mean) ** 2),
      0
    );
    const millilitres = Number(own.reduce((sum, one) => sum + one.millilitres, 0).toFixed(6));
    const { level, kind } = own[0];
    const atLeast = own.some(one => one.atLeast);
    return { level, kind, millilitres, mean, standardDeviation: Math.sqrt(variance / voxels), atLeast };
  });
}

const OUTSIDE = 'outside';

function inBodies(seg: NaturalizedInstance): ReadonlyMap<string, number> {
  const { labelmap, state } = readLesionSeg(seg, SERIES);
  const { labels } = labelmap;
  const bodies = readVertebrae(vertebraSeg(), SERIES);
  const extents = labelExtents(bodies.labelmap);
  const analysed = new Set<number>();
  for (const findings of readReview(state)!.findings) {
    const { offsets, screened } = projectVertebra(bodies.labelmap, extents.get(findings.label)!, findings);
    for (const at of [...offsets, ...screened]) analysed.add(at);
  }
  const [dx, dy, dz] = SERIES.spacingMm;
  const found = new Map<string, number>();
  labels.forEach((label, at) => {
    if (label === 0) return;
    const body = bodies.vertebrae.find(one => one.label === bodies.labelmap.labels[at]);
    const level = (analysed.has(at) && body?.level) || OUTSIDE;
    found.set(level, (found.get(level) ?? 0) + (dx * dy * dz) / 1000);
  });
  return found;
}

const stateOf = (seg: NaturalizedInstance) => readLesionSeg(seg, SERIES).state as SavedState;

/** In mm3, as the structured report has them. */
function volumesOf(sr: NaturalizedInstance): number[] {
  const nameOf = (item: NaturalizedInstance) => text(items(item, 'ConceptNameCodeSequence')[0], 'CodeValue');
  const below = (item: NaturalizedInstance): NaturalizedInstance[] =>
    items(item, 'ContentSequence').flatMap(one => [one, ...below(one)]);
  return below(sr)
    .filter(item => nameOf(item) === '118565006')
    .map(item => Number(text(items(item, 'MeasuredValueSequence')[0], 'NumericValue')));
}
