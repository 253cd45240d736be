/** Kept regions of a whole CT, and how they compare with known lesions. No network runs here. */
import {
  connectedParts,
  findingsOf,
  type Labelmap,
  labelOffsets,
  type LesionKind,
  type LesionLabelmap,
  type LesionRules,
  PATCH_PIXELS,
  projectVertebra,
  type VertebraAnalysis,
  type VertebraLevel,
  voxelMillilitres,
} from '@spine/core';

/** A 26-connected part of what is shown of one kind in one vertebra. */
export interface KeptRegion {
  readonly level: VertebraLevel;
  readonly kind: LesionKind;
  /** Voxels of the CT. */
  readonly offsets: readonly number[];
  readonly millilitres: number;
  /** The largest attribution score among the candidates it is made of. */
  readonly score: number;
}

/** A lesion that is known to be there. */
export interface TrueLesion {
  readonly name: string;
  readonly level: VertebraLevel;
  readonly kind: LesionKind;
  readonly offsets: ReadonlySet<number>;
}

/** What became of a true lesion; found when a kept region of its kind in its vertebra overlaps it. */
export interface LesionOutcome {
  readonly name: string;
  readonly level: VertebraLevel;
  readonly kind: LesionKind;
  readonly found: boolean;
  readonly trueMl: number;
  /** Of all the regions that overlap it, together. */
  readonly keptMl: number;
  readonly overlapMl: number;
  readonly dice: number;
  readonly iou: number;
}

/** A kept region and how much of it is lesion of its own kind. */
export interface RegionOutcome extends Omit<KeptRegion, 'offsets'> {
  readonly trueShare: number;
  /** None of it lies in a lesion of its kind. */
  readonly isFalse: boolean;
}

/** Separates the segments of an analysis into regions, from head to pelvis, lytic before blastic, large before small. */
export function keptRegionsOf(
  bodies: Labelmap,
  analyses: readonly VertebraAnalysis[],
  lesions: LesionLabelmap,
  rules: LesionRules
): KeptRegion[] {
  const voxelMl = voxelMillilitres(bodies.indexToLps);
  const voxels = labelOffsets(lesions.labelmap);
  return lesions.segments.flatMap(({ index, level, kind, vertebraLabel }) => {
    const scoreAt = voxelScores(bodies, analyses.find(({ label }) => label === vertebraLabel)!, kind, rules);
    return largestFirst(connectedParts(voxels.get(index) ?? [], lesions.labelmap)).map(offsets => ({
      level,
      kind,
      offsets,
      millilitres: offsets.length * voxelMl,
      score: offsets.reduce((best, at) => Math.max(best, scoreAt.get(at) ?? -Infinity), -Infinity),
    }));
  });
}

const largestFirst = (parts: number[][]) => parts.sort((a, b) => b.length - a.length);

/** Attribution score of the candidate of this kind that each voxel takes its label from. */
function voxelScores(bodies: Labelmap, analysis: VertebraAnalysis, kind: LesionKind, rules: LesionRules) {
  const findings = findingsOf(analysis, rules);
  const scores = new Map<number, number>();
  findings.slices.forEach(({ candidates }, slice) => {
    for (const { kind: of, mask, attributionScore } of candidates) {
      if (of !== kind) continue;
      mask.forEach((inside, pixel) => inside && scores.set(slice * PATCH_PIXELS + pixel, attributionScore));
    }
  });
  const { offsets, pixels } = projectVertebra(bodies, analysis.extent, findings);
  const found = new Map<number, number>();
  offsets.forEach((at, n) => {
    const score = scores.get(pixels[n]);
    if (score !== undefined) found.set(at, score);
  });
  return found;
}

const countIn = (offsets: readonly number[], lesion: ReadonlySet<number>) =>
  offsets.reduce((sum, at) => sum + (lesion.has(at) ? 1 : 0), 0);

const sameSite = (a: { level: string; kind: string }, b: { level: string; kind: string }) =>
  a.level === b.level && a.kind === b.kind;

/** Compares what is shown with what is there; volumes in ml. */
export function compareWithTruth(
  regions: readonly KeptRegion[],
  truth: readonly TrueLesion[],
  voxelMl: number
): { readonly lesions: LesionOutcome[]; readonly regions: RegionOutcome[] } {
  const lesions = truth.map((lesion): LesionOutcome => {
    const touching = regions.filter(one => sameSite(one, lesion) && countIn(one.offsets, lesion.offsets) > 0);
    const kept = touching.reduce((sum, { offsets }) => sum + offsets.length, 0);
    const common = touching.reduce((sum, { offsets }) => sum + countIn(offsets, lesion.offsets), 0);
    const size = lesion.offsets.size;
    return {
      name: lesion.name,
      level: lesion.level,
      kind: lesion.kind,
      found: touching.length > 0,
      trueMl: size * voxelMl,
      keptMl: kept * voxelMl,
      overlapMl: common * voxelMl,
      dice: (2 * common) / (size + kept),
      iou: common / (size + kept - common),
    };
  });
  const outcomes = regions.map(({ offsets, ...region }): RegionOutcome => {
    const common = truth
      .filter(lesion => sameSite(lesion, region))
      .reduce((n, one) => n + countIn(offsets, one.offsets), 0);
    return { ...region, trueShare: common / offsets.length, isFalse: common === 0 };
  });
  return { lesions, regions: outcomes };
}

/** Count and volume of the false regions at each level. */
export interface FalseRegions {
  readonly level: VertebraLevel;
  readonly regions: number;
  readonly millilitres: number;
}

/** @param levels every level that was analysed, so that those without false regions are listed too */
export function falseRegionsByLevel(
  levels: readonly VertebraLevel[],
  regions: readonly Pick<RegionOutcome, 'level' | 'millilitres' | 'isFalse'>[]
): FalseRegions[] {
  return levels.map(level => {
    const own = regions.filter(region => region.isFalse && region.level === level);
    return { level, regions: own.length, millilitres: own.reduce((sum, one) => sum + one.millilitres, 0) };
  });
}
