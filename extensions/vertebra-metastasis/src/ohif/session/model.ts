import { toProblem } from '../problems';
import { type Context, patch } from './context';
import { adoptModelRules } from './review';

/** Finds the models on offer and opens the first choice. */
export async function startModel(context: Context): Promise<void> {
  const { ports, session } = context;
  patch(context, 'model', { loading: { status: 'loading' } });
  try {
    const { models, default: first } = await ports.model.list();
    session.modelEntries = models;
    patch(context, 'model', { choices: models.map(({ id, label }) => ({ id, label })) });
    await selectModel(context, first);
  } catch (error) {
    patch(context, 'model', { loading: { status: 'error', problem: toProblem(error) } });
  }
}

/** Opens a model; the one opened before is freed. A later choice overtakes an earlier one that is still loading. */
export async function selectModel(context: Context, id: string): Promise<void> {
  const { ports, session, store } = context;
  const entry = session.modelEntries.find(model => model.id === id);
  if (!entry) return;
  session.model = undefined;
  patch(context, 'model', { selected: id, loading: { status: 'loading' } });
  const stillWanted = () => !session.disposed && store.get().model.selected === id;
  const fail = (error: unknown) => {
    if (!stillWanted()) return;
    session.model = undefined;
    patch(context, 'model', { loading: { status: 'error', problem: toProblem(error) } });
  };
  try {
    const loaded = await ports.model.load(entry.manifestUrl, {
      onLost: fail,
      onReason: providerReason => {
        const { loading } = store.get().model;
        if (!stillWanted() || loading.status !== 'ready') return;
        patch(context, 'model', { loading: { status: 'ready', value: { ...loading.value, providerReason } } });
      },
      onProgress: progress => {
        if (!stillWanted()) return;
        const counted =
          progress.phase === 'download' ? { done: progress.loadedBytes, total: progress.totalBytes } : undefined;
        patch(context, 'model', { loading: { status: 'loading', ...counted } });
      },
    });
    if (!stillWanted()) return;
    session.model = loaded;
    adoptModelRules(context);
    const { manifest, provider, threads, reason } = loaded;
    const { name, version, description, intendedUse, limits } = manifest;
    patch(context, 'model', {
      loading: {
        status: 'ready',
        value: { id, name, version, description, intendedUse, limits, provider, threads, providerReason: reason },
      },
    });
  } catch (error) {
    fail(error);
  }
}

/** After a failure: the whole list again if that was missing, else the chosen model. */
export function retryModel(context: Context): Promise<void> {
  const { selected } = context.store.get().model;
  return selected ? selectModel(context, selected) : startModel(context);
}
