/** Lesions keep their identity from study to study: the next comparison then needs no matching by place. */
import type { Context } from './context';
import { showLesions, takeEdits } from './lesions';

/** Gives every current lesion that was matched by place the tracking identity of its earlier self. Waits to be saved. */
export async function keepIdentities(context: Context): Promise<void> {
  takeEdits(context);
  const { session, store } = context;
  const { comparison } = store.get().prior;
  const before = session.prior?.opened?.content.segments;
  if (comparison.status !== 'ready' || !before || !session.lesions) return;
  const { changes } = comparison.value.comparison;
  const segments = session.lesions.segments.map(segment => {
    const change = changes.find(one => one.currentIndex === segment.index && one.matchedBy !== 'tracking');
    const earlier = before.find(one => one.index === change?.priorIndex);
    if (!earlier) return segment;
    return { ...segment, trackingId: earlier.trackingId, trackingUid: earlier.trackingUid };
  });
  const origin = store.get().lesions?.origin ?? 'analysis';
  await showLesions(context, { ...session.lesions, segments }, origin);
}
