/** Between review states and the lesions the viewer and the files hold. Pure; arrays given in are not modified. */
import {
  type ComposedSegment,
  type Labelmap,
  lesionNameKey,
  type LesionName,
  reportedMillilitres,
  type Stroke,
} from '../../core';
import { type AlgorithmType, newUid } from '../../dicom';
import { type LesionEntry, lesionFromName, type LesionMap } from './lesionMap';

/** What is known of a lesion beyond its voxels; kept when it vanishes and comes back. */
export interface Identity {
  readonly trackingUid: string;
  /** As a stored result says; absent for what was found or drawn in this session. */
  readonly stored?: Pick<LesionEntry, 'algorithmType' | 'score' | 'confirmed'>;
}

/** By `lesionNameKey`. */
export type Identities = Map<string, Identity>;

export function remember(identities: Identities, { segments }: LesionMap, nameOf: (entry: LesionEntry) => LesionName) {
  for (const entry of segments) {
    const { trackingUid, algorithmType, score, confirmed } = entry;
    identities.set(lesionNameKey(nameOf(entry)), { trackingUid, stored: { algorithmType, score, confirmed } });
  }
}

export function lesionEntry(segment: ComposedSegment, identities: Identities): LesionEntry {
  const { index, level, vertebraLabel, kind, voxels, millilitres, touched } = segment;
  const key = lesionNameKey(segment);
  const identity = identities.get(key) ?? { trackingUid: newUid() };
  identities.set(key, identity);
  const { stored } = identity;
  const score = segment.score ?? stored?.score;
  const confirmed = segment.confirmed || (!touched && stored?.confirmed) || false;
  return {
    ...{ index, level, vertebraLabel, kind, voxels, millilitres: reportedMillilitres(millilitres) },
    ...(score === undefined ? {} : { score }),
    ...(confirmed ? { confirmed } : {}),
    algorithmType: algorithmTypeOf(segment, stored?.algorithmType),
    trackingId: `${level} ${kind} lesion`,
    trackingUid: identity.trackingUid,
  };
}

/** Found and untouched, found and touched, or drawn. */
function algorithmTypeOf({ score, touched }: ComposedSegment, stored: AlgorithmType | undefined): AlgorithmType {
  const before = stored ?? (score === undefined ? 'MANUAL' : 'AUTOMATIC');
  return touched && before === 'AUTOMATIC' ? 'SEMIAUTOMATIC' : before;
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
    ...{ lesions, touched: lesions },
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
  const lesions = stored.segments.map(({ vertebraLabel, level, kind }) => resolve({ vertebraLabel, level, kind }));
  const value = new Uint8Array(256);
  stored.segments.forEach(({ index }, n) => (value[index] = n + 1));
  const explained = new Uint8Array(256);
  for (const segment of composed.segments) {
    // 255 is no stored lesion, so that voxels of a lesion the file does not have are cleared.
    explained[segment.index] = lesions.findIndex(name => lesionNameKey(name) === lesionNameKey(segment)) + 1 || 255;
  }
  const [a, b] = [stored.labelmap.labels, composed.labelmap.labels];
  const offsets: number[] = [];
  for (let at = 0; at < a.length; at++) if (value[a[at]] !== explained[b[at]]) offsets.push(at);
  if (offsets.length === 0 && touched.length === 0) return undefined;
  return {
    offsets: Uint32Array.from(offsets),
    values: Uint8Array.from(offsets, at => value[a[at]]),
    ...{ lesions, touched: touched.map(resolve) },
  };
}
