/** Between review states and the lesions the viewer and the files hold. Pure; arrays given in are not modified. */
import {
  type ComposedSegment,
  InputError,
  LESION_FLAGS,
  type Labelmap,
  type Lesion3d,
  lesionNameKey,
  type LesionName,
  type Lesions3d,
  type Stroke,
} from '../../core';
import { type AlgorithmType, measuredHu, type MeasuredHu, newUid } from '../../dicom';
import { type LesionEntry, lesionFromName, type LesionMap, MOST_LESIONS } from './lesionMap';

/** What is known of a lesion beyond what follows from the review; kept when it vanishes and comes back. */
export interface Identity {
  readonly trackingUid: string;
  /** Where it was last, into the CT grid, ascending. */
  readonly offsets: readonly number[];
  readonly vertebraLabel?: number;
  /** What the CT said of it where it was last; a stored result is shown before its CT is read. */
  readonly measured?: MeasuredHu;
  /** As a stored result says; absent for what was found or drawn in this session. */
  readonly stored?: Pick<LesionEntry, 'algorithmType' | 'score' | 'confirmed'>;
}

/** By tracking UID. */
export type Identities = Map<string, Identity>;

/** @param offsets voxels of each segment, by its index @param measured by tracking UID, as the file says */
export function remember(
  identities: Identities,
  { segments }: Pick<LesionMap, 'segments'>,
  offsets: ReadonlyMap<number, readonly number[]>,
  measured: Readonly<Record<string, MeasuredHu>> = {}
): void {
  for (const { index, trackingUid, algorithmType, score, confirmed } of segments) {
    const stored = { algorithmType, score, confirmed };
    const known = measured[trackingUid] ?? identities.get(trackingUid)?.measured;
    identities.set(trackingUid, {
      trackingUid,
      offsets: offsets.get(index) ?? [],
      stored,
      ...(known ? { measured: known } : {}),
    });
  }
}

/**
 * Who each lesion is: the one it overlaps most, so that an identity survives other thresholds, strokes, splits and joins. Where two
 * lesions were one, the larger keeps the identity; what was known before and overlaps nothing now is kept for undo.
 */
export function identify(lesions: readonly Lesion3d[], identities: Identities): ReadonlyMap<Lesion3d, Identity> {
  const pairs = lesions.flatMap(lesion =>
    [...identities.values()].flatMap(identity => {
      const other = identity.vertebraLabel ?? lesion.vertebraLabel;
      const voxels = other === lesion.vertebraLabel ? overlap(lesion.offsets, identity.offsets) : 0;
      return voxels > 0 ? [{ lesion, identity, voxels }] : [];
    })
  );
  const found = new Map<Lesion3d, Identity>();
  const taken = new Set<string>();
  for (const { lesion, identity } of pairs.sort((a, b) => b.voxels - a.voxels)) {
    if (found.has(lesion) || taken.has(identity.trackingUid)) continue;
    taken.add(identity.trackingUid);
    found.set(lesion, identity);
  }
  for (const lesion of lesions) {
    const known = found.get(lesion) ?? { trackingUid: newUid() };
    const identity = { ...known, offsets: lesion.offsets, vertebraLabel: lesion.vertebraLabel };
    identities.set(identity.trackingUid, identity);
    found.set(lesion, identity);
  }
  return found;
}

/** Common values of two ascending lists. */
function overlap(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0 || a[a.length - 1] < b[0] || b[b.length - 1] < a[0]) return 0;
  let common = 0;
  for (let n = 0, m = 0; n < a.length && m < b.length; ) {
    if (a[n] === b[m]) common++;
    if (a[n] <= b[m]) n++;
    else m++;
  }
  return common;
}

export function lesionEntry(lesion: Lesion3d, { trackingUid, stored }: Omit<Identity, 'offsets'>): LesionEntry {
  const { index, name: label, level, vertebraLabel, kind, voxels, millilitres, touched, verdict, flags } = lesion;
  const { longestAxialMm, perpendicularAxialMm, longestMm } = lesion;
  const score = lesion.rawScore ?? stored?.score;
  const confirmed = verdict === 'accepted' || (!touched && stored?.confirmed) || false;
  return {
    index,
    label,
    level,
    vertebraLabel,
    kind,
    voxels,
    millilitres,
    ...(score === undefined ? {} : { score }),
    ...(confirmed ? { confirmed } : {}),
    ...(flags.includes('at-search-edge') ? { atLeast: true } : {}),
    algorithmType: algorithmTypeOf(lesion, stored?.algorithmType),
    trackingId: label,
    trackingUid,
    lesion,
    diameters: { longestAxialMm, perpendicularAxialMm, longestMm },
  };
}

/** Found and untouched, found and touched, or drawn. */
function algorithmTypeOf({ slices, touched }: Lesion3d, stored: AlgorithmType | undefined): AlgorithmType {
  const before = stored ?? (slices.length === 0 ? 'MANUAL' : 'AUTOMATIC');
  return touched && before === 'AUTOMATIC' ? 'SEMIAUTOMATIC' : before;
}

/**
 * The map that lesions are shown and saved as.
 * @param withCt they were measured on the CT; else what was measured before holds for the same voxels
 * @throws InputError 'too-many-lesions'
 */
export function lesionMap({ lesions, labelmap }: Lesions3d, identities: Identities, withCt = true): LesionMap {
  const kept = lesions.filter(({ index }) => index > 0).length;
  if (kept > MOST_LESIONS) throw new InputError('too-many-lesions', { found: kept, most: MOST_LESIONS });
  const known = identify(lesions, identities);
  const entries = lesions.map(lesion => {
    const identity = known.get(lesion)!;
    const measured = withCt ? measuredHu(lesion) : identity.measured;
    if (withCt) identities.set(identity.trackingUid, { ...identity, measured });
    return lesionEntry(measured && !withCt ? withHu(lesion, measured) : lesion, identity);
  });
  return {
    labelmap,
    segments: entries.filter(({ index }) => index > 0),
    rejected: entries.filter(({ index }) => index === 0),
  };
}

/** Of the lesions of a map, for the file. */
export function measuredOf({ segments }: Pick<LesionMap, 'segments'>): Record<string, MeasuredHu> {
  const known = segments.map(({ trackingUid, lesion }) => [trackingUid, lesion && measuredHu(lesion)] as const);
  return Object.fromEntries(known.flatMap(([uid, measured]) => (measured ? [[uid, measured]] : [])));
}

function withHu(lesion: Lesion3d, { voxels, huMean, unlikeKind }: MeasuredHu): Lesion3d {
  if (voxels !== lesion.voxels) return lesion;
  const flags = LESION_FLAGS.filter(flag => (flag === 'hu-unlike-kind' ? unlikeKind : lesion.flags.includes(flag)));
  return { ...lesion, huMean, flags };
}

export interface TakenStroke {
  readonly stroke: Stroke;
  /** Names of segments with voxels whose vertebra or kind cannot be told from their name. */
  readonly unnamed: readonly string[];
  /** The labels taken; voxels of segments without a usable name are still as before. */
  readonly taken: Labelmap['labels'];
}

/**
 * The difference between two states of the viewer's labelmap as a stroke.
 * @param shown segments the viewer was given
 * @param nameOf names of segments made in the viewer, "T10 lytic" is understood
 * @param resolve finds the vertebra mask of a level
 */
export function strokeBetween(
  before: Labelmap['labels'],
  after: Labelmap['labels'],
  { segments }: LesionMap,
  nameOf: (index: number) => string | undefined,
  resolve: (name: LesionName) => LesionName
): TakenStroke | undefined {
  const offsets: number[] = [];
  const taken = after.slice();
  const lesions: LesionName[] = [];
  const values = new Map<number, number | undefined>([[0, 0]]);
  const unnamed = new Set<string>();
  const valueOf = (index: number): number | undefined => {
    if (values.has(index)) return values.get(index);
    const text = nameOf(index) ?? `segment ${index}`;
    const known = segments.find(segment => segment.index === index) ?? lesionFromName(text);
    if (!known) unnamed.add(text);
    else
      lesions.push(
        resolve({
          vertebraLabel: 'vertebraLabel' in known ? known.vertebraLabel : undefined,
          level: known.level,
          kind: known.kind,
        })
      );
    values.set(index, known && lesions.length);
    return values.get(index);
  };
  for (let at = 0; at < after.length; at++) {
    if (before[at] === after[at]) continue;
    valueOf(before[at]);
    if (valueOf(after[at]) === undefined) taken[at] = before[at];
    else offsets.push(at);
  }
  if (offsets.length === 0 && unnamed.size === 0) return undefined;
  const stroke = {
    offsets: Uint32Array.from(offsets),
    values: Uint8Array.from(offsets, at => values.get(after[at]) ?? 0),
    lesions,
    touched: lesions,
  };
  return { stroke, unnamed: [...unnamed], taken };
}

/**
 * What a stored map has beyond, or without, what its candidates explain; undefined when nothing.
 * @param touched lesions that the file says were changed by hand
 */
export function residualStroke(
  stored: LesionMap,
  composed: Pick<LesionMap, 'labelmap'> & { readonly segments: readonly ComposedSegment[] },
  resolve: (name: LesionName) => LesionName,
  touched: readonly LesionName[] = []
): Stroke | undefined {
  const lesions: LesionName[] = [];
  const places = new Map<string, number>();
  const value = new Uint8Array(256);
  for (const { index, vertebraLabel, level, kind } of stored.segments) {
    const name = resolve({ vertebraLabel, level, kind });
    const key = lesionNameKey(name);
    if (!places.has(key)) places.set(key, lesions.push(name));
    value[index] = places.get(key)!;
  }
  // A mixed lesion is made of candidates of both kinds.
  const explains = ({ vertebraLabel, level, kind }: LesionName, name: LesionName) =>
    lesionNameKey({ vertebraLabel, level, kind }) === lesionNameKey(name) ||
    (name.kind === 'mixed' && vertebraLabel === name.vertebraLabel && level === name.level);
  const isExplained = new Uint8Array(256 * 256);
  isExplained[0] = 1;
  for (const segment of composed.segments) {
    lesions.forEach((name, n) => (isExplained[256 * (n + 1) + segment.index] = explains(segment, name) ? 1 : 0));
  }
  const [a, b] = [stored.labelmap.labels, composed.labelmap.labels];
  const offsets: number[] = [];
  for (let at = 0; at < a.length; at++) if (!isExplained[256 * value[a[at]] + b[at]]) offsets.push(at);
  if (offsets.length === 0 && touched.length === 0) return undefined;
  return {
    offsets: Uint32Array.from(offsets),
    values: Uint8Array.from(offsets, at => value[a[at]]),
    lesions,
    touched: touched.map(resolve),
  };
}
