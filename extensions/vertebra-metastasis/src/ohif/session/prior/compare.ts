/** Compares the open study with an earlier one, a vertebra at a time: the panel stays usable meanwhile. */
import {
  analysedSliceMm,
  knownSearch,
  type LevelAlignment,
  levelAligner,
  levelOf,
  levelOrder,
  type SearchedParts,
  type StudyLesions,
  type VertebraLevel,
} from '../../../core';
import { emptyMap, isOneLesion } from '../../segmentation/lesionMap';
import { projectionOf } from '../review/show';
import { currentReview } from '../review/state';
import { nextFrame } from '../nextFrame';
import type { Session, SessionState } from '../store';
import { coverages } from '../vertebrae/coverage';
import { vertebraRowsOf } from '../vertebrae/state';
import type { AlignmentCache } from './state';

interface Steps {
  /** Called before each vertebra. */
  onProgress(done: number, total: number): void;
  /** Checked between vertebrae. */
  stillWanted(): boolean;
}

/** Made before, or none to be made; undefined when they have to be made. */
export function knownAlignments(
  cache: AlignmentCache | undefined,
  current: StudyLesions,
  prior: StudyLesions
): readonly LevelAlignment[] | undefined {
  const { bodies } = current;
  if (!bodies || !prior.bodies) return [];
  const same = cache?.bodies === bodies && cache.prior === prior && cache.names === namesOf(current);
  return same ? cache.alignments : undefined;
}

const namesOf = ({ vertebrae }: StudyLesions): string => JSON.stringify(vertebrae);

/**
 * Every vertebra that both studies have masks of: those without a lesion link the viewports.
 * @returns undefined when it was overtaken
 */
export async function alignAll(
  session: Session,
  current: StudyLesions,
  prior: StudyLesions,
  { onProgress, stillWanted }: Steps
): Promise<readonly LevelAlignment[] | undefined> {
  const { bodies } = current;
  if (!bodies) return [];
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
  session.patch('prior', { alignments: { bodies, prior, names: namesOf(current), alignments } });
  return alignments;
}

/** What was not searched of the bodies that were analysed; of stored results as far as their candidates could be placed. */
function searchOf(session: SessionState): SearchedParts {
  const review = currentReview(session);
  const { unsearched, onlyScreened } = knownSearch(coverages(session));
  const screened = new Map<VertebraLevel, ReadonlySet<number>>();
  for (const findings of session.review.pending ? [] : review.findings) {
    const projection = projectionOf(session, findings);
    if (!projection) continue;
    const level = levelOf(review, findings.label, findings.level);
    unsearched.set(level, new Set(projection.unknown));
    screened.set(level, new Set(projection.screened));
  }
  return { unsearched, screened, onlyScreened };
}

/** Undefined before anything was analysed or read. */
export function currentLesions(session: SessionState): StudyLesions | undefined {
  const { series } = session.ct;
  const { lesions } = session.review;
  const { bodies } = session.vertebrae;
  const vertebrae = vertebraRowsOf(session).map(({ label, level }) => ({ label, level }));
  const known = coverages(session);
  if (!series || (!lesions && known.length === 0)) return undefined;
  const { labelmap, segments } = lesions ?? emptyMap(series);
  return {
    labelmap,
    positionsMm: series.slicePositionsMm,
    segments: segments.map(segment => ({ ...segment, whole: isOneLesion(segment) })),
    bodies: bodies?.labelmap,
    vertebrae,
    ...(bodies ? { extents: bodies.extents } : {}),
    ...(known.length > 0 ? { analysedLevels: known.map(({ level }) => level) } : {}),
    ...searchOf(session),
    sliceMm: Math.max(0, ...currentReview(session).findings.map(analysedSliceMm)),
  };
}
