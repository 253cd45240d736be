/** Which part of a vertebral body an analysis covered. */
import { backProject, type LabelExtent, type PatchFrame } from '../geometry';
import type { VertebraFindings } from '../review/findings';
import type { VertebraAnalysis } from '../study';
import { voxelMillilitresBySlice } from '../study/measure';
import { type Labelmap, type VertebraLevel } from '../types';

/** What is known, and not known, of one analysed body. Plain numbers: kept with a saved result. */
export interface Coverage {
  /** Value in the bodies' labelmap at the time of the analysis. */
  readonly label: number;
  readonly level: VertebraLevel;
  /** Of the body: voxels with an analysed slice, and voxels without. */
  readonly analysedMillilitres: number;
  readonly notAnalysedMillilitres: number;
  /** Sagittal slices searched for lesions, called healthy by the classifier, and excluded. */
  readonly searchedSlices: number;
  readonly screenedSlices: number;
  readonly skippedSlices: number;
}

/** Its P(malignant) is known, but no slice was suspicious, so that none was searched for lesions. */
export const isOnlyScreened = ({
  searchedSlices,
  screenedSlices,
}: Pick<Coverage, 'searchedSlices' | 'screenedSlices'>): boolean => searchedSlices === 0 && screenedSlices > 0;

/** What of one body was analysed: slices by their frames, whatever was found in them. */
interface AnalysedBody extends Pick<Coverage, 'label' | 'level' | 'skippedSlices'> {
  readonly extent: LabelExtent;
  readonly searched: readonly PatchFrame[];
  readonly screened: readonly PatchFrame[];
}

/**
 * @param bodies the bodies that were analysed
 * @param positionsMm real slice positions along the normal; default: even, from indexToLps
 */
export function coverageOf(bodies: Labelmap, analysis: VertebraAnalysis, positionsMm?: ArrayLike<number>): Coverage {
  const { label, level, extent, slices, screenedSlices, skippedSlices } = analysis;
  const [searched, screened] = [slices, screenedSlices].map(list => list.map(({ frame }) => frame));
  const body = { label, level, extent, searched, screened, skippedSlices: skippedSlices.length };
  return covered(bodies, body, positionsMm);
}

/**
 * The same of what a review keeps of an analysis, as the body lies and is called now.
 * @param extent of the body in `bodies`
 */
export function coverageOfFindings(
  bodies: Labelmap,
  extent: LabelExtent,
  { slices, screened, skipped }: Pick<VertebraFindings, 'slices' | 'screened' | 'skipped'>,
  level: VertebraLevel,
  positionsMm?: ArrayLike<number>
): Coverage {
  const searched = slices.map(({ frame }) => frame);
  return covered(
    bodies,
    { label: extent.label, level, extent, searched, screened, skippedSlices: skipped },
    positionsMm
  );
}

/** What records without their slices say of places. */
export interface KnownSearch {
  /** Bodies without a part that nobody looked at: every slice was searched, or every slice screened. */
  readonly unsearched: Map<VertebraLevel, ReadonlySet<number>>;
  /** Bodies in which no slice was searched for lesions. */
  readonly onlyScreened: Set<VertebraLevel>;
}

/** Which slices were screened such a record does not say: a body of which some were is in neither. */
export function knownSearch(records: readonly Coverage[]): KnownSearch {
  const whole = records.filter(
    one => one.notAnalysedMillilitres === 0 && (isOnlyScreened(one) || one.screenedSlices === 0)
  );
  return {
    unsearched: new Map(whole.map(({ level }) => [level, new Set<number>()])),
    onlyScreened: new Set(records.filter(isOnlyScreened).map(({ level }) => level)),
  };
}

function covered(
  bodies: Labelmap,
  { label, level, extent, searched, screened, skippedSlices }: AnalysedBody,
  positionsMm?: ArrayLike<number>
): Coverage {
  const [columns, rows] = bodies.dims;
  const perVoxel = voxelMillilitresBySlice(bodies, positionsMm);
  let analysedMillilitres = 0;
  let notAnalysedMillilitres = 0;
  backProject(bodies, extent, [...searched, ...screened], (offset, slice) => {
    const millilitres = perVoxel[Math.floor(offset / (columns * rows))];
    if (slice < 0) notAnalysedMillilitres += millilitres;
    else analysedMillilitres += millilitres;
  });
  return {
    label,
    level,
    analysedMillilitres,
    notAnalysedMillilitres,
    skippedSlices,
    searchedSlices: searched.length,
    screenedSlices: screened.length,
  };
}
