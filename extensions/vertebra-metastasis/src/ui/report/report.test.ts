import type { SamplerRecord } from '../../core/provenance';
import { sinsOptions, SINS_FIELDS, type SinsAnswers } from '../../core/planning';
import type { BurdenResult, PriorComparison } from '../state/findings';
import { stringsFor } from '../strings';
import { reportText } from './reportText';
import { worksheetCsv } from './worksheetCsv';

const kind = (millilitres: number, mean: number) => ({
  voxels: 10,
  cubicMillimetres: 1000 * millilitres,
  millilitres,
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
    screenedLevels: [],
    outsideMillilitres: 0,
    notAssessed: [{ part: 'slices', level: 'T12', count: 2 }, { part: 'posterior-elements' }],
  },
  provenance: {
    model: { id: 'm', name: 'DAE vertebrae', version: '1.2', sha256: 'ab'.repeat(32) },
    sampler: { id: 'fast', inversionEvaluations: 10, renderEvaluations: 11 },
    threshold: 0.5,
    provider: 'webgpu',
    masks: [
      { level: 'T11', origin: 'search', corrected: false },
      { level: 'T12', origin: 'search', corrected: true },
      { level: 'L1', origin: 'click', corrected: false },
    ],
  },
  software: 'Spine 0.1.0',
  review: {
    automatic: 1,
    edited: 2,
    drawn: 0,
    confirmed: 1,
    decisions: {
      rules: { threshold: 0.5, minPixels: 5 },
      modelRules: [{ threshold: 0.5, minPixels: 5 }],
      rulesMoved: false,
      candidates: 12,
      kept: 7,
      levels: [
        {
          level: 'T12',
          reviewed: true,
          accepted: 3,
          merged: 1,
          drawn: ['lytic'],
          kindChanged: [{ to: 'blastic', regions: 1 }],
          rejected: [
            { reason: 'degenerative', regions: 1 },
            { reason: 'schmorl', regions: 2 },
          ],
        },
        { level: 'L1', reviewed: true, accepted: 0, merged: 0, drawn: [], kindChanged: [], rejected: [] },
      ],
    },
  },
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
        change: 'increased',
        level: 'T12',
        kind: 'lytic',
        priorMillilitres: 0.9,
        currentMillilitres: 1.808,
        differenceMillilitres: 0.908,
        percent: 100.9,
      },
    ],
    alignments: [],
    unaligned: [],
  },
  priorDate: '2025-03-10',
  currentDate: '2025-09-15',
  sameMethod: true,
  hasMasks: true,
};

test('English: findings, comparison, what a person set, how it was made, what was not assessed, limits', () => {
  const text = reportText({ result, worksheets, prior }, stringsFor('en'));
  for (const sentence of [
    'Lesion volume 1.81 ml in 1 vertebra of 2 analysed. This is 5.0 % of the analysed vertebral bodies.',
    'T12: lytic lesion volume 1.81 ml, mean −12 HU (standard deviation 20).',
    'T12 lytic: increased, 0.90 to 1.81 ml (+101 %).',
    'Sclerosis can be healing',
    'T12: SINS 18 of 18, unstable (13–18).',
    'sectors 1, 2 (International Spine Radiosurgery Consortium), confirmed by a person.',
    'Lesions take up 11.3 % of the analysed body of T12.',
    `Spine 0.1.0; model DAE vertebrae 1.2 (SHA-256 ${'ab'.repeat(32)}), sampler fast, 10 inversion and 11 render evaluations, run on webgpu.`,
    'Regions count above an attribution score of 0.5, the default of the model. The smallest region that counts has 5 pixels',
    'Masks of the vertebral bodies: found automatically T11, T12 (corrected by hand); by click L1.',
    'Reviewer: of the lesions 1 as computed, 2 decided on or corrected, 0 drawn by hand; 1 confirmed as metastasis.',
    'T12: 1 region rejected (degenerative), 2 regions rejected (Schmorl node), 3 regions accepted, 1 region reclassified as blastic, 1 lesion merged from several regions, lytic voxels drawn or erased by hand.',
    'Marked as reviewed: T12, L1.',
    'Not assessed: T12: 2 sagittal slices excluded from analysis; Posterior elements of every vertebra',
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
  expect(text).toContain('T12: Läsionsvolumen lytisch 1,81 ml, Mittelwert −12 HU (Standardabweichung 20).');
  expect(text).toContain('Attributionswert über 0,5, der Vorgabe des Modells');
  expect(text).toContain('Abtastung schnell, 10 Auswertungen für die Inversion und 11 für das Rendern');
  expect(text).toContain('automatisch gefunden T11, T12 (von Hand korrigiert); per Klick L1.');
  expect(text).toContain(
    'T12: 1 Region verworfen (degenerativ), 2 Regionen verworfen (Schmorl-Knoten), 3 Regionen angenommen'
  );
  expect(text).toContain('Als befundet markiert: T12, L1.');
  expect(text).toContain('T12: SINS 18 von 18, instabil (13–18).');
  expect(text).not.toMatch(/\d\.\d+ (ml|%)/);
});

test('the report says which regions were not scored and which twice, in its language', () => {
  const sampler = {
    id: 'fast',
    inversionEvaluations: 44,
    renderEvaluations: 28,
    notScoredBelow: 0.3,
    notScoredAbove: 0.9,
    rescoredWithin: 0.1,
  } as const;
  const skipping = { ...result, provenance: { ...result.provenance!, sampler } };
  expect(reportText({ result: skipping, worksheets: {} }, stringsFor('en'))).toContain(
    `sampler fast, 44 inversion and 28 render evaluations (regions first estimated below 0.3 not scored) (of regions first estimated above 0.9 that estimate is the score) (regions within 0.1 of the threshold scored a second time, more finely), run on`
  );
  expect(reportText({ result: skipping, worksheets: {} }, stringsFor('de'))).toMatch(
    /unter 0,3 nicht bewertet.*über 0,9 gilt.*bis 0,1 um die Schwelle ein zweites Mal/
  );
});

test('the report says that slices were judged with a screening network, in its language', () => {
  const sampler = { ...result.provenance!.sampler, screenedWithNetwork: true as const, leastKindLogit: -2.5 };
  const provenance = { ...result.provenance!, sampler: sampler as SamplerRecord };
  const said = (language: 'en' | 'de') =>
    reportText({ result: { ...result, provenance }, worksheets: {} }, stringsFor(language));
  expect(said('en')).toContain(
    'evaluations (slices judged with a screening network before they were searched) (regions excluded where the screening network’s logit for their kind is below -2.5)'
  );
  expect(said('de')).toContain(
    '(Schichten vor der Suche mit einem Sichtungsnetz beurteilt) (Regionen ausgeschlossen, wo der Logit des Sichtungsnetzes für ihre Art unter -2,5 liegt)'
  );
  expect(reportText({ result, worksheets: {} }, stringsFor('en'))).not.toContain('screening network');
});

test('another threshold stands beside the model’s own; words of another version are told as they are', () => {
  const changed = {
    ...result,
    provenance: {
      ...result.provenance!,
      threshold: 0.62,
      sampler: { words: 'slow, 3 steps' },
      masks: { words: 'made elsewhere' },
    },
    review: { ...result.review, decisions: { ...result.review.decisions, levels: [] } },
  };
  const text = reportText({ result: changed, worksheets: {} }, stringsFor('en'));
  for (const words of [
    'Regions count above an attribution score of 0.62, changed by the reviewer (default of the model: 0.5).',
    'sampler slow, 3 steps, run on',
    'made elsewhere.',
    'No region was accepted, rejected or changed by the reviewer.',
    'No vertebra is marked as reviewed.',
  ]) {
    expect(text).toContain(words);
  }
});

test('sectors that nobody confirmed are neither in the text nor in the table', () => {
  const unconfirmed = { T12: { answers: {} } };
  expect(reportText({ result, worksheets: unconfirmed }, stringsFor('en'))).not.toContain('sectors');
  expect(worksheetCsv(unconfirmed, () => 'n')).toContain('T12,,,,,,,,,,,,,,,n\r\n');
});

test('the table of worksheets: answers with points, sum, confirmed sectors', () => {
  const [header, t12, l1] = worksheetCsv(worksheets, () => 'Research "only"').split('\r\n');
  expect(header.split(',')).toHaveLength(t12.split(',').length);
  expect(t12).toMatch(
    /^T12,junctional,3,mechanical,3,lytic,2,subluxation,4,over50,3,bilateral,3,18,1 2,"Research ""only"""$/
  );
  expect(l1).toMatch(/^L1,,,mechanical,3,,,,,,,,,,,"/);
});
