/** What the user has selected, in the panel and in the viewports. */
import { innerPoint, labelOfKey, type Vec3 } from '../../../core';
import {
  type FocusActions,
  initialFocus,
  lesionRange,
  neighbourCandidate,
  neighbourLesion,
  neighbourVertebra,
  type PanelState,
  tellingSlice,
} from '../../../ui';
import { innerVoxelLps } from '../../segmentation/centroid';
import type { Context } from '../context';
import { bodyCorners, vertebraRowsOf } from '../vertebrae/state';

export function goToVertebra({ session, ports }: Context, label: number): void {
  const row = vertebraRowsOf(session.state).find(one => one.label === label);
  if (!row) return;
  if (session.state.focus.label !== label) session.update(() => ({ focus: { label, selected: [] } }));
  if (!row.centreLps.every(Number.isFinite)) return;
  const corners = bodyCorners(session.state, label);
  if (corners) ports.navigation.closeUp(row.centreLps, corners);
  else ports.navigation.goTo(row.centreLps);
}

export function goToCandidate(
  { session, ports }: Context,
  { key, pointLps }: Parameters<FocusActions['goToCandidate']>[0]
): void {
  const label = labelOfKey(key);
  const { lesions } = session.state.review;
  const all = lesions ? [...lesions.segments, ...(lesions.rejected ?? [])] : [];
  const lesion = all.find(one => one.lesion?.slices.some(({ candidates }) => candidates.includes(key)))?.lesion?.id;
  session.update(({ focus }) => ({ focus: { label, lesion, key, selected: focus.selected } }));
  ports.navigation.goTo(pointLps);
}

/** @param pointLps where it was clicked; default: its middle */
export function goToLesion({ session, ports }: Context, id: string, pointLps?: Vec3): void {
  const { lesions } = session.state.review;
  const all = lesions ? [...lesions.segments, ...(lesions.rejected ?? [])] : [];
  const entry = all.find((one, n) => (one.lesion?.id ?? `stored ${all[n].index}`) === id);
  if (!entry || !lesions) return;
  const { lesion, vertebraLabel, index } = entry;
  const key = lesion && tellingSlice(lesion)?.candidates[0];
  session.update(({ focus }) => ({ focus: { label: vertebraLabel, lesion: id, key, selected: focus.selected } }));
  const point =
    pointLps ?? (lesion ? innerPoint(lesion.offsets, lesions.labelmap) : innerVoxelLps(lesions.labelmap, index));
  if (!point) return;
  const corners = vertebraLabel === undefined ? undefined : bodyCorners(session.state, vertebraLabel);
  // Where it was clicked the image stays as it is.
  if (corners && !pointLps) ports.navigation.closeUp(point, corners);
  else ports.navigation.goTo(point);
}

export function toggleSelected({ session }: Context, id: string): void {
  session.patch('focus', ({ selected }) => {
    const others = selected.filter(one => one !== id);
    return { selected: others.length < selected.length ? others : [...others, id] };
  });
}

export function selectRange({ session }: Context, panel: PanelState, id: string): void {
  const from = panel.focus.lesion ?? panel.focus.selected.at(-1);
  session.patch('focus', ({ selected }) => ({
    selected: [...new Set([...selected, ...lesionRange(panel, from, id)])],
  }));
}

export function nextLesion(context: Context, panel: PanelState, step: 1 | -1): void {
  const row = neighbourLesion(panel, step);
  if (row) goToLesion(context, row.id);
}

export function closeVertebra({ session, ports }: Context): void {
  session.update(() => ({ focus: initialFocus }));
  ports.navigation.overview();
}

/** @param panel as it is shown: the order of its lists is the order of the steps */
export function nextVertebra(context: Context, panel: PanelState, step: 1 | -1): void {
  const label = neighbourVertebra(panel, step);
  if (label !== undefined) goToVertebra(context, label);
}

export function nextCandidate(context: Context, panel: PanelState, step: 1 | -1): void {
  const row = neighbourCandidate(panel, step);
  if (row) goToCandidate(context, row);
}
