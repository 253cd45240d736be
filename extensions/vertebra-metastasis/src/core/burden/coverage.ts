/** Which part of a vertebral body an analysis covered. */
import { backProject } from '../geometry';
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
  /** Sagittal slices searched for lesions, called healthy by the classifier, and left out. */
  readonly searchedSlices: number;
  readonly screenedSlices: number;
  readonly skippedSlices: number;
}

/**
 * @param bodies the bodies that were analysed
 * @param positionsMm real slice positions along the normal; default: even, from indexToLps
 */
export function coverageOf(bodies: Labelmap, analysis: VertebraAnalysis, positionsMm?: ArrayLike<number>): Coverage {
  const { label, level, extent, slices, screenedSlices, skippedSlices } = analysis;
  const analysed = [...slices, ...screenedSlices].map(({ frame }) => frame);
  const [columns, rows] = bodies.dims;
  const perVoxel = voxelMillilitresBySlice(bodies, positionsMm);
  let analysedMillilitres = 0;
  let notAnalysedMillilitres = 0;
  backProject(bodies, extent, analysed, (offset, slice) => {
    const millilitres = perVoxel[Math.floor(offset / (columns * rows))];
    if (slice < 0) notAnalysedMillilitres += millilitres;
    else analysedMillilitres += millilitres;
  });
  return {
    ...{ label, level },
    ...{ analysedMillilitres, notAnalysedMillilitres },
    searchedSlices: slices.length,
    screenedSlices: screenedSlices.length,
    skippedSlices: skippedSlices.length,
  };
}
