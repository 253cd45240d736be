/** One lesion has one volume, whoever states it: report.json, SEG, structured report, table, panel. Over the demo study. */
import { join } from 'node:path';
import {
  analyseStudy,
  findLesions,
  type Labelmap,
  lesionBurden,
  lesionsOfAnalysis,
  projectVertebra,
  reportedMillilitres,
  samplerRecord,
  studyReport,
  undecidedReview,
  vertebralBodies,
  type VertebraAnalysis,
} from '@spine/core';
import { candidate, METHOD, scriptedEngine, SPEC, square } from '@spine/core/testing/study';
import {
  ctSeries,
  ctVolume,
  decodeFile,
  encodeDataset,
  item,
  items,
  lesionSeg,
  type LesionToWrite,
  measurementReport,
  measurementsTable,
  number,
  readLesionSeg,
  readVertebrae,
  storedPixels,
  text,
} from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';
import { lesionMap } from '../../extensions/vertebra-metastasis/src/ohif/segmentation/reviewMap';
import { demoStudyForTests } from '../support/demo';
import { CONTEXT } from './support/geometries';

jest.setTimeout(300_000);

test('report.json, SEG, SR, table and panel state the same volumes', async () => {
  const { study } = await demoStudyForTests();
  const series = ctSeries(readDicom(join(study, 'ct')));
  const volume = ctVolume(series, storedPixels);
  const masks = readVertebrae(readDicom(join(study, 'vertebrae-seg.dcm'))[0], series);
  const targets = masks.vertebrae.slice(0, 2);
  const { bodies } = vertebralBodies(masks.labelmap, targets);
  const engine = scriptedEngine([
    candidate(0, 'lytic', square(5, -8), 0.8),
    candidate(1, 'blastic', square(4, 7), 0.9),
  ]);
  const options = { slices: { every: 3 }, method: METHOD, screenBelow: 0 } as const;
  const input = { volume, bodies, spec: SPEC };
  const analysed = await analyseStudy(engine, input, targets, options);
  const rules = { threshold: 0.5, minPixels: 5 };

  const lesions = lesionsOfAnalysis(volume, bodies, analysed.analyses, rules, series.slicePositionsMm);
  const sampler = samplerRecord(METHOD, {});
  const model = { id: 'scripted', version: '1', sha256: '' };
  const report = studyReport(analysed, lesions, { model, provider: 'cpu', sampler, rules, ...options });
  const written = report.lesions.map(({ level, kind, millilitres }) => [level, kind, millilitres]);
  expect(written).toHaveLength(4);
  for (const [, , millilitres] of written) expect(millilitres).toBeGreaterThan(0.1);

  // One segment and one measurement group for each lesion.
  const segments = lesions.lesions.map(
    ({ index, name, level, kind, rawScore }): LesionToWrite => ({
      index,
      label: name,
      level,
      kind,
      score: rawScore,
      algorithmType: 'AUTOMATIC',
    })
  );
  expect(segments.map(({ label }) => label)).toEqual(['T11 lytic 1', 'T11 blastic 1', 'T12 lytic 1', 'T12 blastic 1']);
  const seg = decodeFile(encodeDataset(lesionSeg({ ...CONTEXT, series, labelmap: lesions.labelmap, segments })));
  const read = readLesionSeg(seg, series);
  expect(read.segments.map(({ level, kind, millilitres }) => [level, kind, millilitres])).toEqual(written);
  const described = items(seg, 'SegmentSequence').map(one => /([\d.]+) ml/.exec(text(one, 'SegmentDescription'))![1]);
  expect(described).toEqual(report.lesions.map(({ millilitres }) => millilitres.toFixed(3)));

  const measuring = { ...CONTEXT, series, seg, volume, labelmap: lesions.labelmap, lesions: segments };
  const groups = items(measurementReport(measuring), 'ContentSequence')
    .flatMap(container => items(container, 'ContentSequence'))
    .filter(group => text(item(group, 'ConceptNameCodeSequence'), 'CodeMeaning') === 'Measurement Group');
  const stated = groups.map(group => {
    const content = items(group, 'ContentSequence');
    const volumes = content.filter(one => text(item(one, 'ConceptNameCodeSequence'), 'CodeMeaning') === 'Volume');
    return reportedMillilitres(number(item(volumes[0], 'MeasuredValueSequence'), 'NumericValue')! / 1000);
  });
  expect(stated).toEqual(report.lesions.map(({ millilitres }) => millilitres));
  expect(
    measurementsTable(measuring).lesions.map(({ level, kind, millilitres }) => [level, kind, millilitres])
  ).toEqual(written);

  // The panel composes its review, and measures for the burden tab.
  const review = undecidedReview(analysed.analyses, rules);
  const projectionOf = (one: (typeof review.findings)[number]) => projected(bodies, analysed.analyses, one.label, one);
  const composed = lesionMap(findLesions({ grid: series, state: review, projectionOf, bodies, volume }), new Map());
  expect(composed.segments.map(({ level, kind, millilitres }) => [level, kind, millilitres])).toEqual(written);
  const burden = lesionBurden({
    volume,
    positionsMm: series.slicePositionsMm,
    lesions: composed.labelmap,
    segments: composed.segments,
    bodies,
    vertebrae: targets,
  });
  const shown = burden.levels.flatMap(({ level, lytic, blastic }) => [
    [level, 'lytic', lytic?.millilitres],
    [level, 'blastic', blastic?.millilitres],
  ]);
  expect(shown).toEqual(written);
});

function projected(
  bodies: Labelmap,
  analyses: readonly VertebraAnalysis[],
  label: number,
  findings: Parameters<typeof projectVertebra>[2]
) {
  return projectVertebra(bodies, analyses.find(one => one.label === label)!.extent, findings);
}
