/**
 * Outlines of lesions across slices, ours and not the paper's: each slice was outlined by itself, at a level that its own noise and
 * partial volume move; a lesion that several slices show is outlined anew at one level for all of them.
 */
import { isKept, type MethodOptions } from '../method';
import { dilated, eroded, filled, smoothed } from '../method/morphology';
import { coreOf, OUTLINE } from '../method/outline';
import { quantile } from '../method/quantile';
import { type LesionKind, PATCH_PIXELS, PATCH_SIZE, type PatchMask, type ScoredCandidate } from '../types';
import { contiguousRuns, type Member, type SearchedCandidates, structuresOf } from './structures';

/** Chosen on training phantoms (docs/outline.md). Lengths in pixels of a slice, or in slices. */
export const ACROSS = {
  /** Blur from slice to slice, standard deviation and reach. */
  sigmaSlices: 0.7,
  reachSlices: 2,
  /** How far the outline may leave the outlines of the slices: in a slice, and from the next slice's. */
  growth: 2,
  growthSlices: 1,
  /** The body's level is taken this near to the lesion, so that it is that of the bone around. */
  nearby: 4,
  nearbySlices: 3,
  /** With fewer voxels there, the whole marrow's is taken; with fewer still, the body's. */
  leastVoxels: 200,
  /** Where the outline runs between the body's level (0) and the lesion's (1) if both vary alike. */
  level: 0.53,
  /** How far the outline moves from there towards the level of whichever of the two varies less. */
  levelBySpread: 0.25,
  /**
   * The lesion must differ from the bone by more than this many of the bone's median absolute deviations, or the bone's own structure
   * explains it.
   */
  leastContrast: 2,
} as const;

/** A searched slice of a vertebra with what its outlines are drawn on. */
export interface OutlinedSlice extends SearchedCandidates {
  /** Hounsfield units, [64, 64]. */
  readonly hu: Float32Array;
  readonly bodyMask: PatchMask;
  /** healthyEdit - reconstruction, [64, 64]. */
  readonly differenceMap: Float32Array;
}

export type AcrossRule = Pick<MethodOptions, 'attributionThreshold' | 'minPixels'> & {
  /** From one slice of the body to the next, mm. */
  readonly sliceMm: number;
};

/**
 * The candidates with the outlines of those that count drawn anew; the largest structure first, and what it takes no other has.
 * A candidate of which too little is left at the structure's level is 'contradicted', or 'covered' by a larger structure's outline,
 * and keeps its outline. So does one without enough contrast to the bone around; where there is no bone around, outlines stay as they are.
 * @param slices of one vertebra, ascending by offset
 * @returns in the order given, slice by slice
 */
export function outlineAcrossSlices(slices: readonly OutlinedSlice[], rule: AcrossRule): ScoredCandidate[][] {
  const counting = slices.map(({ candidates }) =>
    candidates.filter(one => isKept(one, rule.attributionThreshold, rule.minPixels))
  );
  const redrawn = new Map<ScoredCandidate, ScoredCandidate>();
  for (const run of contiguousRuns(slices, rule.sliceMm)) {
    const [here, kept] = [run.map(n => slices[n]), run.map(n => counting[n])];
    if (kept.every(candidates => candidates.length === 0)) continue;
    const body = new Bodies(here);
    const taken = here.map(() => new Uint8Array(PATCH_PIXELS));
    const structures = structuresOf(here, kept, rule.sliceMm).map(members => ({ members, pixels: pixelsOf(members) }));
    for (const { members } of structures.sort((a, b) => b.pixels - a.pixels)) {
      const outline = body.outlineOf(members, taken);
      if (outline === 'contradicted')
        for (const { candidate } of members) redrawn.set(candidate, { ...candidate, leftOut: 'contradicted' });
      if (!outline || outline === 'contradicted') continue;
      for (const [at, mask] of outline.entries()) {
        const inSlice = members.filter(member => member.slice === at).map(({ candidate }) => candidate);
        share(mask, inSlice).forEach((part, n) =>
          redrawn.set(inSlice[n], withOutline(inSlice[n], part, taken[at], rule))
        );
      }
      outline.forEach((mask, at) => mask.forEach((inside, i) => inside && (taken[at][i] = 1)));
    }
  }
  return slices.map(({ candidates }) => candidates.map(one => redrawn.get(one) ?? one));
}

function withOutline(
  candidate: ScoredCandidate,
  mask: PatchMask,
  taken: PatchMask,
  { minPixels }: AcrossRule
): ScoredCandidate {
  const pixelCount = count(mask);
  if (pixelCount >= minPixels) return { ...candidate, mask, pixelCount };
  return { ...candidate, leftOut: count(both(candidate.mask, taken)) > 0 ? 'covered' : 'contradicted' };
}

/** Neighbouring slices of one body, smoothed; masks are one per slice. */
class Bodies {
  private readonly ct: readonly Float32Array[];
  private readonly difference: readonly Float32Array[];
  private readonly body: readonly PatchMask[];
  private readonly marrow: readonly PatchMask[];

  constructor(slices: readonly OutlinedSlice[]) {
    this.ct = smoothedAcross(slices.map(({ hu }) => smoothed(hu, OUTLINE.sigma)));
    this.difference = slices.map(({ differenceMap }) => smoothed(differenceMap, OUTLINE.sigma));
    this.body = slices.map(({ bodyMask }) => bodyMask);
    this.marrow = this.body.map(mask => eroded(mask, OUTLINE.shell));
  }

  /** The structure's voxels, slice by slice; undefined where there is no bone around to compare it with. */
  outlineOf(members: readonly Member[], taken: readonly PatchMask[]): PatchMask[] | 'contradicted' | undefined {
    const { kind } = members[0].candidate;
    const structure = this.body.map((_, at) =>
      union(members.filter(one => one.slice === at).map(one => one.candidate.mask))
    );
    const core = structure.map((mask, at) => (count(mask) > 0 ? coreOf(mask, kind, this.difference[at]) : empty()));
    const reach = grown(structure, ACROSS.growth, ACROSS.growthSlices);
    const region = reach.map((mask, at) => (count(structure[at]) > 0 ? both(mask, this.body[at]) : empty()));
    const level = this.levelOf(core, region, reach, taken, kind);
    if (!level || level === 'contradicted') return level;
    const beyond = region.map((mask, at) =>
      mask.map((inside, i) => (inside && level.sign * (this.ct[at][i] - level.value) > 0 ? 1 : 0))
    );
    const seeded = parts(beyond).filter(part => part.some(([at, i]) => core[at][i]));
    if (seeded.length === 0) return 'contradicted';
    const whole = masksOf(seeded.flat(), this.body.length).map((mask, at) => both(filled(mask), this.body[at]));
    const free = whole.map((mask, at) => mask.map((inside, i) => (inside && !taken[at][i] ? 1 : 0)));
    const largest = parts(free).reduce<Part>((best, one) => (one.length > best.length ? one : best), []);
    return masksOf(largest, this.body.length);
  }

  private levelOf(
    core: readonly PatchMask[],
    region: readonly PatchMask[],
    reach: readonly PatchMask[],
    taken: readonly PatchMask[],
    kind: LesionKind
  ): { value: number; sign: 1 | -1 } | 'contradicted' | undefined {
    const sign = kind === 'blastic' ? 1 : -1;
    const near = grown(reach, ACROSS.nearby, ACROSS.nearbySlices);
    const free = this.marrow.map((mask, at) => {
      const others = dilated(taken[at], OUTLINE.growth);
      return mask.map((inside, i) => (inside && !region[at][i] && !others[i] ? 1 : 0));
    });
    const beside = free.map((mask, at) => both(mask, near[at]));
    const around = [beside, free].find(
      masks => masks.reduce((sum, mask) => sum + count(mask), 0) >= ACROSS.leastVoxels
    );
    const lesion = spread(this.valuesIn(core));
    const bone = spread(this.valuesIn(around ?? this.body));
    const contrast = sign * (lesion.median - bone.median);
    if (around ? contrast <= ACROSS.leastContrast * bone.deviation : contrast <= 0) return around && 'contradicted';
    const share = bone.deviation + lesion.deviation > 0 ? bone.deviation / (bone.deviation + lesion.deviation) : 0.5;
    const place = ACROSS.level + ACROSS.levelBySpread * (share - 0.5);
    return { value: bone.median + place * (lesion.median - bone.median), sign };
  }

  private valuesIn(masks: readonly PatchMask[]): Float32Array {
    return Float32Array.from(masks.flatMap((mask, at) => [...this.ct[at]].filter((_, i) => mask[i])));
  }
}

/** Positions: slice and pixel. */
type Part = readonly (readonly [number, number])[];

/** Parts of a stack that are connected through the six neighbours of a voxel: across corners noise would join what is apart. */
function parts(stack: readonly PatchMask[]): Part[] {
  const seen = stack.map(() => new Uint8Array(PATCH_PIXELS));
  const found: Part[] = [];
  stack.forEach((mask, slice) =>
    mask.forEach((inside, pixel) => {
      if (!inside || seen[slice][pixel]) return;
      const part: [number, number][] = [];
      const visit = (at: number, i: number) => {
        if (!stack[at]?.[i] || seen[at][i]) return;
        seen[at][i] = 1;
        part.push([at, i]);
      };
      visit(slice, pixel);
      // The list grows while it is walked through.
      for (const [at, i] of part) {
        const column = i % PATCH_SIZE;
        visit(at - 1, i);
        visit(at + 1, i);
        visit(at, i - PATCH_SIZE);
        visit(at, i + PATCH_SIZE);
        if (column > 0) visit(at, i - 1);
        if (column < PATCH_SIZE - 1) visit(at, i + 1);
      }
      found.push(part);
    })
  );
  return found;
}

function masksOf(part: Part, slices: number): PatchMask[] {
  const masks = Array.from({ length: slices }, empty);
  for (const [at, i] of part) masks[at][i] = 1;
  return masks;
}

/** The stack with what lies within `slices` slices and then `pixels` pixels of it. */
function grown(stack: readonly PatchMask[], pixels: number, slices: number): PatchMask[] {
  return stack.map((_, at) => dilated(union(stack.slice(Math.max(0, at - slices), at + slices + 1)), pixels));
}

/** Weighted mean with the slices beside; at the ends with those there are. */
function smoothedAcross(stack: readonly Float32Array[]): Float32Array[] {
  return stack.map((slice, at) => {
    const beside = stack.map((_, n) => n).filter(n => Math.abs(n - at) <= ACROSS.reachSlices);
    const weights = beside.map(n => Math.exp(-((n - at) ** 2) / (2 * ACROSS.sigmaSlices ** 2)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return slice.map((_, i) => beside.reduce((total, n, k) => total + weights[k] * stack[n][i], 0) / sum);
  });
}

/** Divides an outline among the candidates of a slice that it replaces: each pixel goes to the candidate that is nearest by steps. */
function share(outline: PatchMask, candidates: readonly ScoredCandidate[]): PatchMask[] {
  if (candidates.length < 2) return candidates.map(() => outline);
  const given = candidates.map(({ mask }) => both(mask, outline));
  const open = outline.map((inside, i) => (inside && !given.some(mask => mask[i]) ? 1 : 0));
  for (let left = count(open), before = Infinity; left > 0 && left < before; before = left, left = count(open)) {
    for (const mask of given)
      dilated(mask, 1).forEach((near, i) => {
        if (!near || !open[i]) return;
        mask[i] = 1;
        open[i] = 0;
      });
  }
  // What is connected with none of them in this slice is part of the structure through another slice: the first one has it.
  open.forEach((inside, i) => inside && (given[0][i] = 1));
  return given;
}

function spread(values: Float32Array): { median: number; deviation: number } {
  const median = quantile(values, 0.5);
  return {
    median,
    deviation: quantile(
      values.map(value => Math.abs(value - median)),
      0.5
    ),
  };
}

const empty = () => new Uint8Array(PATCH_PIXELS);
const union = (masks: readonly PatchMask[]): PatchMask => {
  const all = empty();
  for (const mask of masks) mask.forEach((inside, i) => inside && (all[i] = 1));
  return all;
};
const both = (a: PatchMask, b: PatchMask): Uint8Array => Uint8Array.from(a, (inside, i) => (inside && b[i] ? 1 : 0));
const count = (mask: PatchMask) => mask.reduce((sum, inside) => sum + Number(inside > 0), 0);
const pixelsOf = (members: readonly Member[]) => members.reduce((sum, { candidate }) => sum + candidate.pixelCount, 0);
