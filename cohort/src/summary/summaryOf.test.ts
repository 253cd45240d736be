import type { StudyReport } from '@spine/core';
import { summaryOf } from './summaryOf';

const lesion: StudyReport['lesions'][number] = {
  segment: 1,
  name: 'T11 blastic 1',
  level: 'T11',
  kind: 'blastic',
  voxels: 120,
  millilitres: 1.5,
  longestAxialMm: 14.2,
  perpendicularAxialMm: 9.1,
  longestMm: 16,
  huMean: 612,
  score: 1,
  rawScore: 1.04,
  place: { side: 'left', depth: 'anterior', height: 'upper' },
  flags: ['at-search-edge'],
  slices: [{ offsetMm: 0.8, score: 1.04 }],
};
/** As report.json has it: a field that is undefined is not in the file. */
const report = JSON.parse(
  JSON.stringify({
    model: { id: 'default', version: '0.4.0', sha256: 'a'.repeat(64) },
    cancelled: false,
    vertebrae: [
      { label: 'T11', malignancyProbability: 0.9, slices: [{ searched: true }, { searched: false }] },
      { label: 'T12', malignancyProbability: 0.1, slices: [{ searched: false }] },
    ],
    lesions: [
      lesion,
      { ...lesion, name: 'T11 lytic 1', kind: 'lytic', huMean: undefined, score: undefined, place: undefined },
    ],
    notAnalysed: [
      { level: 'L1', part: 'vertebra', reason: 'Too few slices.' },
      { level: 'T11', part: 'slice', reason: 'Not searched.' },
    ],
  })
);

test('rows of vertebrae and lesions, with what is not known left empty', () => {
  const { vertebrae, lesions, notAnalysed } = summaryOf(report);
  expect(vertebrae[0]).toMatchObject({
    level: 'T11',
    slices: 2,
    slicesSearched: 1,
    lesions: 2,
    blasticMl: 1.5,
    lyticMl: 1.5,
  });
  expect(vertebrae[1]).toMatchObject({ level: 'T12', lesions: 0, blasticMl: 0 });
  expect(lesions[0]).toMatchObject({ place: 'left anterior upper', huMean: 612, score: 1, flags: ['at-search-edge'] });
  expect(lesions[1]).toMatchObject({ place: '', huMean: null, score: null });
  expect(notAnalysed).toEqual([{ level: 'L1', reason: 'Too few slices.' }]);
});

test('a report of another program is refused', () => {
  expect(() => summaryOf({ vertebrae: [] })).toThrow(/model/);
});
