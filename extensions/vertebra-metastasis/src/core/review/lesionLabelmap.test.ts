import { voxelMillilitres } from '../geometry';
import { referenceSampler } from '../method';
import { samplerRecord } from '../provenance';
import { candidate, LABELS, METHOD, scriptedEngine, spine, square } from '../testing/study';
import { analyseStudy, type StudyAnalysis, type StudyOptions, studyReport } from '../study';
import { lesionsOfAnalysis } from '../lesions/analysisLesions';
import { lesionLabelmap } from './lesionLabelmap';

const input = spine();
const targets = Object.entries(LABELS).map(([level, label]) => ({ level, label }));
const lytic = candidate(0, 'lytic', square(4, -6), 0.8);
const blastic = candidate(1, 'blastic', square(3, 6), 1.4);
const rejected = candidate(2, 'blastic', square(2, 0, 12), 0.3);
const speck = candidate(3, 'lytic', square(0, 0, -8), 2);
const rules = { threshold: 0.5, minPixels: 5 };
const options: StudyOptions = { slices: 'all', method: METHOD, screenBelow: 0 };
const studyOf = (slices: StudyOptions['slices']) =>
  analyseStudy(scriptedEngine([lytic, blastic, rejected, speck]), input, [...targets].reverse(), {
    ...options,
    slices,
  });
let whole: StudyAnalysis;
beforeAll(async () => (whole = await studyOf('all')), 60_000);

test('one segment per vertebra and kind, from head to pelvis, lytic first, none empty', () => {
  const before = input.bodies.labels.slice();
  const { labelmap, segments, notAnalysed, lost } = lesionLabelmap(input.volume, input.bodies, whole.analyses, rules);
  expect(input.bodies.labels.every((label, at) => label === before[at])).toBe(true);
  expect(segments.map(({ index, level, kind, score }) => [index, level, kind, score])).toEqual([
    [1, 'T11', 'lytic', 0.8],
    [2, 'T11', 'blastic', 1.4],
    [3, 'T12', 'lytic', 0.8],
    [4, 'T12', 'blastic', 1.4],
    [5, 'L1', 'lytic', 0.8],
    [6, 'L1', 'blastic', 1.4],
  ]);
  const counts = new Map<number, number>();
  labelmap.labels.forEach(label => counts.set(label, (counts.get(label) ?? 0) + 1));
  for (const { index, voxels, millilitres } of segments) {
    expect(counts.get(index)).toBe(voxels);
    expect(voxels).toBeGreaterThan(0);
    expect(millilitres).toBeCloseTo(voxels * voxelMillilitres(input.volume.indexToLps), 6);
  }
  expect(lost).toEqual([]);
  // Voxels at the thin lateral ends lie in slices that were skipped.
  for (const { voxels } of notAnalysed) expect(voxels).toBeLessThan(200);
});

test('lesions lie only inside their own body, lytic in front of blastic as drawn', () => {
  const { labelmap, segments } = lesionLabelmap(input.volume, input.bodies, whole.analyses, rules);
  const height: Record<number, number[]> = {};
  const [width, depth] = labelmap.dims;
  let strays = 0;
  labelmap.labels.forEach((label, at) => {
    if (!label) return;
    if (input.bodies.labels[at] !== segments[label - 1].vertebraLabel) strays++;
    (height[label] ??= []).push(Math.floor(at / width) % depth);
  });
  expect(strays).toBe(0);
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  // Rows run to the back: 12 rows of 0.8 mm apart, on 1.25 mm voxels.
  expect(mean(height[4]) - mean(height[3])).toBeCloseTo((12 * 0.8) / 1.25, 0);
});

test('the threshold decides without inference', () => {
  const kinds = (threshold: number) =>
    lesionLabelmap(input.volume, input.bodies, whole.analyses, { threshold, minPixels: 5 }).segments.map(s => s.kind);
  expect(kinds(1).every(kind => kind === 'blastic')).toBe(true);
  expect(kinds(2)).toEqual([]);
  expect(kinds(0.1)).toHaveLength(6);
});

test('with the central slice alone the rest of the body is reported as not analysed', async () => {
  const { analyses } = await studyOf('central');
  const { segments, notAnalysed } = lesionLabelmap(input.volume, input.bodies, analyses, rules);
  const body = input.bodies.labels.filter(label => label === LABELS.T12).length;
  const known = notAnalysed.find(({ level }) => level === 'T12')!;
  expect(known.voxels / body).toBeGreaterThan(0.85);
  expect(known.voxels).toBeLessThan(body);
  // One layer of voxels, 9 x 9 pixels of 0.8 x 0.675 mm on voxels of 1.25 x 2 mm.
  expect(segments[0].voxels).toBeGreaterThan(10);
  expect(segments[0].voxels).toBeLessThan(30);
});

test('a lesion that no voxel of the CT falls into is named, not dropped in silence', async () => {
  const corner = candidate(0, 'lytic', square(3, -28, -28), 0.9);
  const { analyses } = await analyseStudy(scriptedEngine([corner]), input, [targets[1]], {
    ...options,
    slices: 'central',
  });
  const { segments, lost } = lesionLabelmap(input.volume, input.bodies, analyses, rules);
  expect(segments).toEqual([]);
  expect(lost).toMatchObject([{ level: 'T12', kind: 'lytic' }]);
});

test('the report holds what was found, with what, and what was not looked at', async () => {
  const study = await analyseStudy(scriptedEngine([lytic, rejected]), spine(true), targets, {
    ...options,
    slices: { every: 10 },
  });
  const lesions = lesionsOfAnalysis(spine(true).volume, spine(true).bodies, study.analyses, rules);
  const report = studyReport(study, lesions, {
    model: { id: 'm', version: '1', sha256: 'abc' },
    provider: 'cpu',
    sampler: samplerRecord({ ...METHOD, sampler: referenceSampler(), leastSlices: 2 }, {}),
    rules,
    slices: { every: 10 },
    screenBelow: 0,
  });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report).toMatchObject({
    researchUseOnly: true,
    model: { id: 'm', version: '1', sha256: 'abc' },
    provider: 'cpu',
    sampler: { id: 'reference', inversionEvaluations: 250, renderEvaluations: 100, leastSlices: 2 },
    threshold: 0.5,
    cancelled: false,
  });
  expect(report.vertebrae.map(({ label }) => label)).toEqual(['T11', 'T12']);
  expect(report.vertebrae[0].slices.map(({ offsetMm }) => offsetMm)).toEqual([-8, 0, 8]);
  expect(report.vertebrae[0].candidates.slice(0, 2)).toEqual([
    { kind: 'lytic', slice: 0, pixels: 81, score: 0.8, kept: true },
    { kind: 'blastic', slice: 0, pixels: 25, score: 0.3, kept: false },
  ]);
  expect(report.lesions.map(({ segment, level, kind }) => [segment, level, kind])).toEqual([
    [1, 'T11', 'lytic'],
    [2, 'T12', 'lytic'],
  ]);
  expect(report.notAnalysed.map(({ level, part }) => [level, part])).toEqual([
    ['L1', 'vertebra'],
    ['T11', 'voxels'],
    ['T12', 'voxels'],
  ]);
});
