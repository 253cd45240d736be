import type { LoadedModel } from '../../../runtime';
import type { ModelSummary } from '../../../ui';
import { toProblem } from '../../problems';
import type { App } from '../context';
import { adoptRules } from '../review/commit';
import { patchState } from '../store';
import { modelRules, type ModelState } from './state';
import { settleTiming } from './timing';

const patchModel = ({ store }: App, change: Partial<ModelState>) => patchState(store, 'model', change);

/** Finds the models on offer and opens the first choice. */
export async function startModel(app: App): Promise<void> {
  patchModel(app, { loading: { status: 'loading' } });
  try {
    const { models, default: first, available } = await app.ports.model.list();
    if (app.disposed) return;
    patchModel(app, { entries: models, available });
    await selectModel(app, first);
  } catch (error) {
    if (!app.disposed) patchModel(app, { loading: { status: 'error', problem: toProblem(error) } });
  }
}

/** Opens a model; the one opened before is freed. A later choice overtakes an earlier one that is still loading. */
export async function selectModel(app: App, id: string): Promise<void> {
  const { ports, store } = app;
  const entry = store.getState().model.entries.find(model => model.id === id);
  if (!entry) return;
  patchModel(app, { selected: id, loaded: undefined, timing: undefined, loading: { status: 'loading' } });
  const stillWanted = () => !app.disposed && store.getState().model.selected === id;
  const fail = (error: unknown) => {
    if (!stillWanted()) return;
    patchModel(app, { loaded: undefined, loading: { status: 'error', problem: toProblem(error) } });
  };
  try {
    const loaded = await ports.model.load(entry.manifestUrl, {
      onLost: fail,
      onReason: providerReason => {
        const { loading } = store.getState().model;
        if (!stillWanted() || loading.status !== 'ready') return;
        patchModel(app, { loading: { status: 'ready', value: { ...loading.value, providerReason } } });
      },
      onProgress: progress => {
        if (!stillWanted()) return;
        const counted =
          progress.phase === 'download' ? { done: progress.loadedBytes, total: progress.totalBytes } : undefined;
        patchModel(app, { loading: { status: 'loading', ...counted } });
      },
    });
    if (!stillWanted()) return;
    const timing = { evaluationMs: loaded.evaluationMs, settled: false };
    patchModel(app, { loaded, timing, loading: { status: 'ready', value: summaryOf(id, loaded) } });
    adoptRules(app.context(), modelRules(store.getState().model));
    void settleTiming(app, loaded, stillWanted);
  } catch (error) {
    fail(error);
  }
}

function summaryOf(id: string, loaded: LoadedModel): ModelSummary {
  const { manifest, provider, threads, reason: providerReason } = loaded;
  const { name, version, description, intendedUse, limits, licence, provenance, files } = manifest;
  const { trainedOn } = provenance;
  return {
    id,
    name,
    version,
    description,
    intendedUse,
    limits,
    licence,
    provider,
    threads,
    providerReason,
    trainedOn: typeof trainedOn === 'string' ? trainedOn : provenance.source,
    megabytes: Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6,
  };
}

/** After a failure: the whole list again if that was missing, else the chosen model. */
export function retryModel(app: App): Promise<void> {
  const { selected } = app.store.getState().model;
  return selected ? selectModel(app, selected) : startModel(app);
}
