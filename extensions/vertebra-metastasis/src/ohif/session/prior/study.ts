/** Reads an earlier study's lesions and vertebral bodies, without showing anything. */
import {
  analysedSliceMm,
  bodyFromVertebra,
  InputError,
  knownSearch,
  type Labelmap,
  labelExtents,
  levelOf,
  projectVertebra,
  type Provenance,
  type SearchedParts,
  type StudyLesions,
  type VertebraLevel,
} from '../../../core';
import {
  type CtSeries,
  ctSeries,
  type LesionSegContent,
  type NaturalizedInstance,
  readCoverage,
  readLesionSeg,
  readProvenance,
  readReview,
  readVertebrae,
} from '../../../dicom';
import type { PriorArchive } from '../../archive/priorArchive';
import { isOneLesion } from '../../segmentation/lesionMap';
import { nextFrame } from '../nextFrame';
import { type PriorStudy, referencedSeriesUid } from './search';

export interface OpenedPrior {
  readonly study: PriorStudy;
  readonly series: CtSeries;
  readonly content: LesionSegContent;
  readonly lesions: StudyLesions;
  readonly provenance?: Provenance;
}

type ReadSeg = (reference: NaturalizedInstance) => Promise<NaturalizedInstance>;

/**
 * @param levels whose bodies are needed besides those with a prior lesion
 * @throws InputError 'prior-ct', what `readLesionSeg` and the archive throw
 */
export async function openPrior(
  archive: PriorArchive,
  readSeg: ReadSeg,
  study: PriorStudy,
  levels: readonly VertebraLevel[]
): Promise<OpenedPrior> {
  const uid = referencedSeriesUid(study.seg);
  const instances = uid ? await archive.metadata(study.studyInstanceUid, uid) : [];
  if (instances.length === 0) {
    throw new InputError('prior-ct');
  }
  const series = ctSeries([...instances]);
  const content = readLesionSeg(await readSeg(study.seg), series);
  const needed = [...new Set([...levels, ...content.segments.map(({ level }) => level)])];
  const masks = await bodiesOf(archive, readSeg, study, series, needed);
  const lesions: StudyLesions = {
    labelmap: content.labelmap,
    positionsMm: series.slicePositionsMm,
    segments: content.segments.map(segment => ({ ...segment, whole: isOneLesion(segment) })),
    vertebrae: [],
    ...masks,
    analysedLevels: readCoverage(content.state)?.map(({ level }) => level) ?? content.withoutLesion,
    ...searchOf(content.state, masks),
    sliceMm: Math.max(0, ...(readReview(content.state)?.findings ?? []).map(analysedSliceMm)),
  };
  return { study, series, content, lesions, provenance: readProvenance(content.state) };
}

/** What the stored analysis did not search of each body; levels of which that cannot be told are not in it. */
function searchOf(state: unknown, masks: Pick<StudyLesions, 'bodies' | 'vertebrae'> | undefined): SearchedParts {
  // Searched as a whole is known without a mask.
  const { unsearched, onlyScreened } = knownSearch(readCoverage(state) ?? []);
  const screened = new Map<VertebraLevel, ReadonlySet<number>>();
  const review = readReview(state);
  if (!review || !masks?.bodies) return { unsearched, screened, onlyScreened };
  const { bodies, vertebrae } = masks;
  const extents = labelExtents(bodies);
  for (const findings of review.findings) {
    const level = levelOf(review, findings.label, findings.level);
    const label = vertebrae.find(one => one.level === level)?.label;
    const extent = label === undefined ? undefined : extents.get(label);
    if (!extent) continue;
    const projection = projectVertebra(bodies, extent, findings);
    unsearched.set(level, new Set(projection.unknown));
    screened.set(level, new Set(projection.screened));
  }
  return { unsearched, screened, onlyScreened };
}

/** Bodies from the first other SEG with vertebrae on this CT; without any, lesions are matched by level alone. */
async function bodiesOf(
  archive: PriorArchive,
  readSeg: ReadSeg,
  study: PriorStudy,
  series: CtSeries,
  levels: readonly VertebraLevel[]
): Promise<Pick<StudyLesions, 'bodies' | 'vertebrae'> | undefined> {
  for (const uid of study.otherSegSeries) {
    const [seg] = await archive.metadata(study.studyInstanceUid, uid);
    if (!seg || referencedSeriesUid(seg) !== series.seriesInstanceUID) continue;
    try {
      const masks = readVertebrae(await readSeg(seg), series);
      const vertebrae = masks.vertebrae.filter(({ level }) => levels.includes(level));
      return { bodies: await cut(masks.labelmap, vertebrae), vertebrae };
    } catch (error) {
      // Not a segmentation of vertebrae, or one that cannot be placed: the next may do.
      if (!(error instanceof InputError)) throw error;
    }
  }
  return undefined;
}

/** Only the bodies that are needed; whole vertebrae are cut to their body. */
async function cut(
  labelmap: Labelmap,
  vertebrae: readonly { label: number; region: 'body' | 'vertebra' }[]
): Promise<Labelmap> {
  const extents = labelExtents(labelmap);
  const bodyLabels = new Set(vertebrae.filter(({ region }) => region === 'body').map(({ label }) => label));
  const labels = labelmap.labels.map(label => (bodyLabels.has(label) ? label : 0));
  for (const { label, region } of vertebrae) {
    if (region === 'body') continue;
    try {
      for (const offset of bodyFromVertebra(labelmap, label, extents.get(label))) labels[offset] = label;
    } catch (error) {
      // A vertebra cut by the border has no usable body; its lesions are matched by level.
      if (!(error instanceof InputError)) throw error;
    }
    await nextFrame();
  }
  return { ...labelmap, labels };
}
