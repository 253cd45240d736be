/** How any object of ours gets into the archive. */
import { bodySeg, type NaturalizedInstance, type ObjectContext, seriesVersion, text } from '../../dicom';
import { FOUND_ID } from '../../ui';
import { encodingFor } from '../segmentation/segEncoding';
import type { Context, SeriesKind } from './context';
import { analysedBodies, neededBodies, type Result } from './result';

/** One more than the study has, so that no save shadows another. */
export function nextVersion({ session, ports }: Context, kind: SeriesKind): number {
  const inStudy = ports.study.displaySets().map(({ SeriesDescription = '' }) => seriesVersion(kind, SeriesDescription));
  return Math.max(session.versions.get(kind) ?? 0, ...inStudy) + 1;
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
  const before = session.unsent.get(kind);
  const same = before?.key === key && before.voxels.every((one, n) => one === voxels[n]);
  const object = same ? before.object : await make();
  session.unsent.set(kind, { voxels, key, object });
  await ports.study.store(object);
  session.versions.set(kind, seriesVersion(kind, text(object, 'SeriesDescription')));
  session.unsent.delete(kind);
  return object;
}

/** What every object of a result shares. */
export function writtenWith(context: Context, kind: SeriesKind, result: Result): ObjectContext {
  const { series, provenance, contentCreatorName } = result;
  return { ...provenance, series, contentCreatorName, version: nextVersion(context, kind) };
}

/** The analysed bodies as the next version of their SEG. */
export function bodyObject(context: Context, result: Result): NaturalizedInstance {
  const { labelmap: bodies, vertebrae } = neededBodies(context);
  const encoding = encodingFor(result.series, context.store.get().exports.options.encoding);
  return bodySeg({ ...writtenWith(context, 'bodies', result), bodies, vertebrae, encoding });
}

/** Stores the bodies the lesions lie in. @returns their series description */
export async function storeBodies(context: Context, result: Result): Promise<string> {
  const { session, store } = context;
  const bodies = neededBodies(context);
  const { encoding } = store.get().exports.options;
  const options = { encoding, vertebrae: bodies.vertebrae };
  const stored = await storeObject(context, 'bodies', { voxels: [bodies.labelmap], options }, () =>
    bodyObject(context, result)
  );
  session.savedBodies = { labelmap: bodies.labelmap, vertebrae: JSON.stringify(bodies.vertebrae) };
  return text(stored, 'SeriesDescription');
}

/** Masks made in this session that no archive has: without them the decisions about their regions have no place on another day. */
export function hasUnsavedBodies(context: Context): boolean {
  const { session, store } = context;
  const bodies = analysedBodies(context);
  if (!bodies || store.get().vertebrae.selected !== FOUND_ID) return false;
  const { savedBodies } = session;
  return savedBodies?.labelmap !== bodies.labelmap || savedBodies.vertebrae !== JSON.stringify(bodies.vertebrae);
}
