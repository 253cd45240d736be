/** Find vertebrae: the whole CT is searched in the worker; what is found joins the bodies of the session. */
import { InputError, type LocatedVertebrae } from '../../core';
import { addBodies, levelsKnown, removeBodies } from '../segmentation/sessionBodies';
import { type Context, patch } from './context';
import { ctVolumeOf } from './ctVolume';
import { foundSession, work } from './findClick';
import { showFound } from './found';

/** Everything that happens ends in the state. */
export function findVertebrae(context: Context): Promise<void> {
  return work(context, { kind: 'search', stage: 'reading' }, async cancel => {
    const { ports, session } = context;
    const show = (stage: 'reading' | 'column' | 'bodies' | 'masks') => (done: number, total: number) => {
      if (!cancel.aborted && !session.disposed)
        patch(context, 'find', { work: { kind: 'search', stage, done, total } });
    };
    const volume = await ctVolumeOf(context, { cancel, onProgress: show('reading') });
    const located = await ports.bodies.locate(volume, {
      cancel,
      onProgress: ({ stage, done, planned }) => show(stage)(done, planned),
    });
    await take(context, located);
  });
}

async function take(context: Context, { bodies, leftOut, anchor }: LocatedVertebrae): Promise<void> {
  const found = foundSession(context);
  const numbered = bodies.map((body, n) => ({ body, index: found.lastIndex + n + 1 }));
  // What was segmented by click, or given, stays as it is.
  const { map } = addBodies(found.map, numbered, 'search');
  const added = map.segments.map(({ index }) => index).filter(index => index > found.lastIndex);
  if (added.length === 0) {
    throw new InputError('nothing-new', 'The search found no vertebra that is not segmented already.');
  }
  found.lastIndex += bodies.length;
  found.undo.push(() => {
    patch(context, 'find', { leftOut: [] });
    void showFound(context, removeBodies(found.map, added));
  });
  const anchored = anchor && map.segments.find(({ index }) => index === numbered[anchor.index].index);
  const middle = map.segments[map.segments.length >> 1];
  const asked = levelsKnown(map) ? undefined : (anchored ?? middle);
  const proposed = anchor && anchored && { ...anchor, label: anchored.index };
  patch(context, 'find', { leftOut, tool: false, asked: asked?.index, proposed });
  await showFound(context, map, new Set(added));
  // The question is about this one, so it is brought into view.
  if (asked) context.ports.goTo(asked.centroidLps);
}
