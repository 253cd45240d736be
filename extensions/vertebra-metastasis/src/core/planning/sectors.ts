/**
 * Sectors of a vertebra for spine radiosurgery: Cox et al., "International Spine Radiosurgery Consortium consensus guidelines for target
 * volume definition in spinal stereotactic radiosurgery", IJROBP 2012;83:e597-e605, doi 10.1016/j.ijrobp.2012.03.009. Counted around the
 * canal from the front by the patient's left: 1 body, 2 left pedicle, 3 left transverse process and lamina, 4 spinous process, 5 right
 * transverse process and lamina, 6 right pedicle.
 */
import { applyAffine, type LabelExtent } from '../geometry';
import type { Labelmap } from '../types';

export type Sector = 1 | 2 | 3 | 4 | 5 | 6;
export const SECTORS: readonly Sector[] = [1, 2, 3, 4, 5, 6];
/** Outside the analysed body, and not what the guideline adds for a lesion within it: never suggested. */
export const UNSEEN_SECTORS: readonly Sector[] = [3, 4, 5];

/** Where a lesion lies in the body, as the guideline tells cases apart. */
export type BodyPattern = 'diffuse' | 'left' | 'right' | 'central';

export interface SectorSuggestion {
  readonly pattern: BodyPattern;
  /** Sectors of the bony target suggested for that pattern. A lesion beyond the body is not seen and adds more. */
  readonly sectors: readonly Sector[];
  /** Of the analysed part of the body: the burden's number. */
  readonly lesionPercent: number;
  /** Of the lesion's volume, left of the body's middle. */
  readonly leftPercent: number;
}

/** What was searched of one body. */
export interface SearchedBody {
  /** Sagittal slices searched for lesions. */
  readonly slices: number;
  /** Voxels of the body that were not searched for lesions, into the grid: in slices that were only screened, or in none. */
  readonly unsearched: ReadonlySet<number>;
}

/** Half of the body or more counts as diffuse. */
const DIFFUSE_PERCENT = 50;
/** A lesion with this much of its volume in either outer third reaches both sides. */
const THIRD_PERCENT = 10;
/** Lateralised when this much lies on one side. */
const SIDE_PERCENT = 75;
/** An outer third counts as searched from this share of its voxels on: its rim is too thin for a slice of its own. */
const THIRD_SEARCHED = 0.9;

/**
 * The guideline's bony targets for disease within the body alone (its sector 1): the whole body; lateralised, with the pedicle and
 * transverse process of that side; diffuse, with those of both sides. What the guideline adds for a pedicle, lamina or spinous process
 * that is itself involved cannot be told from the body.
 */
const SECTORS_OF: Readonly<Record<BodyPattern, readonly Sector[]>> = {
  central: [1],
  left: [1, 2],
  right: [1, 6],
  diffuse: [1, 2, 6],
};

/**
 * Whether a lesion reaches an outer third can be told only where the outer thirds were searched.
 * @param bodies with the vertebra's extent @param lesions on the same grid; any label above 0 inside the body counts
 * @param searched what was searched of the body
 * @param lesionPercent of the analysed part of the body, as the burden counts it
 * @returns undefined when no lesion voxel lies in the body, 'not-searched' when an outer third was not searched
 */
export function sectorSuggestion(
  bodies: Labelmap,
  extent: LabelExtent,
  lesions: Labelmap,
  searched: SearchedBody,
  lesionPercent: number
): SectorSuggestion | 'not-searched' | undefined {
  const { left, right, counts, searchedThirds } = thirds(bodies, extent, lesions, searched);
  const lesion = left + right;
  if (lesion === 0) return undefined;
  if (searchedThirds < THIRD_SEARCHED) return 'not-searched';
  const leftPercent = (100 * left) / lesion;
  const outer = (count: number) => (100 * count) / lesion >= THIRD_PERCENT;
  const pattern = ((): BodyPattern => {
    if (lesionPercent >= DIFFUSE_PERCENT || (outer(counts.left) && outer(counts.right))) return 'diffuse';
    if (leftPercent >= SIDE_PERCENT && outer(counts.left)) return 'left';
    if (100 - leftPercent >= SIDE_PERCENT && outer(counts.right)) return 'right';
    return 'central';
  })();
  return { pattern, sectors: SECTORS_OF[pattern], lesionPercent, leftPercent };
}

/** Voxels of the lesion on either side of the body's middle and in its outer thirds. LPS: left is +x. */
function thirds(
  bodies: Labelmap,
  { label, min, max, centreLps }: LabelExtent,
  lesions: Labelmap,
  { unsearched }: SearchedBody
) {
  const { labels, dims, indexToLps } = bodies;
  const xs: number[] = [];
  const searchedXs: number[] = [];
  const lesionXs: number[] = [];
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        const at = i + dims[0] * (j + dims[1] * k);
        if (labels[at] !== label) continue;
        const x = applyAffine(indexToLps, [i, j, k])[0] - centreLps[0];
        xs.push(x);
        if (!unsearched.has(at)) searchedXs.push(x);
        if (lesions.labels[at] > 0) lesionXs.push(x);
      }
    }
  }
  const half = xs.reduce((widest, x) => Math.max(widest, Math.abs(x)), 0);
  const outer = { left: (x: number) => x > half / 3, right: (x: number) => x < -half / 3 };
  const left = lesionXs.filter(x => x > 0).length;
  const searched = ([outer.left, outer.right] as const).map(
    isOuter => searchedXs.filter(isOuter).length / Math.max(1, xs.filter(isOuter).length)
  );
  return {
    left,
    right: lesionXs.length - left,
    counts: { left: lesionXs.filter(outer.left).length, right: lesionXs.filter(outer.right).length },
    searchedThirds: Math.min(...searched),
  };
}
