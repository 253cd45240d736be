/** What became of each lesion between two studies. */
import { type LabelExtent, labelExtents, labelOffsets } from '../geometry';
import { labelMillilitres } from '../study/measure';
import type { LesionKind, VertebraLevel } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { alignBodies, MAX_MEAN_DISTANCE_MM } from './align';
import { focusCounts, matchLesions, type Pair } from './match';
import type { Change, Comparison, LesionChange, LevelAlignment, PlacedLesions, StudyLesions } from './types';

/**
 * A volume within 20 % or 0.1 ml of the prior one counts as stable: a shift of the border by a third of a voxel changes a lesion
 * of 1 ml by about as much. A convention of this software, not a response criterion.
 */
export const STABLE_PERCENT = 20;
export const STABLE_MILLILITRES = 0.1;

const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];

/**
 * Matches lesions by TrackingUID, else by overlap after a rigid alignment of their vertebra, else (without body masks) by level and
 * kind, and compares their volumes.
 * @param known alignments made before, as `levelAligner` makes them: they depend on the bodies alone
 * @throws InputError 'unknown-level'
 */
export function compareStudies(
  current: StudyLesions,
  prior: StudyLesions,
  known?: readonly LevelAlignment[]
): Comparison {
  const levels = lesionLevels(current, prior);
  const align = known ? undefined : levelAligner(current, prior);
  const alignments = known ?? levels.flatMap(level => align?.(level) ?? []);
  const placed = [current, prior].map(study => ({ ...study, offsets: labelOffsets(study.labelmap) }));
  const pairs = matchLesions(placed[0], placed[1], alignments);
  const volumes = [current, prior].map(study => labelMillilitres(study.labelmap, study.positionsMm));
  const changes = pairs.map(pair => lesionChange(pair, placed[0], placed[1], volumes, alignments));
  changes.sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const unaligned = levels.filter(level => !alignments.some(one => one.level === level));
  return { changes, alignments, unaligned };
}

/** Levels with a lesion in either study, from head to pelvis: those whose bodies are to be aligned. */
export function lesionLevels(...studies: readonly Pick<StudyLesions, 'segments'>[]): VertebraLevel[] {
  const levels = new Set(studies.flatMap(({ segments }) => segments.map(({ level }) => level)));
  return [...levels].sort((a, b) => levelOrder(a) - levelOrder(b));
}

/** New, gone, grown, shrunk or stable. @param priorMl 0: there was none @param currentMl 0: there is none */
export function changeOf(priorMl: number, currentMl: number): Change {
  if (priorMl === 0) return 'new';
  if (currentMl === 0) return 'gone';
  const difference = currentMl - priorMl;
  if (Math.abs(difference) <= STABLE_MILLILITRES || Math.abs(difference) <= (STABLE_PERCENT / 100) * priorMl) {
    return 'stable';
  }
  return difference > 0 ? 'grown' : 'shrunk';
}

/** Aligns one level at a time, so that the caller can breathe in between; undefined where that is not possible. */
export function levelAligner(
  current: StudyLesions,
  prior: StudyLesions
): (level: VertebraLevel) => LevelAlignment | undefined {
  const [now, before] = [bodiesByLevel(current), bodiesByLevel(prior)];
  return level => {
    const [moving, fixed] = [now.get(level), before.get(level)];
    if (!moving || !fixed || !current.bodies || !prior.bodies) return undefined;
    const { transform, meanDistanceMm } = alignBodies(
      { labelmap: current.bodies, extent: moving },
      { labelmap: prior.bodies, extent: fixed }
    );
    return meanDistanceMm <= MAX_MEAN_DISTANCE_MM
      ? { level, centreLps: moving.centreLps, transform, meanDistanceMm }
      : undefined;
  };
}

function bodiesByLevel({ bodies, extents: known, vertebrae }: StudyLesions): Map<VertebraLevel, LabelExtent> {
  const extents = known ?? (bodies ? labelExtents(bodies) : new Map<number, LabelExtent>());
  return new Map(
    vertebrae.flatMap(({ label, level }) => {
      const extent = extents.get(label);
      return extent ? [[level, extent] as const] : [];
    })
  );
}

function lesionChange(
  pair: Pair,
  current: PlacedLesions,
  prior: PlacedLesions,
  [now, before]: readonly Map<number, number>[],
  alignments: readonly LevelAlignment[]
): LesionChange {
  const lesion = (pair.current ?? pair.prior)!;
  const round = (value: number) => Number(value.toFixed(6));
  const currentMillilitres = round(pair.current ? (now.get(pair.current.index) ?? 0) : 0);
  const priorMillilitres = round(pair.prior ? (before.get(pair.prior.index) ?? 0) : 0);
  const difference = round(currentMillilitres - priorMillilitres);
  const other = pair.current ? prior : current;
  const comparable = Boolean(pair.current && pair.prior) || (other.analysedLevels?.includes(lesion.level) ?? true);
  const counts = focusCounts(pair, current, prior, alignments);
  return {
    change: comparable ? changeOf(priorMillilitres, currentMillilitres) : 'not-comparable',
    ...{ level: lesion.level, kind: lesion.kind, currentMillilitres, priorMillilitres },
    ...(pair.current && pair.prior && pair.prior.kind !== pair.current.kind ? { priorKind: pair.prior.kind } : {}),
    ...(pair.current ? { currentIndex: pair.current.index } : {}),
    ...(pair.prior ? { priorIndex: pair.prior.index } : {}),
    differenceMillilitres: difference,
    ...(priorMillilitres > 0 ? { percent: (100 * difference) / priorMillilitres } : {}),
    ...(pair.matchedBy ? { matchedBy: pair.matchedBy } : {}),
    ...counts,
  };
}
