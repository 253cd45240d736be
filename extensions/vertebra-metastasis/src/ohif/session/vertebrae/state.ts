/** Where the vertebrae of a session are, whatever source their masks come from. */
import { applyAffine, type LabelExtent, type Labelmap, levelDoubts, type Vec3 } from '../../../core';
import { type FindState, SESSION_VERTEBRAE_ID, type PanelState, type VertebraEntry } from '../../../ui';
import { toProblem } from '../../problems';
import { type BodyMap, levelsKnown, nextBodies } from '../../segmentation/sessionBodies';

export interface Bodies {
  /** On the CT grid. */
  readonly labelmap: Labelmap;
  /** Where each body lies. */
  readonly extents: ReadonlyMap<number, LabelExtent>;
}

/** The bodies segmented in this session; kept while another source is chosen. */
export interface SessionVertebrae {
  readonly map: BodyMap;
  readonly extents: ReadonlyMap<number, LabelExtent>;
  /** Largest index given so far. */
  readonly lastIndex: number;
  /** Steps back, the last one last. */
  readonly undo: readonly (() => void)[];
  /** Rows as they were when another source was chosen. */
  readonly rows?: readonly VertebraEntry[];
}

type Shown = PanelState['vertebrae'];

export interface VertebraeSlice extends Pick<Shown, 'selected' | 'reading' | 'unused' | 'doubts'> {
  /** Segmentations of the study that may hold vertebrae, the likeliest first. */
  readonly segs: Shown['choices'];
  /** The user chose a source: segmentations that arrive later do not change that. */
  readonly chosen: boolean;
  /** Of the source in use. */
  readonly bodies?: Bodies;
  readonly session?: SessionVertebrae;
  readonly find: Pick<FindState, 'tool' | 'work' | 'problem' | 'asked' | 'proposed' | 'excluded'>;
  /** The click or search at work. */
  readonly job?: AbortController;
}

export const initialVertebrae: VertebraeSlice = {
  segs: [],
  chosen: false,
  reading: { status: 'idle' },
  find: { tool: false, excluded: [] },
};

export interface WithVertebrae {
  readonly vertebrae: VertebraeSlice;
}

export function vertebraRowsOf({ vertebrae: { reading } }: WithVertebrae): readonly VertebraEntry[] {
  return reading.status === 'ready' ? reading.value : NONE;
}

const NONE: readonly VertebraEntry[] = [];

/** The masks of this session are the ones in use. */
export function usesSessionVertebrae({ vertebrae: { selected } }: WithVertebrae): boolean {
  return selected === SESSION_VERTEBRAE_ID;
}

export function vertebraeView(vertebrae: VertebraeSlice): Shown {
  const { segs, session, selected, reading, unused, bodies } = vertebrae;
  // The panel puts the name.
  const own =
    session && session.map.segments.length > 0 ? [{ id: SESSION_VERTEBRAE_ID, label: SESSION_VERTEBRAE_ID }] : [];
  const given = bodies && !usesSessionVertebrae({ vertebrae });
  const doubts = given
    ? [...(vertebrae.doubts ?? []), ...levelDoubts(vertebraRowsOf({ vertebrae }), bodies.extents).map(toProblem)]
    : undefined;
  return { choices: [...segs, ...own], selected, reading, unused, doubts };
}

export function findView(find: VertebraeSlice['find'], session: SessionVertebrae | undefined): FindState {
  if (!session) return { ...find, count: 0, levelsKnown: false, next: {}, canUndo: false };
  const { map, undo } = session;
  const { above, below } = nextBodies(map);
  return {
    ...find,
    count: map.segments.length,
    levelsKnown: levelsKnown(map),
    next: {
      above: above && { lps: above.lps, level: above.level },
      below: below && { lps: below.lps, level: below.level },
    },
    canUndo: undo.length > 0,
  };
}

/** Of the box of a body, LPS mm; undefined where its mask has no voxel. */
export function bodyCorners({ vertebrae: { bodies } }: WithVertebrae, label: number): Vec3[] | undefined {
  const extent = bodies?.extents.get(label);
  if (!bodies || !extent) return undefined;
  const { min, max } = extent;
  // Voxels reach half a step beyond their centres.
  return [min[0] - 0.5, max[0] + 0.5].flatMap(i =>
    [min[1] - 0.5, max[1] + 0.5].flatMap(j =>
      [min[2] - 0.5, max[2] + 0.5].map(k => applyAffine(bodies.labelmap.indexToLps, [i, j, k]))
    )
  );
}
