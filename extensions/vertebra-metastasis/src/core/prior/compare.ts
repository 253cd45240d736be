/** What became of each lesion between two studies. */
import { type LabelExtent, labelExtents } from '../geometry';
import { labelMillilitres } from '../study/measure';
import type { LesionKind, VertebraLevel } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { alignBodies, MAX_MEAN_DISTANCE_MM } from './align';
import { focusCounts, matchLesions, type Pair } from './match';
import type { Change, Comparison, LesionChange, LevelAlignment, StudyLesions } from './types';

/**
 * A volume within 20 % or 0.1 ml of the prior one counts as stable: a shift of the border by a third of a voxel changes a lesion
 * of 1 ml by about as much. A convention of this software, not a response criterion.
 */
export const STABLE_PERCENT = 20;
export const STABLE_MILLILITRES = 0.1;

const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];

/**
 * Matches lesions by TrackingUID, else by overlap after a rigid alignment of their vertebra, else (without body masks) by level and
 * kind, and compares their volumes. @throws InputError 'unknown-level'
 */
export function compareStudies(current: StudyLesions, prior: StudyLesions): Comparison {
  const levels = [...new Set([...current.segments, ...prior.segments].map(({ level }) => level))];
  const alignments = alignLevels(current, prior, levels);
  const pairs = matchLesions(current, prior, alignments);
  const volumes = [current, prior].map(study => labelMillilitres(study.labelmap, study.positionsMm));
  const changes = pairs.map(pair => lesionChange(pair, current, prior, volumes, alignments));
  changes.sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const unaligned = levels.filter(level => !alignments.some(one => one.level === level));
  return { changes, alignments, unaligned: unaligned.sort((a, b) => levelOrder(a) - levelOrder(b)) };
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

/** Every body that both studies have masks of, for the given levels. */
function alignLevels(
  current: StudyLesions,
  prior: StudyLesions,
  levels: readonly VertebraLevel[]
): readonly LevelAlignment[] {
  if (!current.bodies || !prior.bodies) return [];
  const [now, before] = [bodiesByLevel(current), bodiesByLevel(prior)];
  return levels.flatMap(level => {
    const [moving, fixed] = [now.get(level), before.get(level)];
    if (!moving || !fixed) return [];
    const { transform, meanDistanceMm } = alignBodies(
      { labelmap: current.bodies!, extent: moving },
      { labelmap: prior.bodies!, extent: fixed }
    );
    return meanDistanceMm <= MAX_MEAN_DISTANCE_MM
      ? [{ level, centreLps: moving.centreLps, transform, meanDistanceMm }]
      : [];
  });
}

function bodiesByLevel({ bodies, vertebrae }: StudyLesions): Map<VertebraLevel, LabelExtent> {
  const extents = bodies ? labelExtents(bodies) : new Map<number, LabelExtent>();
  return new Map(
    vertebrae.flatMap(({ label, level }) => {
      const extent = extents.get(label);
      return extent ? [[level, extent] as const] : [];
    })
  );
}

function lesionChange(
  pair: Pair,
  current: StudyLesions,
  prior: StudyLesions,
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
