/** Lesion burden by level and in total. */
import { checkSameGrid } from '../geometry';
import { labelMillilitres, measureLabels, reportedRegion, type RegionMeasurement } from '../study/measure';
import type { LesionKind } from '../types';
import { levelOrder } from '../vertebrae/levels';
import type { Burden, BurdenInput, KindBurden, LevelBurden, NotAssessed } from './types';

const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];

/**
 * Measures the lesions as `measureLesions` does for the files, so that panel and files agree.
 * @throws InputError grid-mismatch, bad-dimensions
 */
export function lesionBurden(input: BurdenInput): Burden {
  const levels = [...new Set([...analysedLevels(input), ...input.segments.map(({ level }) => level)])];
  levels.sort((a, b) => levelOrder(a) - levelOrder(b));
  const measured = measureGroups(input, ({ level, kind }) => 1 + 2 * levels.indexOf(level) + KINDS.indexOf(kind));
  const inBody = inBodyMillilitres(input);
  const rows = levels.map((level, n): LevelBurden => {
    const kinds = kindsOf(measured, 1 + 2 * n);
    const covered = input.vertebrae.filter(one => one.level === level && one.coverage);
    const analysed = sum(covered.map(({ coverage }) => coverage!.analysedMillilitres));
    return { level, ...kinds, ...share(inBody.byLevel?.get(level), covered.length > 0 ? analysed : undefined) };
  });
  const kinds = kindsOf(
    measureGroups(input, ({ kind }) => 1 + KINDS.indexOf(kind)),
    1
  );
  const known = rows.filter(({ analysedMillilitres }) => analysedMillilitres !== undefined);
  const analysed = sum(known.map(({ analysedMillilitres }) => analysedMillilitres ?? 0));
  const inAnalysed = inBody.byLevel && sum(known.map(({ level }) => inBody.byLevel?.get(level) ?? 0));
  return {
    levels: rows,
    total: { ...kinds, ...share(inAnalysed, known.length > 0 ? analysed : undefined) },
    affectedLevels: rows.filter(({ lytic, blastic }) => lytic || blastic).length,
    ...(known.length > 0 ? { analysedLevels: known.length } : {}),
    outsideMillilitres: inBody.outside,
    notAssessed: notAssessed(input),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function analysedLevels({ vertebrae }: BurdenInput): string[] {
  return vertebrae.flatMap(({ level, coverage }) => (coverage ? [level] : []));
}

/** Regions of lesions of one group (1..), whatever segments they are in. */
function measureGroups(
  { volume, lesions, segments, positionsMm }: BurdenInput,
  groupOf: (segment: BurdenInput['segments'][number]) => number
): Map<number, RegionMeasurement> {
  const target = new Uint8Array(256);
  for (const segment of segments) target[segment.index] = groupOf(segment);
  const labels = lesions.labels.map(label => target[label]);
  return measureLabels(volume, { ...lesions, labels }, positionsMm);
}

function kindsOf(
  measured: Map<number, RegionMeasurement>,
  first: number
): { lytic?: KindBurden; blastic?: KindBurden } {
  const found = KINDS.flatMap((kind, n) => {
    const region = measured.get(first + n);
    if (!region) return [];
    const { voxels, cubicMillimetres, millilitres, hu, huPercentiles } = reportedRegion(region);
    return [[kind, { voxels, cubicMillimetres, millilitres, hu, huPercentiles }] as const];
  });
  return Object.fromEntries(found);
}

function share(lesionMl: number | undefined, analysedMillilitres: number | undefined) {
  if (!analysedMillilitres) return {};
  if (lesionMl === undefined) return { analysedMillilitres };
  return { analysedMillilitres, percent: (100 * lesionMl) / analysedMillilitres };
}

/** Lesion volume inside the body masks by level; not known without masks. */
function inBodyMillilitres({ volume, lesions, segments, bodies, vertebrae, positionsMm }: BurdenInput) {
  if (!bodies) return { outside: 0 };
  const byLevel = new Map<string, number>(vertebrae.map(({ level }) => [level, 0]));
  checkSameGrid(volume, bodies);
  const used = new Set(segments.map(({ index }) => index));
  const places = new Map(vertebrae.map(({ label }, n) => [label, n + 1]));
  const OUTSIDE = vertebrae.length + 1;
  const labels = Uint16Array.from(lesions.labels, (label, n) =>
    used.has(label) ? (places.get(bodies.labels[n]) ?? OUTSIDE) : 0
  );
  const found = labelMillilitres({ ...lesions, labels }, positionsMm);
  for (const { label, level } of vertebrae) {
    byLevel.set(level, (byLevel.get(level) ?? 0) + (found.get(places.get(label)!) ?? 0));
  }
  return { byLevel, outside: found.get(OUTSIDE) ?? 0 };
}

function notAssessed({ vertebrae, segments }: BurdenInput): NotAssessed[] {
  const covered = vertebrae.some(({ coverage }) => coverage);
  const unknown: NotAssessed[] = !covered && segments.length > 0 ? [{ part: 'unknown-coverage' }] : [];
  const left = vertebrae.flatMap(({ level, coverage, reason }): NotAssessed[] => {
    if (!coverage) return covered || reason ? [{ part: 'vertebra', level, reason }] : [];
    const { skippedSlices, notAnalysedMillilitres } = coverage;
    return [
      ...(skippedSlices > 0 ? [{ part: 'slices' as const, level, count: skippedSlices }] : []),
      ...(notAnalysedMillilitres > 0
        ? [{ part: 'body-part' as const, level, millilitres: notAnalysedMillilitres }]
        : []),
    ];
  });
  return [...unknown, ...left, { part: 'posterior-elements' }];
}
