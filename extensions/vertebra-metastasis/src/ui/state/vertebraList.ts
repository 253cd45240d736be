/** What the list says of each vertebra, and in which order. */
import { isOnlyScreened } from '../../core/burden';
import { decidedCandidates, type ReviewState, type VertebraFindings } from '../../core/review';
import type { Lesion3dKind } from '../../core/types';
import type { PanelState } from './state';
import type { LesionRow, Problem, SliceCounts, VertebraEntry } from './values';

/** How far a vertebra has come, the last that applies. */
export type VertebraStatus =
  | 'not-analysed'
  | 'excluded'
  | 'failed'
  | 'running'
  | 'queued'
  | 'screened'
  | 'analysed'
  | 'reviewed'
  | 'outdated';

/** Plain values, and the problem as the entry keeps it, so that a row is drawn again only when one of them changes. */
export interface VertebraListRow {
  readonly label: number;
  readonly level: string;
  readonly status: VertebraStatus;
  /** Why it was left out or failed. */
  readonly reason?: Problem;
  /** Of the whole vertebra, 0 to 1; absent before an analysis. */
  readonly probability?: number;
  /** Its analysis in this session took so long. */
  readonly seconds?: number;
  readonly lytic: boolean;
  readonly blastic: boolean;
  readonly mixed: boolean;
  /** Of the lesions in the segmentation as it is now. */
  readonly millilitres: number;
  /** One of them borders on a part that was not searched: the volume is a lower bound. */
  readonly atLeast: boolean;
  readonly included: boolean;
  readonly selectable: boolean;
  /** The mask was made in this session and can be erased. */
  readonly erasable: boolean;
}

type Sources = Pick<PanelState, 'vertebrae' | 'review' | 'lesions' | 'run' | 'order'>;

export function vertebraListRows({
  vertebrae: { reading, analysed = [] },
  review: { present },
  lesions,
  run,
  order,
}: Sources): VertebraListRow[] {
  if (reading.status !== 'ready') return [];
  const atWork = run.status === 'running' ? run.progress?.label : undefined;
  const rows = reading.value.map(entry =>
    vertebraListRow(entry, present, lesions?.rows ?? [], {
      atWork: entry.label === atWork,
      counts: analysed.find(({ label }) => label === entry.label),
    })
  );
  return order === 'level' ? rows : bySuspicion(rows);
}

/** What the findings of a vertebra say of its slices. */
export const countsOf = ({ label, slices, screened, skipped }: VertebraFindings): SliceCounts => ({
  label,
  searchedSlices: slices.length,
  screenedSlices: screened.length,
  skippedSlices: skipped,
});

/** Stable: equal rows stay in the order of the spine; what was not analysed comes last. */
export function bySuspicion(rows: readonly VertebraListRow[]): VertebraListRow[] {
  return [...rows].sort((a, b) => (b.probability ?? -1) - (a.probability ?? -1));
}

/** Of a vertebra, from outside its entry. */
interface Known {
  /** The networks are at it. */
  readonly atWork: boolean;
  /** It was analysed, in this session or as a stored result says. */
  readonly counts?: SliceCounts;
}

function vertebraListRow(
  entry: VertebraEntry,
  review: ReviewState,
  lesions: readonly LesionRow[],
  known: Known
): VertebraListRow {
  const { label, level, problem, failure, included, origin } = entry;
  const findings = review.findings.find(one => one.label === label);
  const kinds = new Set<Lesion3dKind>();
  const own = lesions.filter(row =>
    row.vertebraLabel === undefined ? row.level === level : row.vertebraLabel === label
  );
  for (const { kind } of own) kinds.add(kind);
  if (findings && own.length === 0) {
    for (const { kind, kept } of decidedCandidates(findings, review)) if (kept) kinds.add(kind);
  }
  return {
    label,
    level,
    status: statusOf(entry, review, known),
    reason: problem ?? failure,
    probability: entry.screened?.probability ?? findings?.malignancyProbability,
    seconds: entry.seconds,
    lytic: kinds.has('lytic'),
    blastic: kinds.has('blastic'),
    mixed: kinds.has('mixed'),
    millilitres: own.reduce((sum, { millilitres }) => sum + millilitres, 0),
    atLeast: own.some(({ atLeast }) => atLeast),
    included: included && !problem,
    selectable: !problem,
    erasable: origin !== undefined,
  };
}

function statusOf(
  { label, problem, failure, outdated, screened }: VertebraEntry,
  { reviewed }: ReviewState,
  { atWork, counts }: Known
): VertebraStatus {
  if (atWork) return 'running';
  if (screened) return 'queued';
  // What was analysed stays so, whatever became of its name or of another try: burden, report and files count it.
  if (!counts) return problem ? 'excluded' : failure ? 'failed' : 'not-analysed';
  if (outdated) return 'outdated';
  if (reviewed.includes(label)) return 'reviewed';
  return isOnlyScreened(counts) ? 'screened' : 'analysed';
}
