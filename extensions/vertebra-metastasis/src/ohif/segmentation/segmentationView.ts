/** Labels on the CT as the session sees them in the viewer, and how they look there. */
import type { Labelmap } from '../../core';
import type { CtSeries } from '../../dicom';
import type { DisplaySet, NewSegment, SegmentStyle } from '../host/host';
import type { LesionMap } from './lesionMap';

/** What can be shown: labels on the CT grid with segments that have an index each. */
export interface LabelledSegments {
  readonly labelmap: Labelmap;
  readonly segments: readonly { readonly index: number }[];
}

/** Where labels are shown. */
export interface SegmentationView<M extends LabelledSegments> {
  /** Creates the segmentation or replaces its content. */
  show(displaySet: DisplaySet, series: CtSeries, map: M): Promise<void>;
  /** The voxels as the viewer holds them now, on the CT grid; undefined when nothing is shown. */
  read(): Labelmap['labels'] | undefined;
  /** Voxels may have changed, by our own writing or by hand, since they were last read. */
  changed(): boolean;
  /** Name of a segment in the viewer. */
  nameOf(index: number): string | undefined;
  /** Names of all segments in the viewer's list, by index. */
  names(): ReadonlyMap<number, string>;
  /** Makes a segment the one that the viewer's brush paints into. */
  activate(index: number): void;
  /** Draws a line around each segment, or not; stays so for what is shown later. */
  outline(drawn: boolean): void;
  clear(): void;
  /** How often a pointer was pressed since the beginning: edits between two presses belong together. */
  presses(): number;
  /** Called after voxels may have changed, our own writing included. @returns a function that stops listening */
  onEdit(listener: () => void): () => void;
  /** Called after the viewer's list of segments may have changed. @returns a function that stops listening */
  onNames(listener: () => void): () => void;
}

export type LesionView = SegmentationView<LesionMap>;

/** How one kind of labels looks and is called. */
export interface SegmentationStyle<M extends LabelledSegments> {
  /** Begins the id of its segmentations. */
  readonly idPrefix: string;
  readonly title: string;
  readonly algorithmName: string;
  /** @param place of the segment in its map, from 0 */
  segmentOf(
    segment: M['segments'][number],
    place: number
  ): {
    readonly label: string;
    readonly algorithmType: string;
    readonly colour: readonly [number, number, number];
  };
  /** The host's own style when absent. */
  readonly style?: SegmentStyle;
}

/** The segments of a map as the host takes them, by index. */
export function hostSegments<M extends LabelledSegments>(
  style: SegmentationStyle<M>,
  { segments }: M
): Record<number, NewSegment> {
  return Object.fromEntries(
    segments.map((segment, n) => {
      const { label, algorithmType } = style.segmentOf(segment, n);
      const plain = { segmentIndex: segment.index, label, active: n === 0, locked: false, cachedStats: {} };
      return [segment.index, { ...plain, algorithmType, algorithmName: style.algorithmName }];
    })
  );
}
