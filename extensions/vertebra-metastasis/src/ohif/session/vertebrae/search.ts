/** Detect vertebrae: the whole CT is searched in the worker; what is found joins the bodies of the session. */
import { InputError, type LocatedVertebrae } from '../../../core';
import { addBodies, levelsKnown, removeBodies } from '../../segmentation/sessionBodies';
import type { Context } from '../context';
import { ctVolumeOf } from '../ct/volume';
import { sessionVertebrae, work } from './click';
import { patchFind, showBodies } from './sessionVertebrae';

/** Everything that happens ends in the state. */
export function findVertebrae(context: Context): Promise<void> {
  return work(context, { kind: 'search', stage: 'reading' }, async cancel => {
    const show = (stage: 'reading' | 'column' | 'bodies' | 'masks') => (done: number, total: number) => {
      if (!cancel.aborted) patchFind(context, { work: { kind: 'search', stage, done, total } });
    };
    const volume = await ctVolumeOf(context, { cancel, onProgress: show('reading') });
    const located = await context.ports.bodies.locate(volume, {
      cancel,
      onProgress: ({ stage, done, planned }) => show(stage)(done, planned),
    });
    if (!context.session.closed) await take(context, located);
  });
}

async function take(context: Context, { bodies, leftOut, anchor }: LocatedVertebrae): Promise<void> {
  const own = sessionVertebrae(context);
  const numbered = bodies.map((body, n) => ({ body, index: own.lastIndex + n + 1 }));
  // What was segmented by click, or given, stays as it is.
  const { map } = addBodies(own.map, numbered, 'search');
  const added = map.segments.map(({ index }) => index).filter(index => index > own.lastIndex);
  if (added.length === 0) {
    throw new InputError('nothing-new');
  }
  const takeBack = () => {
    patchFind(context, { excluded: [] });
    void showBodies(context, removeBodies(sessionVertebrae(context).map, added));
  };
  const anchored = anchor && map.segments.find(({ index }) => index === numbered[anchor.index].index);
  const middle = map.segments[map.segments.length >> 1];
  const asked = levelsKnown(map) ? undefined : (anchored ?? middle);
  const proposed = anchor && anchored && { ...anchor, label: anchored.index };
  patchFind(context, { excluded: leftOut, tool: false, asked: asked?.index, proposed });
  const undo = [...own.undo, takeBack];
  await showBodies(context, map, new Set(added), { undo, lastIndex: own.lastIndex + bodies.length });
  // The question is about this one, so it is brought into view.
  if (asked) context.ports.navigation.goTo(asked.centroidLps);
}
