/** Names of segments that a person gives in the viewer's own list: taken over where they say vertebra and kind, explained where not. */
import { addStroke, InputError, type LesionName } from '../../../core';
import { toProblem } from '../../problems';
import { lesionFromName } from '../../segmentation/lesionMap';
import { lesionStyle } from '../../segmentation/segmentationStyles';
import type { Context } from '../context';
import { commit } from './commit';
import { resolver } from './restore';
import type { ReviewSlice } from './state';

const OURS = ['segment-not-named', 'segment-name-kept'];

/** Looks at the viewer's list again. */
export function syncSegmentNames(context: Context): void {
  const { session, ports } = context;
  const { viewer, problem } = session.state.review;
  const names = ports.view.names();
  if (session.closed || !viewer || names.size === 0) return;
  const kept: string[] = [];
  for (const [place, segment] of viewer.shown.segments.entries()) {
    const { label } = lesionStyle.segmentOf(segment, place);
    const name = names.get(segment.index);
    if (name === undefined || name === label) continue;
    const meant = lesionFromName(name);
    if (!meant) kept.push(`“${name}” (${label})`);
    // The next look comes with the names that follow from this step.
    else if (meant.level !== segment.level || meant.kind !== segment.kind) {
      return move(context, viewer, segment.index, meant);
    }
  }
  const known = new Set(viewer.shown.segments.map(({ index }) => index));
  const added = [...names].filter(([index, name]) => !known.has(index) && !lesionFromName(name));
  const strange = added.map(([, name]) => `“${name}”`);
  if (strange.length > 0) tell(context, new InputError('segment-not-named', { names: strange }));
  else if (kept.length > 0) tell(context, new InputError('segment-name-kept', { names: kept }));
  else if (problem && OURS.includes(problem.code)) session.patch('review', { problem: undefined });
}

function tell({ session }: Context, error: InputError): void {
  session.patch('review', { problem: toProblem(error) });
}

/** All voxels of a segment become a lesion of the vertebra and kind that its new name says: a step that can be undone. */
function move(
  context: Context,
  { labels }: NonNullable<ReviewSlice['viewer']>,
  index: number,
  meant: Pick<LesionName, 'level' | 'kind'>
): void {
  const lesion = resolver(context.session.state)(meant);
  const offsets: number[] = [];
  for (let at = 0; at < labels.length; at++) if (labels[at] === index) offsets.push(at);
  const stroke = {
    offsets: Uint32Array.from(offsets),
    values: new Uint8Array(offsets.length).fill(1),
    lesions: [lesion],
    touched: [lesion],
  };
  commit(context, present => addStroke(present, stroke));
}
