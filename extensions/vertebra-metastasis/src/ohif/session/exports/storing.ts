/** How any object of ours gets into the archive. */
import { bodiesObject, type NaturalizedInstance, type ObjectIdentity, seriesVersion, text } from '../../../dicom';
import { encodingFor } from '../../segmentation/segEncoding';
import type { Context } from '../context';
import type { SeriesKind } from '../ports';
import type { SessionState } from '../store';
import { usesSessionVertebrae } from '../vertebrae/state';
import { analysedBodies, neededBodies, type Result, resultToWrite } from './result';

/** One more than the study has, so that no save shadows another. */
export function nextVersion({ session, ports }: Context, kind: SeriesKind): number {
  const inStudy = ports.study.displaySets().map(({ SeriesDescription = '' }) => seriesVersion(kind, SeriesDescription));
  return Math.max(session.state.exports.versions[kind] ?? 0, ...inStudy) + 1;
}

/**
 * Sends an object to the archive. After a failure the next try sends the very same object, as long as voxels and options are the same:
 * the archive may have got it before the connection broke.
 * @param voxels what it is made of; edits make new ones
 */
export async function storeObject(
  { session, ports }: Context,
  kind: SeriesKind,
  { voxels, options }: { readonly voxels: readonly unknown[]; readonly options: unknown },
  make: () => NaturalizedInstance | Promise<NaturalizedInstance>
): Promise<NaturalizedInstance> {
  const key = JSON.stringify(options);
  const before = session.state.exports.unsent[kind];
  const same = before?.key === key && before.voxels.every((one, n) => one === voxels[n]);
  const object = same ? before.object : await make();
  session.patch('exports', ({ unsent }) => ({ unsent: { ...unsent, [kind]: { voxels, key, object } } }));
  await ports.study.store(object);
  const version = seriesVersion(kind, text(object, 'SeriesDescription'));
  session.patch('exports', ({ unsent, versions }) => ({
    unsent: { ...unsent, [kind]: undefined },
    versions: { ...versions, [kind]: version },
  }));
  return object;
}

/** Sends the objects of one series. @returns its description @throws what kept one of them from being stored */
export async function storeAll(
  { session, ports }: Context,
  kind: SeriesKind,
  objects: readonly NaturalizedInstance[]
): Promise<string> {
  for (const object of objects) await ports.study.store(object);
  const description = text(objects[0], 'SeriesDescription');
  session.patch('exports', ({ versions }) => ({
    versions: { ...versions, [kind]: seriesVersion(kind, description) },
  }));
  return description;
}

/** The next save of its kind. */
export const identityOf = (context: Context, kind: SeriesKind): ObjectIdentity => ({
  version: nextVersion(context, kind),
});

/** The analysed bodies as the next version of their SEG. */
export function bodyObject(context: Context, result: Result): NaturalizedInstance {
  const encoding = encodingFor(result.series, context.store.getState().preferences.exportOptions.encoding);
  return bodiesObject(resultToWrite(context, result), { ...identityOf(context, 'bodies'), encoding });
}

/** Stores the bodies the lesions lie in. @returns their series description */
export async function storeBodies(context: Context, result: Result): Promise<string> {
  const { session, store } = context;
  const { labelmap, vertebrae } = neededBodies(session.state);
  const { encoding } = store.getState().preferences.exportOptions;
  const stored = await storeObject(context, 'bodies', { voxels: [labelmap], options: { encoding, vertebrae } }, () =>
    bodyObject(context, result)
  );
  session.patch('exports', { savedBodies: { labelmap, vertebrae: JSON.stringify(vertebrae) } });
  return text(stored, 'SeriesDescription');
}

/** Masks made in this session that no archive has: without them the decisions about their regions have no place on another day. */
export function hasUnsavedBodies(session: SessionState): boolean {
  const bodies = analysedBodies(session);
  if (!bodies || !usesSessionVertebrae(session)) return false;
  const { savedBodies } = session.exports;
  return savedBodies?.labelmap !== bodies.labelmap || savedBodies.vertebrae !== JSON.stringify(bodies.vertebrae);
}
