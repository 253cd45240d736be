/** Compares the open study with an earlier one, a vertebra at a time: the panel stays usable meanwhile. */
import {
  compareStudies,
  type Comparison,
  type Labelmap,
  labelExtents,
  type LevelAlignment,
  levelAligner,
  levelOrder,
  type StudyLesions,
} from '../../core';
import { emptyMap } from '../segmentation/lesionMap';
import { type Context, nextFrame } from './context';
import { coverages } from './coverage';
import { entries } from './vertebrae';

/** Alignments depend on the bodies alone, so decisions and strokes need no new ones. */
export interface AlignmentCache {
  readonly bodies: Labelmap;
  readonly prior: StudyLesions;
  /** Level by label: a corrected name belongs to another body of the earlier study. */
  readonly names: string;
  readonly alignments: readonly LevelAlignment[];
}

interface Steps {
  /** Called before each vertebra. */
  onProgress(done: number, total: number): void;
  /** Checked between vertebrae. */
  stillWanted(): boolean;
}

/** @returns undefined when it was overtaken or there is nothing to compare */
export async function compareWith(
  context: Context,
  prior: StudyLesions,
  steps: Steps
): Promise<Comparison | undefined> {
  const current = currentLesions(context);
  if (!current) return undefined;
  const alignments = await alignAll(context, current, prior, steps);
  if (!alignments || !steps.stillWanted()) return undefined;
  return compareStudies(current, prior, alignments);
}

/** Every vertebra that both studies have masks of: those without a lesion link the viewports. */
async function alignAll(
  { session }: Context,
  current: StudyLesions,
  prior: StudyLesions,
  { onProgress, stillWanted }: Steps
): Promise<readonly LevelAlignment[] | undefined> {
  const { bodies } = current;
  if (!bodies || !prior.bodies) return [];
  const names = JSON.stringify(current.vertebrae);
  const cache = session.alignmentCache;
  if (cache && cache.bodies === bodies && cache.prior === prior && cache.names === names) return cache.alignments;
  const shared = current.vertebrae
    .map(({ level }) => level)
    .filter(level => prior.vertebrae.some(one => one.level === level))
    .sort((a, b) => levelOrder(a) - levelOrder(b));
  const align = levelAligner(current, prior);
  const alignments: LevelAlignment[] = [];
  for (const [done, level] of shared.entries()) {
    onProgress(done, shared.length);
    await nextFrame();
    if (!stillWanted()) return undefined;
    const alignment = align(level);
    if (alignment) alignments.push(alignment);
  }
  session.alignmentCache = { bodies, prior, names, alignments };
  return alignments;
}

/** Undefined before anything was analysed or read. */
function currentLesions(context: Context): StudyLesions | undefined {
  const { session } = context;
  const { ct, lesions, bodies } = session;
  const vertebrae = entries(context).map(({ label, level }) => ({ label, level }));
  const known = coverages(context);
  if (!ct || (!lesions && known.length === 0)) return undefined;
  const { labelmap, segments } = lesions ?? emptyMap(ct.series);
  return {
    labelmap,
    positionsMm: ct.series.slicePositionsMm,
    segments,
    ...{ bodies, vertebrae },
    ...(bodies ? { extents: (session.extents ??= labelExtents(bodies)) } : {}),
    ...(known.length > 0 ? { analysedLevels: known.map(({ level }) => level) } : {}),
  };
}
