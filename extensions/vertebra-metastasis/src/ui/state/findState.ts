/** What the panel shows of finding vertebrae without a given segmentation. */
import type { VertebraLevel } from '../../core/types';
import type { Problem } from './values';

/** The vertebra source that stands for the bodies segmented in this session. */
export const SESSION_VERTEBRAE_ID = 'found-in-this-session';

type Point = readonly [number, number, number];

/** A place where a body is expected next. */
export interface NextBody {
  /** LPS mm. */
  readonly lps: Point;
  /** Unknown until one level is known. */
  readonly level?: VertebraLevel;
}

/** A place along the spine that the search looked at and left out. */
export interface ExcludedPlace {
  readonly centreLps: Point;
  readonly code: 'cut-by-border' | 'doubtful' | 'odd-volume' | 'gap';
}

/** A level that the image suggests for the vertebra that is asked about. */
export interface ProposedLevel {
  readonly label: number;
  readonly level: VertebraLevel;
  /** 0..1 */
  readonly confidence: number;
  readonly basis: 'last-rib' | 'first-rib';
}

export type FindWork =
  | { readonly kind: 'click'; readonly lps: Point }
  | {
      readonly kind: 'search';
      readonly stage: 'reading' | 'column' | 'bodies' | 'masks';
      readonly done?: number;
      readonly total?: number;
    };

export interface FindState {
  /** The tool takes clicks in the images. */
  readonly tool: boolean;
  readonly work?: FindWork;
  /** Why the last click or search gave nothing. */
  readonly problem?: Problem;
  /** Bodies segmented in this session. */
  readonly count: number;
  /** Vertebra whose level is to be given, by its label; the others are counted from it. */
  readonly asked?: number;
  readonly proposed?: ProposedLevel;
  readonly levelsKnown: boolean;
  readonly next: { readonly above?: NextBody; readonly below?: NextBody };
  readonly excluded: readonly ExcludedPlace[];
  readonly canUndo: boolean;
}

export const initialFind: FindState = {
  tool: false,
  count: 0,
  levelsKnown: false,
  next: {},
  excluded: [],
  canUndo: false,
};

export interface FindActions {
  /** Switches the click tool on or off. */
  setTool(on: boolean): void;
  search(): void;
  /** Stops the click or search at work. */
  cancel(): void;
  /** Segments the next body beyond an end of the row. */
  acceptNext(direction: 'above' | 'below'): void;
  /** Gives the asked vertebra its level. */
  confirmLevel(label: number, level: VertebraLevel): void;
  /** Moves all levels towards the pelvis (1) or the head (-1). */
  shiftLevels(steps: number): void;
  /** Erases one vertebra's mask, with its results; can be undone. */
  erase(label: number): void;
  undo(): void;
}
