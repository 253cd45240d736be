/** Drafts out of a session, and the voxels back from them. */
import type { Labelmap } from '../../../core';
import { stateToSave } from '../exports/content';
import { currentProvenance } from '../review/state';
import type { SessionState } from '../store';
import { usesSessionVertebrae } from '../vertebrae/state';
import type { LesionMap } from '../../segmentation/lesionMap';
import type { Draft, Voxels } from './state';

export function draftKey({ ct: { displaySet } }: Pick<SessionState, 'ct'>): string | undefined {
  return displaySet && `${displaySet.StudyInstanceUID}/${displaySet.SeriesInstanceUID}`;
}

export function draftOf(session: SessionState, at: number): Draft | undefined {
  const key = draftKey(session);
  if (key === undefined) return undefined;
  const { review, planning, vertebrae, run } = session;
  const provenance = currentProvenance(session);
  const { worksheets } = planning;
  const own = usesSessionVertebrae(session) ? vertebrae.session : undefined;
  return {
    key,
    at,
    worksheets,
    ...(provenance ? { state: stateToSave(session, provenance) } : {}),
    ...(review.lesions ? { lesions: packedLesions(review.lesions) } : {}),
    ...(own ? { bodies: { ...packed(own.map), lastIndex: own.lastIndex } } : {}),
    // An earlier analysis of a vertebra does not finish this one.
    unfinished: (run.job?.targets ?? []).flatMap(({ label, level }) => (run.job?.finished.has(label) ? [] : [level])),
  };
}

/** What a draft's review says of its lesions is found again when it is taken up. */
function packedLesions({ labelmap, segments }: LesionMap) {
  return packed({ labelmap, segments: segments.map(segment => ({ ...segment, lesion: undefined })) });
}

function packed<S>({ labelmap, segments }: { readonly labelmap: Labelmap; readonly segments: readonly S[] }) {
  const { labels } = labelmap;
  let count = 0;
  for (let at = 0; at < labels.length; at++) if (labels[at]) count++;
  const voxels = { offsets: new Uint32Array(count), values: new Uint8Array(count) };
  for (let at = 0, n = 0; at < labels.length; at++) {
    if (!labels[at]) continue;
    voxels.offsets[n] = at;
    voxels.values[n++] = labels[at];
  }
  return { voxels, segments };
}

/** @param grid of the CT */
export function unpacked<S>(
  { voxels: { offsets, values }, segments }: { readonly voxels: Voxels; readonly segments: readonly S[] },
  { dims, indexToLps }: Pick<Labelmap, 'dims' | 'indexToLps'>
): { readonly labelmap: Labelmap; readonly segments: readonly S[] } {
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  offsets.forEach((offset, n) => (labels[offset] = values[n]));
  return { labelmap: { dims, indexToLps, labels }, segments };
}
