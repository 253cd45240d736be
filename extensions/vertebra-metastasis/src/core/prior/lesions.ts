/** The lesions of a study as they are compared: connected parts, whether a file holds a segment per lesion or one per kind. */
import { LESION_3D_KINDS } from '../kinds';
import { sideBridge } from '../lesions/bridge';
import { type Bridge, connectedParts } from '../lesions/connect';
import { innerPoint } from '../lesions/innerPoint';
import { labelOffsets } from '../geometry/labels';
import { voxelMillilitresBySlice } from '../study/measure';
import type { Labelmap } from '../types';
import type { PriorLesion, StudyLesions } from './types';

/** Smaller parts are no lesions of their own, ml: a few voxels come and go with noise. They go with the largest part of their kind. */
const MIN_LESION_MILLILITRES = 0.05;

/** A study with its lesions apart. */
export interface PlacedStudy extends StudyLesions {
  readonly lesions: readonly PriorLesion[];
  /** On the grid of `labelmap`: position in `lesions`, counted from 1. */
  readonly lesionAt: Labelmap;
  /** Of a voxel of each slice. */
  readonly voxelMillilitres: Float64Array;
}

/** Not modified: the labelmap given in. */
export function placeLesions(study: StudyLesions): PlacedStudy {
  const { labelmap, segments, positionsMm } = study;
  const { dims, indexToLps, labels } = labelmap;
  const offsets = labelOffsets(labelmap);
  const perVoxel = voxelMillilitresBySlice(labelmap, positionsMm);
  const size = dims[0] * dims[1];
  const volume = (part: readonly number[]) => part.reduce((sum, at) => sum + perVoxel[Math.floor(at / size)], 0);
  const bridge = sideBridge(labelmap, study.sliceMm ?? 0);
  const lesions: PriorLesion[] = [];
  const levels = [...new Set(segments.map(({ level }) => level))];
  for (const level of levels) {
    for (const kind of LESION_3D_KINDS) {
      const own = segments.filter(one => one.level === level && one.kind === kind);
      const [whole, sharing] = [own.filter(one => one.whole), own.filter(one => !one.whole)];
      const parts = [
        ...whole.flatMap(({ index }) => (offsets.has(index) ? [offsets.get(index)!] : [])),
        ...apart(
          sharing.flatMap(({ index }) => offsets.get(index) ?? []),
          labelmap,
          bridge,
          volume
        ),
      ];
      for (const part of parts) {
        const index = commonest(part.map(at => labels[at]));
        const { trackingUid } = own.find(one => one.index === index)!;
        lesions.push({ level, kind, index, trackingUid, offsets: part, lps: innerPoint(part, labelmap) });
      }
    }
  }
  const lesionAt = lesions.length > 255 ? new Uint16Array(labels.length) : new Uint8Array(labels.length);
  lesions.forEach((one, n) => one.offsets.forEach(at => (lesionAt[at] = n + 1)));
  return { ...study, lesions, lesionAt: { labels: lesionAt, dims, indexToLps }, voxelMillilitres: perVoxel };
}

/** The largest first. */
function apart(
  offsets: readonly number[],
  grid: Pick<Labelmap, 'dims'>,
  bridge: Bridge,
  volume: (part: readonly number[]) => number
): number[][] {
  const parts = connectedParts(offsets, grid, bridge).sort((a, b) => b.length - a.length);
  const large = parts.filter((part, n) => n === 0 || volume(part) >= MIN_LESION_MILLILITRES);
  const small = parts.filter(part => !large.includes(part)).flat();
  return large.map((part, n) => (n === 0 ? [...part, ...small].sort((a, b) => a - b) : part));
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0][0];
}
