import { sinsOptions, SINS_FIELDS, type SinsAnswers } from '../../core/planning';
import type { BurdenResult, PriorComparison } from '../findings';
import { stringsFor } from '../strings';
import { reportText } from './reportText';
import { worksheetCsv } from './worksheetCsv';

const kind = (millilitres: number, mean: number) => ({
  ...{ voxels: 10, cubicMillimetres: 1000 * millilitres, millilitres },
  hu: { mean, standardDeviation: 20, minimum: -5, maximum: 900, median: mean },
  huPercentiles: { p10: 1, p90: 2 },
});
const result: BurdenResult = {
  burden: {
    levels: [
      { level: 'T12', lytic: kind(1.808, -12.4), analysedMillilitres: 16, percent: 11.3 },
      { level: 'L1', analysedMillilitres: 20, percent: 0 },
    ],
    total: { lytic: kind(1.808, -12.4), analysedMillilitres: 36, percent: 5.02 },
    affectedLevels: 1,
    analysedLevels: 2,
    outsideMillilitres: 0,
    notAssessed: [{ part: 'slices', level: 'T12', count: 2 }, { part: 'posterior-elements' }],
  },
  provenance: {
    model: { id: 'm', name: 'DAE vertebrae', version: '1.2', sha256: 'ab'.repeat(32) },
    ...{ sampler: 'fast, 20 steps', threshold: 0.5, provider: 'webgpu' },
  },
  software: 'Spine 0.1.0',
  review: { automatic: 1, edited: 2, drawn: 0, confirmed: 1 },
};
const complete = Object.fromEntries(SINS_FIELDS.map(field => [field, sinsOptions(field)[0].answer])) as SinsAnswers;
const worksheets = {
  T12: { answers: complete, sectors: [1, 2] as const },
  L1: { answers: { pain: 'mechanical' } as const },
};
const prior: PriorComparison = {
  comparison: {
    changes: [
      {
        ...{ change: 'grown', level: 'T12', kind: 'lytic', priorMillilitres: 0.9, currentMillilitres: 1.808 },
        ...{ differenceMillilitres: 0.908, percent: 100.9 },
      },
    ],
    alignments: [],
    unaligned: [],
  },
  ...{ priorDate: '2025-03-10', currentDate: '2025-09-15', sameMethod: true, hasMasks: true },
};

test('English: findings, comparison, what a person set, how it was made, what was not assessed, limits', () => {
  const text = reportText({ result, worksheets, prior }, stringsFor('en'));
  for (const sentence of [
    'Lesion volume 1.81 ml in 1 vertebra of 2 analysed. This is 5.0 % of the analysed vertebral bodies.',
    'T12: lytic lesion of 1.81 ml, mean −12 HU (standard deviation 20).',
    'T12 lytic: grown, 0.90 to 1.81 ml (+101 %).',
    'Sclerosis can be healing',
    'T12: SINS 18 of 18, unstable (13–18).',
    'sectors 1, 2 (International Spine Radiosurgery Consortium), confirmed by a person.',
    `Spine 0.1.0; model DAE vertebrae 1.2 (SHA-256 ${'ab'.repeat(32)}), sampler fast, 20 steps, attribution threshold 0.5, run on webgpu.`,
    'Reviewer: 1 unchanged, 2 corrected, 0 drawn by hand; 1 confirmed as metastasis.',
    'Not assessed: T12: 2 sagittal slices left out; Posterior elements of every vertebra',
    'not a medical device',
  ]) {
    expect(text).toContain(sentence);
  }
  // A sheet without all fields has no sum, so it is not reported; no category of a guideline is ever named.
  expect(text).not.toContain('L1: SINS');
  expect(text).not.toMatch(/RECIST|MDA|bone scan|progressive disease|partial response/i);
});

test('German: the same facts with decimal commas', () => {
  const text = reportText({ result, worksheets, prior }, stringsFor('de'));
  expect(text).toContain('T12: lytische Läsion von 1,81 ml, Mittelwert −12 HU (Standardabweichung 20).');
  expect(text).toContain('Attributionsschwelle 0,5');
  expect(text).toContain('T12: SINS 18 von 18, instabil (13–18).');
  expect(text).not.toMatch(/\d\.\d+ (ml|%)/);
});

test('sectors that nobody confirmed are neither in the text nor in the table', () => {
  const unconfirmed = { T12: { answers: {} } };
  expect(reportText({ result, worksheets: unconfirmed }, stringsFor('en'))).not.toContain('sectors');
  expect(worksheetCsv(unconfirmed, 'n')).toContain('T12,,,,,,,,,,,,,,,"n"');
});

test('the table of worksheets: answers with points, sum, confirmed sectors', () => {
  const [header, t12, l1] = worksheetCsv(worksheets, 'Research "only"').split('\r\n');
  expect(header.split(',')).toHaveLength(t12.split(',').length);
  expect(t12).toMatch(
    /^T12,junctional,3,mechanical,3,lytic,2,subluxation,4,over50,3,bilateral,3,18,1 2,"Research ""only"""$/
  );
  expect(l1).toMatch(/^L1,,,mechanical,3,,,,,,,,,,,"/);
});
