/** Which lesions are outlined in the viewports. */
import {
  crossSection,
  type Cut,
  decidedCandidates,
  lesionCut,
  type Lesion3d,
  offsetsWithin,
  unsearchedVoxels,
  type Vec3,
} from '../../../core';
import type { Hover } from '../../../ui';
import type { LesionMap } from '../../segmentation/lesionMap';
import type { OutlinedRegion } from '../../viewport/outlineLayer';
import type { App } from '../context';
import { readableCt } from '../ct/state';
import type { SessionState } from '../store';
import { projectionOf } from './show';
import { goToCandidate, goToLesion } from './focus';
import { lesionOf } from './state';

/** Keeps the outlines up to date. @returns a function that stops */
export function watchOutlines(app: App, hover: Hover): () => void {
  const { store, ports } = app;
  // The viewport clicked stays where it is; the others go to that place.
  const choose = (key: string, pointLps: Vec3) => {
    const context = app.context();
    if (lesionOf(context.session.state.review, key)) goToLesion(context, key, pointLps);
    else goToCandidate(context, { key, pointLps });
  };
  const cuts = new WeakMap<readonly number[], Cut>();
  let drawn: readonly unknown[] = [];
  const update = () => {
    const { session, preferences } = store.getState();
    const { lesions } = session.review;
    const { outlines } = preferences;
    const { history, pending, storedCoverage } = session.review;
    const searched = [session.vertebrae.bodies, history.present.findings, pending, storedCoverage];
    const inputs = [session.ct.series, lesions, session.focus.label, session.focus.key, outlines, ...searched];
    if (inputs.some((input, n) => input !== drawn[n])) {
      drawn = inputs;
      const found = outlines && lesions ? outlinedRegions(session, lesions, cuts) : [];
      const regions = outlines ? [...unsearchedRegions(session), ...found] : [];
      const ct = readableCt(session);
      if (ct && regions.length > 0) ports.outlines.show(ct.displaySet, regions, choose);
      else ports.outlines.clear();
      // Never both: the two lines of one lesion would run beside each other.
      ports.view.outline(outlines && found.length === 0);
    }
    ports.outlines.highlight([session.focus.lesion ?? session.focus.key, hover.get()]);
  };
  const stops = [store.subscribe(update), hover.subscribe(update)];
  return () => {
    for (const stop of stops) stop();
    ports.outlines.clear();
  };
}

/** All lesions; of the vertebra selected the rejected ones, too, and a region in focus that is no lesion. */
function outlinedRegions(
  { focus, review: { history } }: SessionState,
  { segments, rejected = [], labelmap }: LesionMap,
  cuts: WeakMap<readonly number[], Cut>
): OutlinedRegion[] {
  const cutOf = ({ offsets }: Lesion3d): Cut => {
    const cut = cuts.get(offsets) ?? lesionCut(offsets, labelmap);
    cuts.set(offsets, cut);
    return cut;
  };
  const found = [...segments, ...rejected.filter(({ vertebraLabel }) => vertebraLabel === focus.label)];
  const regions = found.flatMap(({ lesion, kind, index }) =>
    lesion ? [{ key: lesion.id, cut: cutOf(lesion), kind, kept: index > 0 }] : []
  );
  const isPart = found.some(({ lesion }) =>
    lesion?.slices.some(({ candidates }) => candidates.includes(focus.key ?? ''))
  );
  if (focus.key === undefined || isPart) return regions;
  const { present } = history;
  const alone = present.findings
    .filter(({ label }) => label === focus.label)
    .flatMap(findings => decidedCandidates(findings, present))
    .filter(({ key }) => key === focus.key);
  return [
    ...regions,
    ...alone.map(({ key, slice, candidate, kind, kept }) => ({
      key,
      kind,
      kept,
      cut: (plane: Parameters<Cut>[0]) => crossSection(slice.frame, candidate.mask, plane),
    })),
  ];
}

const shades = new WeakMap<object, Cut>();

/**
 * What was not searched, once something was: bodies without an analysis, and of bodies that were searched in part the rest. One in which
 * no slice was suspicious stays clear: the list calls it screened.
 */
function unsearchedRegions(session: SessionState): OutlinedRegion[] {
  const { bodies } = session.vertebrae;
  const { history, pending, storedCoverage = [] } = session.review;
  const { findings } = history.present;
  if (!bodies || pending || (findings.length === 0 && storedCoverage.length === 0)) return [];
  const { labelmap, extents } = bodies;
  const shade = (owner: object, offsets: () => ArrayLike<number>): Cut | undefined => {
    const known = shades.get(owner);
    if (known) return known;
    const voxels = Array.from(offsets());
    if (voxels.length === 0) return undefined;
    const cut = lesionCut(voxels, labelmap);
    shades.set(owner, cut);
    return cut;
  };
  return [...extents].flatMap(([label, extent]) => {
    const own = findings.find(one => one.label === label);
    const projection = own && projectionOf(session, own);
    // A stored result without its slices says that the body was analysed, and not where.
    if (!projection && storedCoverage.some(one => one.label === label)) return [];
    const cut = projection
      ? shade(projection, () => (own.slices.length > 0 ? [...unsearchedVoxels(projection)] : projection.unknown))
      : shade(extent, () => offsetsWithin(labelmap, extent));
    return cut ? [{ key: `unsearched ${label}`, cut, kind: 'lytic' as const, kept: false, shade: true }] : [];
  });
}
