/** Over which gaps the voxels of one lesion are joined. */
import { axisStep } from '../geometry';
import type { VertebraFindings } from '../review/findings';
import type { Labelmap } from '../types';
import type { Bridge } from './connect';

/** Distance of neighbouring analysed slices, mm: where every third slice was analysed, what lies between is not known. */
export function analysedSliceMm({ slices, screened }: Pick<VertebraFindings, 'slices' | 'screened'>): number {
  const places = [...slices.map(({ frame }) => frame), ...screened]
    .map(({ origin }) => origin[0])
    .sort((a, b) => a - b);
  const steps = places.slice(1).map((place, n) => place - places[n]);
  return steps.length > 0 ? Math.min(...steps.filter(mm => mm > 1e-6)) : 0;
}

/** A gap of one analysed slice, and of one voxel at least, along the axis of the grid that runs from side to side. */
export function sideBridge({ indexToLps }: Pick<Labelmap, 'indexToLps'>, sliceMm: number): Bridge {
  const sideways = ([0, 1, 2] as const).map(axis => Math.abs(axisStep(indexToLps, axis)[0]));
  const axis = sideways.indexOf(Math.max(...sideways)) as 0 | 1 | 2;
  const steps = Number.isFinite(sliceMm) ? Math.ceil((2 * sliceMm) / (sideways[axis] || 1) - 1e-6) : 0;
  return { axis, steps: Math.max(2, steps) };
}
