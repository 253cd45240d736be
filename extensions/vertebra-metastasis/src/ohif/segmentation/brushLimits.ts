/** What the brush may change: a ball is rarely as round as a body. Pure; arrays given in are not modified. */
import type { Labelmap } from '../../core';
import type { LesionMap, PaintTarget } from './lesionMap';

type Labels = Labelmap['labels'];

/**
 * Takes back what was painted outside the body, or over a lesion of the other kind.
 * @param before voxels of the lesions before the stroke @param after with it
 * @param bodies labels of the bodies on the same grid; without them a body is no limit
 * @returns the voxels as they may be, and how many were taken back
 */
export function withinBrush(
  before: Labels,
  after: Labels,
  { kind, vertebraLabel }: PaintTarget,
  { segments }: Pick<LesionMap, 'segments'>,
  bodies?: Labels
): { readonly labels: Labels; readonly refused: number } {
  const others = new Set(segments.filter(one => one.kind !== kind).map(({ index }) => index));
  const labels = after.slice();
  let refused = 0;
  for (let at = 0; at < labels.length; at++) {
    if (after[at] === before[at] || after[at] === 0) continue;
    const outside = bodies !== undefined && vertebraLabel !== undefined && bodies[at] !== vertebraLabel;
    if (!outside && !others.has(before[at])) continue;
    labels[at] = before[at];
    refused++;
  }
  return { labels, refused };
}
