/** Lesion burden by level and in total. */
import { LESION_3D_KINDS } from '../kinds';
import { checkSameGrid, labelOffsets } from '../geometry';
import { regionMeasurer, reportedRegion, voxelMillilitresBySlice } from '../study/measure';
import type { Lesion3dKind } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { isOnlyScreened } from './coverage';
import { notAssessedParts } from './notAssessed';
import { hasLesion } from './types';
import type { Burden, BurdenInput, KindBurden, LevelBurden } from './types';

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
    screenedLevels: levels.filter(level => {
      const own = input.vertebrae.flatMap(one => (one.level === level && one.coverage ? [one.coverage] : []));
      return own.length > 0 && own.every(isOnlyScreened);
    }),
    outsideMillilitres: inBody.outside,
    notAssessed: notAssessedParts(input.vertebrae, input.segments.length > 0),
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

/** A record that does not say which voxels were analysed can leave more lesion than body: then the share is not known. */
function share(lesionMl: number | undefined, analysedMillilitres: number | undefined) {
  if (!analysedMillilitres) return {};
  if (lesionMl === undefined || lesionMl > 1.001 * analysedMillilitres) return { analysedMillilitres };
  return { analysedMillilitres, percent: (100 * lesionMl) / analysedMillilitres };
}

/** Lesion volume inside the analysed part of the body masks by level; not known without masks. */
function inBodyMillilitres(
  { volume, segments, bodies, vertebrae, positionsMm }: BurdenInput,
  offsets: ReadonlyMap<number, readonly number[]>
) {
  if (!bodies) return { outside: 0 };
  checkSameGrid(volume, bodies);
  const byLevel = new Map<string, number>(vertebrae.map(({ level }) => [level, 0]));
  const vertebraOf = new Map(vertebrae.map(vertebra => [vertebra.label, vertebra]));
  // Where no record says what was analysed, what lies in a mask is inside.
  const told = vertebrae.some(({ coverage }) => coverage);
  const perVoxel = voxelMillilitresBySlice(volume, positionsMm);
  const size = volume.dims[0] * volume.dims[1];
  let outside = 0;
  for (const { index } of segments) {
    for (const at of offsets.get(index) ?? []) {
      const vertebra = vertebraOf.get(bodies.labels[at]);
      const millilitres = perVoxel[Math.floor(at / size)];
      if (!vertebra || (told && !vertebra.coverage) || vertebra.notAnalysed?.has(at)) outside += millilitres;
      else byLevel.set(vertebra.level, byLevel.get(vertebra.level)! + millilitres);
    }
  }
  return { byLevel, outside };
}
