/** Exports of the result: to the archive or as files, each with its own outcome. */
import type { ExportDestination, ExportKind, ExportOptions, ExportOutcome } from '../../ui';
import { toProblem } from '../problems';
import { type Context, nextFrame, TITLE } from './context';
import { makeFiles, storeSeries } from './exportFiles';
import { resultNow } from './result';

export function setExportOptions({ store }: Context, change: Partial<ExportOptions>): void {
  store.update(state => ({
    ...state,
    exports: { ...state.exports, options: { ...state.exports.options, ...change } },
  }));
}

/** Writes one kind of file of the lesions as they are now. Everything that happens ends in the state. */
export async function exportFile(context: Context, kind: ExportKind, destination: ExportDestination): Promise<void> {
  const { session, store, ports } = context;
  if (session.run || isBusy(context)) return;
  const { ct } = session;
  const show = (outcome: ExportOutcome) => {
    if (session.disposed || session.ct !== ct) return;
    store.update(state => ({
      ...state,
      exports: { ...state.exports, outcomes: { ...state.exports.outcomes, [kind]: outcome } },
    }));
  };
  try {
    const result = resultNow(context);
    const rows = store.get().lesions?.rows ?? [];
    show({ status: 'working', destination });
    await nextFrame();
    const job = {
      result,
      options: store.get().exports.options,
      onReading: (done: number, total: number) => show({ status: 'working', destination, reading: { done, total } }),
    };
    let name: string;
    if (destination === 'archive') name = await storeSeries(context, kind, job);
    else {
      const files = await makeFiles(context, kind, job);
      for (const { fileName, content, mediaType } of files) ports.download(fileName, content, mediaType);
      name = files.map(({ fileName }) => fileName).join(', ');
    }
    show({ status: 'done', destination, name, rows });
    ports.notify({ title: TITLE, message: name, type: 'success' });
  } catch (error) {
    const problem = toProblem(error);
    show({ status: 'failed', destination, problem });
    ports.notify({ title: TITLE, problem, type: 'error' });
  }
}

/** One at a time: the report waits for the segmentation it refers to. */
function isBusy({ store }: Context): boolean {
  const { exports, lesions } = store.get();
  return (
    lesions?.saving.status === 'saving' || Object.values(exports.outcomes).some(({ status }) => status === 'working')
  );
}
