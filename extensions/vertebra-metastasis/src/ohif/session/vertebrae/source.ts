/** Vertebrae from a DICOM SEG: read, cut to bodies, named by the user. */
import {
  bodyFromVertebra,
  type LabelExtent,
  labelExtents,
  type Labelmap,
  shiftLevels,
  type VertebraLevel,
} from '../../../core';
import { isLesionSeg, items, overlapNotes, readVertebrae, type VertebraMask, type VertebraMasks } from '../../../dicom';
import { type Choice, SESSION_VERTEBRAE_ID, type Problem, type VertebraEntry } from '../../../ui';
import { savedAt } from '../../archive/savedAt';
import type { DisplaySet } from '../../host/host';
import { toProblem } from '../../problems';
import { type Context } from '../context';
import { nextFrame } from '../nextFrame';
import { renameStep } from '../review/commit';
import { detachReview, restoreReview } from '../review/restore';
import type { SessionState } from '../store';
import { siteProblem, withDuplicates } from './rows';
import { leaveSessionVertebrae, openSessionVertebrae, relabelInSession, shiftInSession } from './sessionVertebrae';
import { usesSessionVertebrae, vertebraRowsOf } from './state';

/** Lists the segmentations of the study and opens the likeliest unless the user has chosen one. */
export function refreshVertebraSource(context: Context): void {
  const { ports, session } = context;
  const sources = ports.study.displaySets().filter(isVertebraSource);
  const series = session.state.ct.series?.seriesInstanceUID;
  // Of equally likely ones the last saved: bodies of ours are stored again when they were corrected.
  const likely = [...sources].sort(
    (a, b) =>
      likelihood(b, series) - likelihood(a, series) ||
      savedAt(b.instance ?? {}).localeCompare(savedAt(a.instance ?? {}))
  );
  session.patch('vertebrae', { segs: likely.map(choice) });
  if (!series || likely.length === 0 || usesSessionVertebrae(session.state)) return;
  const { selected } = session.state.vertebrae;
  const current = likely.find(set => set.displaySetInstanceUID === selected);
  const wanted = current && isInUse(session.state) ? current : likely[0];
  if (wanted.displaySetInstanceUID !== selected) void openSeg(context, wanted);
}

/** Something hangs on the source that is open, so that a likelier one that arrives does not take its place. */
function isInUse(session: SessionState): boolean {
  const { vertebrae, review, exports } = session;
  const analysed = vertebraRowsOf(session).some(({ analysis }) => analysis);
  return vertebrae.chosen || analysed || review.history.past.length > 0 || exports.savedBodies !== undefined;
}

/** @param uid of a SEG display set, or SESSION_VERTEBRAE_ID for the bodies of this session */
export function selectVertebrae(context: Context, uid: string): void {
  context.session.patch('vertebrae', { chosen: true });
  if (uid === SESSION_VERTEBRAE_ID) return openSessionVertebrae(context);
  const displaySet = context.ports.study.displaySets().find(set => set.displaySetInstanceUID === uid);
  if (!displaySet) return;
  leaveSessionVertebrae(context);
  void openSeg(context, displaySet);
}

/** Calls a vertebra by another level; results already there follow. */
export function relabel(context: Context, label: number, level: VertebraLevel): void {
  const { state } = context.session;
  const before = vertebraRowsOf(state).find(row => row.label === label)?.level;
  if (before === undefined || before === level) return;
  if (usesSessionVertebrae(state)) return relabelInSession(context, label, level);
  renameStep(context, { [label]: level });
}

/** Moves every level towards the pelvis (or, below 0, the head) by so many; beyond the end of the spine nothing moves. */
export function shiftAll(context: Context, steps: number): void {
  const { state } = context.session;
  if (usesSessionVertebrae(state)) return shiftInSession(context, steps);
  const rows = vertebraRowsOf(state);
  const shifted = shiftLevels(
    rows.map(({ level }) => level),
    steps
  );
  if (shifted.some(level => level === undefined)) return;
  renameStep(context, Object.fromEntries(rows.map(({ label }, n) => [label, shifted[n]!])));
}

async function openSeg(context: Context, source: DisplaySet): Promise<void> {
  const { ports, session } = context;
  const { series } = session.state.ct;
  if (!series || !source.instance) return;
  const id = source.displaySetInstanceUID;
  session.update(state => ({
    review: detachReview(state),
    vertebrae: { ...state.vertebrae, bodies: undefined, selected: id, reading: { status: 'loading' } },
  }));
  const stillWanted = () => !session.closed && session.state.vertebrae.selected === id;
  try {
    const masks = readVertebrae(await ports.study.readSeg(source.instance), series);
    if (!stillWanted()) return;
    const { bodies, problems } = await cutBodies(masks, (done, total) => {
      if (stillWanted()) session.patch('vertebrae', { reading: { status: 'loading', done, total } });
    });
    if (!stillWanted()) return;
    const extents = labelExtents(bodies);
    const value = withDuplicates(masks.vertebrae.map(mask => rowOf(mask, bodies, extents, problems.get(mask.label))));
    session.patch('vertebrae', {
      bodies: { labelmap: bodies, extents },
      unused: masks.unused,
      doubts: overlapNotes(masks).map(toProblem),
      reading: { status: 'ready', value },
    });
    restoreReview(context);
  } catch (error) {
    if (stillWanted()) session.patch('vertebrae', { reading: { status: 'error', problem: toProblem(error) } });
  }
}

/** Whole-vertebra masks cut to the body, one at a time so that the page stays alive; body masks are taken as they are. */
async function cutBodies(
  { labelmap, vertebrae }: VertebraMasks,
  onProgress: (done: number, total: number) => void
): Promise<{ bodies: Labelmap; problems: Map<number, Problem> }> {
  const labels = labelmap.labels.slice();
  const problems = new Map<number, Problem>();
  const whole = vertebrae.filter(({ region }) => region === 'vertebra');
  const extents = labelExtents(labelmap);
  for (const { label } of whole) {
    const extent = extents.get(label);
    clear(labels, label);
    try {
      for (const offset of bodyFromVertebra(labelmap, label, extent)) labels[offset] = label;
    } catch (error) {
      problems.set(label, toProblem(error));
    }
    onProgress(whole.findIndex(mask => mask.label === label) + 1, whole.length);
    await nextFrame();
  }
  return { bodies: { ...labelmap, labels }, problems };
}

function clear(labels: Labelmap['labels'], label: number): void {
  for (let at = labels.indexOf(label); at >= 0; at = labels.indexOf(label, at + 1)) labels[at] = 0;
}

function rowOf(
  { label, level, name }: VertebraMask,
  bodies: Labelmap,
  extents: ReadonlyMap<number, LabelExtent>,
  cutProblem: Problem | undefined
): VertebraEntry {
  const problem = cutProblem ?? siteProblem(bodies, label, level, extents);
  const centreLps = extents.get(label)?.centreLps ?? [NaN, NaN, NaN];
  return { label, level, given: level, sourceName: name, included: !problem, centreLps, problem };
}

function isVertebraSource({ Modality, instance }: DisplaySet): boolean {
  return (
    Modality === 'SEG' &&
    instance !== undefined &&
    items(instance, 'SegmentSequence').length > 0 &&
    !isLesionSeg(instance)
  );
}

/** Drawn on this CT counts most, then how many segments sound like vertebrae. */
function likelihood({ instance, referencedSeriesInstanceUID }: DisplaySet, series: string | undefined): number {
  const names = items(instance ?? {}, 'SegmentSequence').map(segment => String(segment.SegmentLabel ?? ''));
  const vertebrae = names.filter(name => /vert|^[CTL]\d|^\d+$/i.test(name)).length;
  return (referencedSeriesInstanceUID === series ? 1000 : 0) + vertebrae;
}

function choice({ displaySetInstanceUID, SeriesDescription, SeriesNumber, instance }: DisplaySet): Choice {
  const count = items(instance ?? {}, 'SegmentSequence').length;
  return { id: displaySetInstanceUID, label: `${SeriesNumber ?? ''} ${SeriesDescription || 'SEG'} (${count})`.trim() };
}
