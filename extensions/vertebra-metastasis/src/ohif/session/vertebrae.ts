/** Where the vertebrae are: read from a DICOM SEG, cut to bodies, corrected by the user. */
import {
  bodyFromVertebra,
  type LabelExtent,
  labelExtents,
  type Labelmap,
  shiftLevels,
  type VertebraLevel,
} from '../../core';
import { isLesionSeg, items, readVertebrae, type VertebraMask, type VertebraMasks } from '../../dicom';
import { type Choice, FOUND_ID, type Problem, type VertebraEntry } from '../../ui';
import type { DisplaySet } from '../host/host';
import { toProblem } from '../problems';
import { savedAt } from '../archive/savedAt';
import { type Context, nextFrame, patch } from './context';
import { DUPLICATE, entries, siteProblem, withDuplicates } from './entries';
import { foundChoice, leaveFound, openFound, relabelFound, shiftFound } from './found';
import { takeEdits } from './lesions';
import { renameInReview } from './review';
import { establish, freezeReview } from './storedReview';

export { changeEntry, entries } from './entries';

/** Lists the segmentations of the study and opens the likeliest unless the user has chosen one. */
export function refreshVertebraSource(context: Context): void {
  const { ports, session, store } = context;
  const sources = ports.study.displaySets().filter(isVertebraSource);
  const series = session.ct?.series.seriesInstanceUID;
  // Of equally likely ones the last saved: bodies of ours are stored again when they were corrected.
  const likely = [...sources].sort(
    (a, b) =>
      likelihood(b, series) - likelihood(a, series) ||
      savedAt(b.instance ?? {}).localeCompare(savedAt(a.instance ?? {}))
  );
  const { selected } = store.get().vertebrae;
  patch(context, 'vertebrae', { choices: [...likely.map(choice), ...foundChoice(session)] });
  if (!session.ct || likely.length === 0 || selected === FOUND_ID) return;
  const current = likely.find(set => set.displaySetInstanceUID === selected);
  const inUse = session.segChosen || hasAnalyses(context) || session.review.past.length > 0 || session.savedBodies;
  const wanted = current && inUse ? current : likely[0];
  if (wanted.displaySetInstanceUID !== selected) void openSource(context, wanted);
}

/** @param uid of a SEG display set, or FOUND_ID for the bodies of this session */
export function selectVertebrae(context: Context, uid: string): void {
  context.session.segChosen = true;
  if (uid === FOUND_ID) return openFound(context);
  const displaySet = context.ports.study.displaySets().find(set => set.displaySetInstanceUID === uid);
  if (!displaySet) return;
  leaveFound(context);
  void openSource(context, displaySet);
}

/** Calls a vertebra by another level; results already there follow. */
export function relabel(context: Context, label: number, level: VertebraLevel): void {
  const before = entries(context).find(entry => entry.label === label)?.level;
  if (before === undefined || before === level) return;
  if (context.store.get().vertebrae.selected === FOUND_ID) return relabelFound(context, label, level);
  rename(context, { [label]: level });
}

/** Moves every level towards the pelvis (1) or the head (-1); at the end of the spine nothing moves. */
export function shiftAll(context: Context, steps: 1 | -1): void {
  if (context.store.get().vertebrae.selected === FOUND_ID) return shiftFound(context, steps);
  const rows = entries(context);
  const shifted = shiftLevels(
    rows.map(({ level }) => level),
    steps
  );
  if (shifted.some(level => level === undefined)) return;
  rename(context, Object.fromEntries(rows.map(({ label }, n) => [label, shifted[n]!])));
}

function rename(context: Context, levels: Readonly<Record<number, VertebraLevel>>): void {
  const { session } = context;
  const renamed = entries(context).map(entry => {
    const level = levels[entry.label];
    return level ? { ...entry, level, analysis: entry.analysis && { ...entry.analysis, level } } : entry;
  });
  const checked = renamed.map(entry => {
    const unsure = entry.label in levels || entry.problem?.code === DUPLICATE;
    return unsure ? { ...entry, problem: siteProblem(session.bodies, entry.label, entry.level) } : entry;
  });
  patch(context, 'vertebrae', { reading: { status: 'ready', value: withDuplicates(checked) } });
  takeEdits(context);
  renameInReview(context, levels);
}

function hasAnalyses(context: Context): boolean {
  return entries(context).some(({ analysis }) => analysis);
}

async function openSource(context: Context, source: DisplaySet): Promise<void> {
  const { ports, session, store } = context;
  const ct = session.ct;
  if (!ct || !source.instance) return;
  const id = source.displaySetInstanceUID;
  freezeReview(context);
  session.bodies = session.extents = undefined;
  patch(context, 'vertebrae', { selected: id, reading: { status: 'loading' } });
  const stillWanted = () => !session.disposed && session.ct === ct && store.get().vertebrae.selected === id;
  try {
    const masks = readVertebrae(await ports.study.readSeg(source.instance), ct.series);
    if (!stillWanted()) return;
    const { bodies, problems } = await cutBodies(masks, (done, total) => {
      if (stillWanted()) patch(context, 'vertebrae', { reading: { status: 'loading', done, total } });
    });
    if (!stillWanted()) return;
    session.bodies = bodies;
    const extents = labelExtents(bodies);
    const value = withDuplicates(masks.vertebrae.map(mask => entry(mask, bodies, extents, problems.get(mask.label))));
    patch(context, 'vertebrae', { reading: { status: 'ready', value }, unused: masks.unused });
    establish(context);
  } catch (error) {
    if (stillWanted()) patch(context, 'vertebrae', { reading: { status: 'error', problem: toProblem(error) } });
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

function entry(
  { label, level, name }: VertebraMask,
  bodies: Labelmap,
  extents: ReadonlyMap<number, LabelExtent>,
  cutProblem: Problem | undefined
): VertebraEntry {
  const problem = cutProblem ?? siteProblem(bodies, label, level, extents);
  const centreLps = extents.get(label)?.centreLps ?? [NaN, NaN, NaN];
  return { label, level, sourceName: name, included: !problem, centreLps, problem };
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
