/** Lesion burden by level and in total. */
import { LESION_3D_KINDS } from '../kinds';
import { checkSameGrid, labelOffsets } from '../geometry';
import { regionMeasurer, reportedRegion, voxelMillilitresBySlice } from '../study/measure';
import type { Lesion3dKind } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { hasLesion } from './types';
import type { Burden, BurdenInput, KindBurden, LevelBurden, NotAssessed } from './types';

type Segment = BurdenInput['segments'][number];

/**
 * Measures the lesions as `measureLesions` does for the files, so that panel and files agree. Only voxels of lesions are visited after one
 * pass over the CT, which can have a hundred and fifty million.
 * @throws InputError grid-mismatch, bad-dimensions
 */
export function lesionBurden(input: BurdenInput): Burden {
  checkSameGrid(input.volume, input.lesions);
  const levels = [...new Set([...analysedLevels(input), ...input.segments.map(({ level }) => level)])];
  levels.sort((a, b) => levelOrder(a) - levelOrder(b));
  const offsets = labelOffsets(input.lesions);
  const measured = regionMeasurer(input.volume, input.positionsMm);
  const kinds = (wanted: (segment: Segment) => boolean) => kindsOf(input.segments.filter(wanted), offsets, measured);
  const inBody = inBodyMillilitres(input, offsets);
  const rows = levels.map((level): LevelBurden => {
    const covered = input.vertebrae.filter(one => one.level === level && one.coverage);
    const analysed = sum(covered.map(({ coverage }) => coverage!.analysedMillilitres));
    return {
      level,
      ...kinds(segment => segment.level === level),
      ...share(inBody.byLevel?.get(level), covered.length > 0 ? analysed : undefined),
    };
  });
  const known = rows.filter(({ analysedMillilitres }) => analysedMillilitres !== undefined);
  const analysed = sum(known.map(({ analysedMillilitres }) => analysedMillilitres ?? 0));
  const inAnalysed = inBody.byLevel && sum(known.map(({ level }) => inBody.byLevel?.get(level) ?? 0));
  return {
    levels: rows,
    total: { ...kinds(() => true), ...share(inAnalysed, known.length > 0 ? analysed : undefined) },
    affectedLevels: rows.filter(hasLesion).length,
    ...(known.length > 0 ? { analysedLevels: known.length } : {}),
    outsideMillilitres: inBody.outside,
    notAssessed: notAssessed(input),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function analysedLevels({ vertebrae }: BurdenInput): string[] {
  return vertebrae.flatMap(({ level, coverage }) => (coverage ? [level] : []));
}

/** The segments' voxels by kind, measured together. */
function kindsOf(
  segments: readonly Segment[],
  offsets: ReadonlyMap<number, readonly number[]>,
  measured: ReturnType<typeof regionMeasurer>
): Partial<Record<Lesion3dKind, KindBurden>> {
  const found = LESION_3D_KINDS.flatMap(kind => {
    const lists = segments.flatMap(one => (one.kind === kind ? [offsets.get(one.index) ?? []] : []));
    const all = lists.length === 1 ? lists[0] : lists.flat().sort((a, b) => a - b);
    if (all.length === 0) return [];
    const { voxels, cubicMillimetres, millilitres, hu, huPercentiles } = reportedRegion(measured(all));
    const bound = segments.some(one => one.kind === kind && one.atLeast) ? { atLeast: true as const } : {};
    return [[kind, { voxels, cubicMillimetres, millilitres, hu, huPercentiles, ...bound }] as const];
  });
  return Object.fromEntries(found);
}

function share(lesionMl: number | undefined, analysedMillilitres: number | undefined) {
  if (!analysedMillilitres) return {};
  if (lesionMl === undefined) return { analysedMillilitres };
  return { analysedMillilitres, percent: (100 * lesionMl) / analysedMillilitres };
}

/** Lesion volume inside the body masks by level; not known without masks. */
function inBodyMillilitres(
  { volume, segments, bodies, vertebrae, positionsMm }: BurdenInput,
  offsets: ReadonlyMap<number, readonly number[]>
) {
  if (!bodies) return { outside: 0 };
  checkSameGrid(volume, bodies);
  const byLevel = new Map<string, number>(vertebrae.map(({ level }) => [level, 0]));
  const levelOf = new Map(vertebrae.map(({ label, level }) => [label, level]));
  const perVoxel = voxelMillilitresBySlice(volume, positionsMm);
  const size = volume.dims[0] * volume.dims[1];
  let outside = 0;
  for (const { index } of segments) {
    for (const at of offsets.get(index) ?? []) {
      const level = levelOf.get(bodies.labels[at]);
      const millilitres = perVoxel[Math.floor(at / size)];
      if (level === undefined) outside += millilitres;
      else byLevel.set(level, byLevel.get(level)! + millilitres);
    }
  }
  return { byLevel, outside };
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
