/** Where the vertebrae are: read from a DICOM SEG, cut to bodies, corrected by the user. */
import {
  bodyFromVertebra,
  InputError,
  labelExtents,
  levelOrder,
  type LabelExtent,
  type Labelmap,
  patchSite,
  type PatchSpec,
  unanalysable,
  type VertebraLevel,
} from '../../core';
import { isLesionSeg, items, readVertebrae, type VertebraMask, type VertebraMasks } from '../../dicom';
import type { Choice, Problem, VertebraEntry } from '../../ui';
import type { DisplaySet } from '../host';
import { belongsTo, renameVertebra } from '../lesionMap';
import { toProblem } from '../problems';
import { type Context, nextFrame, patch } from './context';
import { showLesions, takeEdits } from './lesions';

/** The published model's patches, for checks made before a model is loaded. */
const PUBLISHED_SPEC: PatchSpec = {
  size: 64,
  spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 },
};

const DUPLICATE = 'duplicate-level';

/** Lists the segmentations of the study and opens the likeliest unless the user has chosen one. */
export function refreshVertebraSource(context: Context): void {
  const { ports, session, store } = context;
  const sources = ports.study.displaySets().filter(isVertebraSource);
  const series = session.ct?.series.seriesInstanceUID;
  const likely = [...sources].sort((a, b) => likelihood(b, series) - likelihood(a, series));
  patch(context, 'vertebrae', { choices: likely.map(choice) });
  if (!session.ct || likely.length === 0) return;
  const { selected } = store.get().vertebrae;
  const current = likely.find(set => set.displaySetInstanceUID === selected);
  const wanted = current && (session.segChosen || hasAnalyses(context)) ? current : likely[0];
  if (wanted.displaySetInstanceUID !== selected) void openSource(context, wanted);
}

/** @param uid of a SEG display set */
export function selectVertebrae(context: Context, uid: string): void {
  const displaySet = context.ports.study.displaySets().find(set => set.displaySetInstanceUID === uid);
  if (!displaySet) return;
  context.session.segChosen = true;
  void openSource(context, displaySet);
}

/** Calls a vertebra by another level; results already there follow. */
export function relabel(context: Context, label: number, level: VertebraLevel): void {
  const { session } = context;
  const before = entries(context).find(entry => entry.label === label)?.level;
  if (before === undefined || before === level) return;
  const renamed = entries(context).map(entry =>
    entry.label === label ? { ...entry, level, analysis: entry.analysis && { ...entry.analysis, level } } : entry
  );
  const checked = renamed.map(entry => {
    const stale = entry.label === label || entry.problem?.code === DUPLICATE;
    return stale ? { ...entry, problem: siteProblem(session.bodies, entry.label, entry.level) } : entry;
  });
  patch(context, 'vertebrae', { reading: { status: 'ready', value: withDuplicates(checked) } });
  takeEdits(context);
  const vertebra = { label, level: before };
  if (!session.lesions?.segments.some(segment => belongsTo(segment, vertebra))) return;
  const origin = context.store.get().lesions?.origin ?? 'analysis';
  void showLesions(context, renameVertebra(session.lesions, vertebra, level), origin);
}

/** Two masks of one name cannot be told apart in the results: neither is analysed until one is corrected. */
function withDuplicates(list: readonly VertebraEntry[]): VertebraEntry[] {
  const named = [...list].sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || a.label - b.label);
  return named.map(entry => {
    const twins = list.filter(({ level }) => level === entry.level);
    if (twins.length < 2 || entry.problem) return entry;
    const names = twins.map(({ sourceName }) => `“${sourceName}”`).join(' and ');
    const error = new InputError(DUPLICATE, `${names} are both called ${entry.level}; correct one of them.`);
    return { ...entry, problem: toProblem(error) };
  });
}

export function changeEntry(context: Context, label: number, change: (entry: VertebraEntry) => VertebraEntry): void {
  const { reading } = context.store.get().vertebrae;
  if (reading.status !== 'ready') return;
  const value = reading.value.map(entry => (entry.label === label ? change(entry) : entry));
  patch(context, 'vertebrae', { reading: { status: 'ready', value } });
}

export function entries({ store }: Context): readonly VertebraEntry[] {
  const { reading } = store.get().vertebrae;
  return reading.status === 'ready' ? reading.value : [];
}

function hasAnalyses(context: Context): boolean {
  return entries(context).some(({ analysis }) => analysis);
}

async function openSource(context: Context, source: DisplaySet): Promise<void> {
  const { ports, session, store } = context;
  const ct = session.ct;
  if (!ct || !source.instance) return;
  const id = source.displaySetInstanceUID;
  session.bodies = undefined;
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
    const unused = masks.unused.map(({ name, reason }) => `${name}: ${reason}`);
    patch(context, 'vertebrae', { reading: { status: 'ready', value }, unused });
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

/** Why this body cannot be analysed, in the words of the analysis itself. */
function siteProblem(
  bodies: Labelmap | undefined,
  label: number,
  level: VertebraLevel,
  extents?: ReadonlyMap<number, LabelExtent>
): Problem | undefined {
  const reason = unanalysable(level);
  if (reason) return toProblem(new InputError('no-body', `${reason}; it is left out.`));
  if (!bodies) return undefined;
  try {
    patchSite(bodies, label, PUBLISHED_SPEC, extents);
    return undefined;
  } catch (error) {
    return toProblem(error);
  }
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
