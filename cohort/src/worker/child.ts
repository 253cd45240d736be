/**
 * The process that computes: one analysis after the other, with the model kept open between them. A process of its own,
 * so that a crash, a memory limit or a cancelled job takes nothing else along.
 */
import { readdirSync } from 'node:fs';
import { InputError } from '@spine/core';
import { ctSeries, readVertebrae } from '@spine/dicom';
import { chooseSeries, filesBelow, readDicom, readFolder } from '@spine/headless/dicomFiles';
import { analyse, type ModelLoader } from '@spine/headless/analysis';
import { CommandError, UsageError } from '@spine/headless/cli';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { objectUids } from '../queue/key';
import type { AnalysisMessage, AnalysisRequest } from './protocol';

const send = (message: AnalysisMessage) => void process.send?.(message);

/** Where a panel asks for a click, there is nobody to click. */
const INSTEAD: Readonly<Record<string, string>> = {
  'no-spine':
    'No whole vertebral body was found in this CT. Where the study holds a segmentation of the vertebrae (DICOM SEG), that is used.',
};

const open = new Map<string, ReturnType<ModelLoader>>();
const loadModel: ModelLoader = (folder, options) => {
  // A process has one count of threads and one provider all its life.
  const model = open.get(folder) ?? loadModelFromFolder(folder, options);
  open.set(folder, model);
  return model;
};

async function run(request: AnalysisRequest): Promise<AnalysisMessage> {
  let said = '';
  const stream = { write: (text: string | Uint8Array) => ((said = `${said}${String(text)}`.slice(-4000)), true) };
  const finished = new Map(request.finished.map(analysis => [analysis.label, analysis]));
  try {
    const vertebrae = vertebraMasks(request);
    const exitCode = await analyse(
      [
        ...['--ct', request.ct, '--series', request.series, '--out', request.out, '--model', request.model],
        ...['--threads', String(request.threads), '--provider', request.provider],
        ...(vertebrae ? ['--vertebrae', vertebrae] : []),
        ...['--export', 'seg,sr', ...request.options],
      ],
      { stdout: stream, stderr: { ...stream, isTTY: false } },
      loadModel,
      {
        finished,
        uids: objectUids(request.key),
        onTargets: targets => send({ type: 'targets', count: targets.length }),
        onVertebra: analysis => send({ type: 'vertebra', analysis }),
      }
    );
    return { type: 'done', exitCode, files: readdirSync(request.out), said };
  } catch (error) {
    open.delete(request.model);
    if (error instanceof InputError || error instanceof CommandError)
      return { type: 'refused', code: error.code, reason: INSTEAD[error.code] ?? error.message };
    if (error instanceof UsageError) return { type: 'refused', code: 'usage', reason: error.message };
    return { type: 'crashed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** The first file whose segments are vertebrae of this CT; other segmentations are nobody's fault. */
function vertebraMasks({ ct, series, masks }: AnalysisRequest): string | undefined {
  if (masks.length === 0) return undefined;
  const images = ctSeries(chooseSeries(readFolder(ct), 'CT', { series }).instances);
  return masks.flatMap(filesBelow).find(file => {
    try {
      return readVertebrae(readDicom(file)[0], images).vertebrae.length > 0;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  });
}

process.on('message', (request: AnalysisRequest) => void run(request).then(send));
process.on('disconnect', () => process.exit(0));
send({ type: 'ready' });
