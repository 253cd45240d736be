/** Exports of the result: to the archive or as files, each with its own outcome. */
import type { ExportDestination, ExportKind, ExportOptions } from '../../../ui';
import { toProblem } from '../../problems';
import { type Context, TITLE } from '../context';
import { nextFrame } from '../nextFrame';
import { patchState } from '../store';
import { exporters } from './exporters';
import { resultNow } from './result';
import { isWriting, type Outcome } from './state';

export function setExportOptions({ store }: Context, change: Partial<ExportOptions>): void {
  patchState(store, 'preferences', ({ exportOptions }) => ({ exportOptions: { ...exportOptions, ...change } }));
}

/** Writes one kind of file of the lesions as they are now. Everything that happens ends in the state. */
export async function exportFile(context: Context, kind: ExportKind, destination: ExportDestination): Promise<void> {
  const { session, store, ports } = context;
  if (session.state.run.job || isWriting(session.state)) return;
  const show = (outcome: Outcome) =>
    session.patch('exports', ({ outcomes }) => ({ outcomes: { ...outcomes, [kind]: outcome } }));
  try {
    const result = resultNow(context);
    show({ status: 'working', destination });
    await nextFrame();
    const job = {
      result,
      options: store.getState().preferences.exportOptions,
      onReading: (done: number, total: number) => show({ status: 'working', destination, reading: { done, total } }),
    };
    let name: string;
    const exporter = exporters[kind];
    if (destination === 'archive' && exporter.store) name = await exporter.store(context, job);
    else {
      const files = await exporter.files(context, job);
      for (const { fileName, content, mediaType } of files) ports.download(fileName, content, mediaType);
      name = files.map(({ fileName }) => fileName).join(', ');
    }
    show({ status: 'done', destination, name, of: result.lesions });
    ports.notify({ title: TITLE, message: name, type: 'success' });
  } catch (error) {
    const problem = toProblem(error);
    show({ status: 'failed', destination, problem });
    ports.notify({ title: TITLE, problem, type: 'error' });
  }
}
