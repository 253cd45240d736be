/** What became of each lesion between two studies. */
import { LESION_3D_KINDS } from '../kinds';
import { invert, type LabelExtent, labelExtents } from '../geometry';
import type { Lesion3dKind, VertebraLevel } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { alignBodies, MAX_MEAN_DISTANCE_MM } from './align';
import { type CommonPart, commonPart, isPartlySearched, knowsSearch } from './common';
import { placeLesions, type PlacedStudy } from './lesions';
import { matchLesions, type Pair } from './match';
import {
  type Change,
  type Comparison,
  isCompared,
  type LesionChange,
  type LevelAlignment,
  type PriorLesion,
  type StudyLesions,
} from './types';

/**
 * A volume within 20 % or 0.1 ml of the prior one counts as stable: a shift of the border by a third of a voxel changes a lesion
 * of 1 ml by about as much. A convention of this software, not a response criterion.
 */
export const STABLE_PERCENT = 20;
export const STABLE_MILLILITRES = 0.1;

/**
 * Matches lesions (not kinds) by TrackingUID, else by overlap after a rigid alignment of their vertebra, else (without body masks) by level
 * and kind, and compares their volumes within what both studies searched.
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
  const [now, before] = [current, prior].map(placeLesions);
  const pairs = matchLesions(now, before, alignments);
  const changes = pairs.map(pair => lesionChange(pair, now, before, alignments));
  changes.sort(
    (a, b) =>
      levelOrder(a.level) - levelOrder(b.level) ||
      LESION_3D_KINDS.indexOf(a.kind) - LESION_3D_KINDS.indexOf(b.kind) ||
      Math.max(b.currentMillilitres, b.priorMillilitres) - Math.max(a.currentMillilitres, a.priorMillilitres)
  );
  const unaligned = levels.filter(level => !alignments.some(one => one.level === level));
  return { changes, alignments, unaligned };
}

/** Levels with a lesion in either study, from head to pelvis: those whose bodies are to be aligned. */
export function lesionLevels(...studies: readonly Pick<StudyLesions, 'segments'>[]): VertebraLevel[] {
  const levels = new Set(studies.flatMap(({ segments }) => segments.map(({ level }) => level)));
  return [...levels].sort((a, b) => levelOrder(a) - levelOrder(b));
}

/** New, resolved, increased, decreased or stable. @param priorMl 0: there was none @param currentMl 0: there is none */
export function changeOf(priorMl: number, currentMl: number): Change {
  if (priorMl === 0) return 'new';
  if (currentMl === 0) return 'resolved';
  const difference = currentMl - priorMl;
  if (Math.abs(difference) <= STABLE_MILLILITRES || Math.abs(difference) <= (STABLE_PERCENT / 100) * priorMl) {
    return 'stable';
  }
  return difference > 0 ? 'increased' : 'decreased';
}

/** Aligns one level at a time, so that the caller can yield in between; undefined where no alignment is possible. */
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
  current: PlacedStudy,
  prior: PlacedStudy,
  alignments: readonly LevelAlignment[]
): LesionChange {
  const [now, then] = [pair.current.at(0), pair.prior.at(0)];
  const { level } = (now ?? then)!;
  const priorLevel = (then ?? now)!.level;
  const [kind, priorKind] = [kindOf(pair.current) ?? kindOf(pair.prior)!, kindOf(pair.prior)];
  // Bodies of one name were aligned: a vertebra that is called otherwise now was not laid onto itself.
  const renamed = priorLevel !== level;
  const transform = renamed ? undefined : alignments.find(one => one.level === level)?.transform;
  const round = (value: number) => Number(value.toFixed(6));
  const isPair = Boolean(now && then);
  const [own, other] = [level, priorLevel];
  const here = commonPart(pair.current, current, prior, { own, other }, transform, isPair);
  const there = commonPart(
    pair.prior,
    prior,
    current,
    { own: other, other: own },
    transform && invert(transform),
    isPair
  );
  const alone = isPair ? undefined : now ? here : there;
  const mostlyScreened = alone !== undefined && alone.screenedMillilitres > alone.millilitres;
  // A lesion of both studies is compared where both searched. One of a single study is told of where the other screened, too: it was called
  // healthy there.
  const within = (part: CommonPart) => round(part.millilitres + (isPair ? 0 : part.screenedMillilitres));
  const outside = (part: CommonPart) => round(part.beyondMillilitres + (isPair ? part.screenedMillilitres : 0));
  const currentMillilitres = within(here);
  const priorMillilitres = within(there);
  const difference = round(currentMillilitres - priorMillilitres);
  const analysed = isPair || Boolean((now ? prior : current).analysedLevels?.includes(level));
  const beyond = here.beyondMillilitres + there.beyondMillilitres > 0;
  // Without an alignment it is unknown whether the excluded parts are where the lesion is.
  const blind = !transform && (isPartlySearched(level, current) || isPartlySearched(priorLevel, prior));
  const reaches = beyond || here.atLeast || there.atLeast || blind;
  // Nor can it be told where a study does not say what it searched.
  const told = knowsSearch(level, current) && knowsSearch(priorLevel, prior);
  const change = changeOf(priorMillilitres, currentMillilitres);
  // Without a common part nothing is compared.
  const common = isPair ? Math.min(currentMillilitres, priorMillilitres) : currentMillilitres + priorMillilitres;
  const guessed = pair.matchedBy === 'level' && priorKind !== kind;
  const known = analysed && ((told && !reaches) || change === 'stable') && common > 0 && !guessed;
  const outcome = ((): Change => {
    if (!known) return 'not-comparable';
    return mostlyScreened ? (now ? 'marked-now' : 'marked-before') : change;
  })();
  const compared = isCompared({ change: outcome });
  return {
    change: outcome,
    level,
    kind,
    ...(priorKind && priorKind !== kind ? { priorKind } : {}),
    ...(renamed ? { priorLevel } : {}),
    ...(now ? { currentIndex: now.index, currentLps: now.lps } : {}),
    ...(then ? { priorIndex: then.index, priorLps: then.lps } : {}),
    currentMillilitres,
    priorMillilitres,
    ...(outside(here) > 0 ? { currentBeyondMillilitres: outside(here) } : {}),
    ...(outside(there) > 0 ? { priorBeyondMillilitres: outside(there) } : {}),
    ...(reaches || here.besideScreened || there.besideScreened ? { atLeast: true } : {}),
    differenceMillilitres: difference,
    // A percentage of what cannot be compared would be read as growth or regression.
    ...(compared && priorMillilitres > 0 ? { percent: (100 * difference) / priorMillilitres } : {}),
    ...(pair.matchedBy ? { matchedBy: pair.matchedBy } : {}),
  };
}

/** Lesions of both kinds are mixed together; undefined without any. */
function kindOf(lesions: readonly PriorLesion[]): Lesion3dKind | undefined {
  const kinds = new Set(lesions.map(({ kind }) => kind));
  return kinds.size > 1 ? 'mixed' : [...kinds][0];
}
