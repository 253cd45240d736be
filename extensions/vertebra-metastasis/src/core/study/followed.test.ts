import { isKept } from '../method';
import { candidate, LABELS, METHOD, scriptedEngine, spine, square } from '../testing/study';
import type { ScoredCandidate, SliceAttribution } from '../types';
import { analyseVertebra } from './analyse';
import type { SliceEngine } from './engine';
import { followLesions, onlyContinuing } from './followed';
import type { Progress, StudyOptions } from './types';

const RULE = { sliceMm: 0.8, attributionThreshold: 0.5, minPixels: 5 };
interface Slice extends SliceAttribution {
  readonly offsetMm: number;
}
const place = (n: number) => ({ offsetMm: n * 0.8 });
const lesion = (rows = 0, score = 0.9) => candidate(0, 'lytic', square(2, rows), score);
const EVEN = new Float32Array(4096).fill(0.2);
let EMPTY: SliceAttribution;
beforeAll(async () => {
  const [patch, body] = [new Float32Array(4096), new Uint8Array(4096).fill(1)];
  EMPTY = { ...(await scriptedEngine([]).attributeSlice(patch, body, METHOD, {})), differenceMap: EVEN };
});
const searched = (n: number, ...candidates: ScoredCandidate[]): Slice => ({
  ...EMPTY,
  ...place(n),
  candidates,
});

/** Healthy slices hold what `shows` says; slices are settled as they are. */
async function follow(start: readonly Slice[], healthy: readonly number[], shows: (n: number) => ScoredCandidate[]) {
  const asked: number[] = [];
  const told: number[] = [];
  const outcome = await followLesions(
    start,
    healthy.map(place),
    {
      settle: some => some,
      found: slice => slice,
      replaced: (slice, attribution) => ({ ...slice, ...attribution }),
      onSlices: count => told.push(count),
      search: async ({ offsetMm }) => {
        const n = Math.round(offsetMm / 0.8);
        asked.push(n);
        return searched(n, ...shows(n));
      },
    },
    RULE
  );
  const numbers = (some: readonly { readonly offsetMm: number }[]) => some.map(one => Math.round(one.offsetMm / 0.8));
  const counts = (one: ScoredCandidate) => isKept(one, RULE.attributionThreshold, RULE.minPixels);
  const counting = outcome.searched.filter(({ candidates }) => candidates.some(counts));
  return {
    asked,
    told,
    searched: numbers(outcome.searched),
    healthy: numbers(outcome.healthy),
    counting: numbers(counting),
  };
}

it('goes on to both sides until a slice shows no region that counts', async () => {
  const found = await follow([searched(5, lesion())], [2, 3, 4, 6, 7], n => (n === 4 ? [lesion()] : []));
  expect(found).toMatchObject({ asked: [4, 6, 3], told: [2, 1], searched: [3, 4, 5, 6], healthy: [2, 7] });
});

it.each([
  ['no region', []],
  ['one below the threshold', [lesion(0, 0.4)]],
  ['one that was left out', [{ ...lesion(), leftOut: 'isolated' as const }]],
])('asks for nothing beside a slice with %s, nor across a gap', async (_, candidates) => {
  expect((await follow([searched(5, ...candidates)], [4, 6], () => [lesion()])).asked).toEqual([]);
  expect((await follow([searched(5, lesion())], [3, 7], () => [lesion()])).asked).toEqual([]);
});

it('a region that screening sees no sign of counts in a searched slice where it continues one that counts', async () => {
  const unsupported = (rows = 0) => ({ ...lesion(rows), leftOut: 'unsupported' as const });
  const start = [
    searched(3, unsupported()),
    searched(5, lesion()),
    searched(6, unsupported()),
    searched(7, unsupported(), unsupported(9)),
    searched(8, { ...lesion(), leftOut: 'faint' as const }),
    searched(9, unsupported()),
  ];
  const found = await follow(start, [4], () => []);
  expect(found).toMatchObject({ asked: [4], counting: [5, 6, 7] });
  expect(start[2].candidates[0].leftOut).toBe('unsupported');
});

it('in a slice called healthy only what continues a region of its kind counts', async () => {
  const others = [lesion(), lesion(6), candidate(0, 'blastic', square(2), 0.9)];
  const engine = scriptedEngine(others.map((one, id) => ({ ...one, id })));
  const attribution: SliceAttribution = await engine.attributeSlice(
    new Float32Array(4096),
    new Uint8Array(4096).fill(1),
    METHOD,
    {}
  );
  const edited: SliceAttribution = { ...attribution, differenceMap: EVEN };
  const continued = (rows = 0, strength = 0.3) => [{ ...lesion(rows), strength }];
  const { candidates, lyticMask, blasticMask } = onlyContinuing(edited, continued(), METHOD);
  expect(candidates.map(({ leftOut }) => leftOut)).toEqual([undefined, 'unsupported', 'unsupported']);
  expect([lyticMask, blasticMask].map(mask => mask.reduce((sum, inside) => sum + inside, 0))).toEqual([
    others[0].pixelCount,
    0,
  ]);
  // Touching is enough.
  const [touching] = onlyContinuing(edited, continued(5), METHOD).candidates;
  expect(touching.leftOut).toBeUndefined();
  // Of a lesion of which the edit took out more than twice as much elsewhere this is beyond the end.
  const [faint] = onlyContinuing(edited, continued(0, 0.41), METHOD).candidates;
  expect(faint.leftOut).toBe('unsupported');
});

it('a lesion is followed into slices that screening calls healthy, where the method asks for that', async () => {
  const found = scriptedEngine([candidate(0, 'lytic', square(3), 0.9)]);
  const empty = scriptedEngine([]);
  let asked = 0;
  const engine: SliceEngine = {
    ...empty,
    // Two slices in the middle look malignant.
    screenSlices: async (_, count) =>
      Float64Array.from({ length: count }, (__, n) => (n === 14 || n === 15 ? 0.9 : 0.1)),
    // The lesion: these two, two to the left and one to the right.
    attributeSlice: (...slice) => (++asked <= 5 ? found : empty).attributeSlice(...slice),
  };
  const analysed = (followLesions: boolean, onProgress?: StudyOptions['onProgress']) => {
    asked = 0;
    const method = { ...METHOD, followLesions };
    return analyseVertebra(
      engine,
      spine(),
      { level: 'T12', label: LABELS.T12 },
      { slices: 'all', method, screenBelow: 0.5, onProgress }
    );
  };
  const plain = await analysed(false);
  expect(plain.slices).toHaveLength(2);
  const progress: Progress[] = [];
  const { slices, screenedSlices } = await analysed(true, at => void progress.push(at));
  const known = plain.slices.length + plain.screenedSlices.length;
  expect(slices.length + screenedSlices.length).toBe(known);
  const shown = slices.map(({ attribution }) => attribution.lyticMask.includes(1));
  expect(shown.filter(Boolean)).toHaveLength(5);
  expect(slices.map(({ offsetMm }) => offsetMm)).toEqual(
    slices.map((_, n) => expect.closeTo(slices[0].offsetMm + 0.8 * n, 6))
  );
  // The first and the last one searched end it.
  expect([shown[0], shown[shown.length - 1]]).toEqual([false, false]);
  const end = progress[progress.length - 1];
  expect(end.evaluationsPlanned).toBe(end.evaluationsDone);
  expect(end.sliceCount).toBe(slices.length);
});
