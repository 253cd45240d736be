/** The states of Burden, Prior and Report; the fullest ones with a whole spine of lesions. */
import type { LevelBurden } from '@spine/core/burden';
import { levelPlans, type Sector, type SinsAnswers, sinsLocation } from '@spine/core/planning';
import { changeOf, type LesionChange } from '@spine/core/prior';
import type { LesionKind } from '@spine/core/types';
import { levelOrder } from '@spine/core/vertebrae/levels';
import type { PanelState } from '../../../extensions/vertebra-metastasis/src/ui';
import type { BurdenResult, Prior } from '../../../extensions/vertebra-metastasis/src/ui/state/findings';
import shipped from '../../../models/default/manifest.json';
import { BODIES, entryOf } from './data';
import { READY } from './states';

const EDGE = { code: 'body-at-edge', params: { label: 25 } } as const;
const kind = (millilitres: number, mean: number) => ({
  voxels: Math.round(1600 * millilitres),
  cubicMillimetres: 1000 * millilitres,
  millilitres,
  hu: { mean, standardDeviation: 45, minimum: mean - 160, maximum: mean + 210, median: mean - 6 },
  huPercentiles: { p10: mean - 62, p90: mean + 71 },
});
type Volumes = Pick<LevelBurden, 'lytic' | 'blastic'>;
const percent = ({ lytic, blastic }: Volumes, of: number) =>
  (100 * ((lytic?.millilitres ?? 0) + (blastic?.millilitres ?? 0))) / of;
/** L6 is cut. Every third level lytic, every fourth blastic, some both. */
const levels: readonly LevelBurden[] = BODIES.slice(0, -1).map(({ level }, n) => {
  const volumes = {
    ...(n % 3 === 0 ? { lytic: kind(0.2 + 0.31 * n, 60 - 4 * n) } : {}),
    ...(n % 4 === 0 ? { blastic: kind(0.1 + 0.27 * n, 590 + n) } : {}),
  };
  const analysedMillilitres = 8 + n;
  return { level, ...volumes, analysedMillilitres, percent: percent(volumes, analysedMillilitres) };
});
const withLesion = (list: readonly LevelBurden[]) => list.filter(({ lytic, blastic }) => lytic || blastic);
const affected = withLesion(levels);

/** What these levels hold, and what is not assessed. */
function burdenOf(list: readonly LevelBurden[]): BurdenResult['burden'] {
  const sum = (of: (level: LevelBurden) => number) => list.reduce((all, level) => all + of(level), 0);
  const [lytic, blastic] = [sum(one => one.lytic?.millilitres ?? 0), sum(one => one.blastic?.millilitres ?? 0)];
  const volumes = { lytic: kind(lytic, 12), blastic: kind(blastic, 602) };
  const analysedMillilitres = sum(one => one.analysedMillilitres ?? 0);
  return {
    levels: list,
    total: { ...volumes, analysedMillilitres, percent: percent(volumes, analysedMillilitres) },
    affectedLevels: withLesion(list).length,
    analysedLevels: list.length,
    screenedLevels: [],
    outsideMillilitres: 0.34,
    notAssessed: [
      { part: 'slices', level: 'T4', count: 2 },
      { part: 'body-part', level: 'T6', millilitres: 0.42 },
      { part: 'vertebra', level: 'L6', reason: EDGE },
      { part: 'posterior-elements' },
    ],
  };
}
const value: BurdenResult = {
  burden: burdenOf(levels),
  provenance: {
    model: { id: 'default', name: shipped.name, version: shipped.version, sha256: '4f1c'.repeat(16) },
    sampler: { id: 'fast', inversionEvaluations: 10, renderEvaluations: 11 },
    threshold: 0.62,
    provider: 'webgpu',
    masks: [
      { level: 'T4', origin: 'search', corrected: true },
      { level: 'L1', origin: 'click', corrected: false },
    ],
  },
  software: 'Spine Oncology 0.1.0',
  review: {
    automatic: 10,
    edited: 3,
    drawn: 1,
    confirmed: 2,
    decisions: {
      rules: { threshold: 0.62, minPixels: 12 },
      modelRules: [{ threshold: 0.5, minPixels: 5 }],
      rulesMoved: true,
      candidates: 84,
      kept: 31,
      levels: [
        {
          level: 'T4',
          reviewed: true,
          accepted: 3,
          merged: 1,
          drawn: ['lytic'],
          kindChanged: [],
          rejected: [
            { reason: 'degenerative', regions: 2 },
            { reason: 'schmorl', regions: 1 },
          ],
        },
      ],
    },
  },
};
const vertebrae: PanelState['vertebrae'] = {
  ...READY.vertebrae,
  reading: {
    status: 'ready',
    value: BODIES.map(({ label, level }) =>
      entryOf(label, level, level === 'L6' ? { problem: EDGE, included: false } : {})
    ),
  },
};
const measured: PanelState = { ...READY, vertebrae, burden: { status: 'ready', value } };
/** The thirteenth of the 23 vertebrae is at work. */
const UNFINISHED = levels.slice(0, 12);
const progress = {
  evaluationsDone: 21400,
  evaluationsPlanned: 42100,
  slicesScreened: 390,
  slicesPlanned: 690,
  label: 14,
  level: 'T7',
  slice: 2,
  lastSlice: 2,
  sliceCount: 11,
  vertebra: 13,
  vertebraCount: 23,
  secondsLeft: 1630,
};

const lesions = { dims: [1, 1, 1] as const, indexToLps: new Float64Array(16), labels: new Uint8Array(1) };
const neighbours = (level: string) => {
  const at = levels.findIndex(one => one.level === level);
  return [levels[at - 1], levels[at + 1]].flatMap(one => one?.level ?? []);
};
const plans = levelPlans({ bodies: undefined, lesions, vertebrae: [], affected }).map(plan => ({
  ...plan,
  proposed: { ...plan.proposed, location: sinsLocation(plan.level)!, alignment: 'deformity', collapse: 'under50' },
  collapse: {
    lossPercent: 30.3,
    at: 'anterior',
    heightMm: 15.9,
    expectedMm: 22.8,
    comparedWith: neighbours(plan.level),
  },
  alignment: { stepMm: 3.3, stepTo: neighbours(plan.level).at(-1), wedgeDegrees: 12, neighboursWedgeDegrees: -1 },
  sectors: {
    pattern: 'left',
    sectors: [1, 2],
    leftPercent: 83,
    lesionPercent: levels.find(({ level }) => level === plan.level)?.percent,
  },
})) as unknown as NonNullable<PanelState['planning']['plans']>;
const report: PanelState = { ...measured, planning: { plans, worksheets: {} } };
const answers: SinsAnswers = {
  location: 'junctional',
  pain: 'mechanical',
  lesion: 'lytic',
  alignment: 'subluxation',
  collapse: 'over50',
  posterolateral: 'bilateral',
};
const sectors: readonly Sector[] = [1, 2, 3];

/** The volume before over the one now, in turn. */
const BEFORE = [0.65, 0, 0.95, 1.7];
/** The earlier study did not look there. */
const NOT_ANALYSED = ['C6', 'T11'];
/** Nothing could be laid upon each other there. */
const UNALIGNED = ['C5', 'L4'];

function changeAt(level: string, of: LesionKind, now: number, before: number | undefined): LesionChange {
  const change = before === undefined ? 'not-comparable' : changeOf(before, now);
  const [prior, both] = [before ?? 0, now > 0 && (before ?? 0) > 0];
  return {
    change,
    level,
    kind: of,
    priorMillilitres: prior,
    currentMillilitres: now,
    differenceMillilitres: now - prior,
    ...(prior > 0 ? { percent: (100 * (now - prior)) / prior } : {}),
    ...(both ? { matchedBy: UNALIGNED.includes(level) ? 'level' : 'overlap' } : {}),
  };
}

/** The lesions of the burden above, with what the earlier study has of them. */
const present = affected.flatMap(({ level, lytic, blastic }) => [
  ...(lytic ? [{ level, of: 'lytic' as const, now: lytic.millilitres }] : []),
  ...(blastic ? [{ level, of: 'blastic' as const, now: blastic.millilitres }] : []),
]);
const matched = present
  .filter(({ level }) => !NOT_ANALYSED.includes(level))
  .map(({ level, of, now }, n): LesionChange => {
    const change = changeAt(level, of, now, BEFORE[n % BEFORE.length] * now);
    if (level === 'T3') return { ...change, atLeast: true };
    return level === 'L3' ? { ...change, priorKind: 'lytic' } : change;
  });
const changes = [
  ...matched,
  ...present
    .filter(({ level }) => NOT_ANALYSED.includes(level))
    .map(({ level, of, now }) => changeAt(level, of, now, undefined)),
  ...[changeAt('T2', 'lytic', 0, 0.8), changeAt('L4', 'blastic', 0, 1.3)],
  // Where one study only screened.
  { ...changeAt('L5', 'blastic', 0.7, 0), change: 'marked-now' as const, priorLevel: 'L6' },
  { ...changeAt('S1', 'lytic', 0, 0.9), change: 'marked-before' as const, percent: undefined },
].sort((a, b) => levelOrder(a.level) - levelOrder(b.level));
const found: Prior = {
  search: { status: 'ready', value: undefined },
  choices: [
    { id: 'a', label: '2025-03-10 CT thorax abdomen with contrast, portal venous phase' },
    { id: 'b', label: '2024-11-02 CT spine' },
  ],
  selected: 'a',
  shown: false,
  comparison: { status: 'loading', done: 7, total: 23 },
};
const compared: Prior = {
  ...found,
  comparison: {
    status: 'ready',
    value: {
      comparison: { changes, alignments: [], unaligned: UNALIGNED },
      priorDate: '2025-03-10',
      currentDate: '2025-09-15',
      sameMethod: false,
      hasMasks: true,
    },
  },
};
const missing = { code: 'image-missing', params: { uid: '1.2.3', reason: 'HTTP 503' } } as const;

/** By name; the names are those of the pictures. */
export const FINDINGS_STATES: Readonly<Record<string, PanelState>> = {
  'burden-many': { ...measured, tab: 'burden' },
  'burden-unfinished': {
    ...measured,
    tab: 'burden',
    run: { status: 'running', progress },
    burden: { status: 'ready', value: { ...value, burden: burdenOf(UNFINISHED) } },
  },
  'burden-failed': { ...READY, tab: 'burden', burden: { status: 'error', problem: missing } },
  'prior-aligning': { ...measured, tab: 'prior', prior: found },
  'prior-many': { ...measured, tab: 'prior', prior: compared },
  'prior-not-compared': {
    ...measured,
    tab: 'prior',
    prior: { ...found, comparison: { status: 'error', problem: missing } },
  },
  'report-open': { ...report, tab: 'report' },
  'report-set': {
    ...report,
    tab: 'report',
    prior: compared,
    planning: { plans, worksheets: { [plans[0].level]: { answers, sectors } } },
  },
};
