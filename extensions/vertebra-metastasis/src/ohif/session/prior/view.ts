/** Both studies side by side, and the way from a lesion to its place in each. */
import { applyAffine, invert } from '../../../core';
import { toProblem } from '../../problems';
import type { Context } from '../context';
import { showLesions } from '../review/show';

/** Shows the earlier CT with its lesions beside the current one, or the current one alone again. */
export async function showPrior({ session, ports }: Context, shown: boolean): Promise<void> {
  const { opened: prior, alignments } = session.state.prior;
  const { displaySet: ct } = session.state.ct;
  if (!shown || !prior || !ct) {
    ports.prior.hide();
    session.patch('prior', { shown: false });
    return;
  }
  session.patch('prior', { shown: true, viewProblem: undefined });
  try {
    const known = alignments?.prior === prior.lesions ? alignments.alignments : [];
    await ports.prior.show({ ct, prior, alignments: known });
  } catch (error) {
    ports.prior.hide();
    session.patch('prior', { shown: false, viewProblem: toProblem(error) });
  }
}

/** Goes to a change in both studies; where a lesion is on one side only, its aligned place is shown on the other. */
export function goToChange({ session, ports }: Context, index: number): void {
  const { comparison, opened } = session.state.prior;
  if (comparison.status !== 'ready' || !opened) return;
  const { changes, alignments } = comparison.value.comparison;
  const change = changes[index];
  if (!change) return;
  const transform = alignments.find(({ level }) => level === change.level)?.transform;
  const { currentLps: now, priorLps: then } = change;
  const current = now || (then && transform && applyAffine(invert(transform), then));
  const prior = then || (now && transform && applyAffine(transform, now));
  if (current) ports.navigation.goTo(current);
  if (prior) ports.prior.goTo(prior);
}

/**
 * Gives every current lesion that was matched by place the tracking identity of its earlier self: the next comparison then needs no
 * matching by place. Waits to be saved.
 */
export async function keepIdentities(context: Context): Promise<void> {
  const { review, prior } = context.session.state;
  const { comparison, opened } = prior;
  if (comparison.status !== 'ready' || !opened || !review.lesions) return;
  const { changes } = comparison.value.comparison;
  const { identities } = review;
  const segments = review.lesions.segments.map(segment => {
    const change = changes.find(
      one => one.currentIndex === segment.index && one.matchedBy && one.matchedBy !== 'tracking'
    );
    const earlier = opened.content.segments.find(one => one.index === change?.priorIndex);
    if (!earlier) return segment;
    const { trackingId, trackingUid } = earlier;
    const known = identities.get(segment.trackingUid);
    // What is composed later goes by this name, too.
    if (known && !identities.has(trackingUid)) {
      identities.delete(segment.trackingUid);
      identities.set(trackingUid, { ...known, trackingUid });
    }
    return { ...segment, trackingId, trackingUid };
  });
  await showLesions(context, { ...review.lesions, segments }, review.origin);
}
