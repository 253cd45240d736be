/** The worker's side of the computing process: started on demand, ended when a job is cancelled, started anew after a crash. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { VertebraAnalysis } from '@spine/core';
import type { AnalysisMessage, AnalysisRequest } from './protocol';

export interface ComputeHooks {
  onTargets(count: number): void;
  onVertebra(analysis: VertebraAnalysis): void;
}

export type ComputeResult = Extract<AnalysisMessage, { type: 'done' | 'refused' | 'crashed' }>;

export interface Compute {
  run(request: AnalysisRequest, hooks: ComputeHooks, cancel: AbortSignal): Promise<ComputeResult>;
  /** Ends the process; the next run starts another. */
  end(): void;
}

/** @param memoryMegabytes V8's heap limit of the computing process */
export function computeProcess({ memoryMegabytes }: { readonly memoryMegabytes?: number } = {}): Compute {
  let child: ChildProcess | undefined;
  const start = () =>
    fork(join(__dirname, 'child.ts'), [], {
      execArgv: ['--import', 'tsx', ...(memoryMegabytes ? [`--max-old-space-size=${memoryMegabytes}`] : [])],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  const end = () => {
    child?.removeAllListeners();
    child?.kill('SIGKILL');
    child = undefined;
  };
  return {
    end,
    run: (request, hooks, cancel) =>
      new Promise<ComputeResult>((resolve, reject) => {
        const running = (child ??= start());
        const settle = (result: ComputeResult) => {
          running.removeAllListeners();
          cancel.removeEventListener('abort', onAbort);
          resolve(result);
        };
        const onAbort = () => {
          end();
          reject(cancel.reason);
        };
        if (cancel.aborted) return onAbort();
        cancel.addEventListener('abort', onAbort, { once: true });
        running.on('message', (message: AnalysisMessage) => {
          if (message.type === 'targets') hooks.onTargets(message.count);
          else if (message.type === 'vertebra') hooks.onVertebra(message.analysis);
          else if (message.type !== 'ready') settle(message);
        });
        running.once('exit', (code, signal) => {
          child = undefined;
          settle({ type: 'crashed', reason: `The computing process ended (${signal ?? `exit code ${code}`}).` });
        });
        running.send(request);
      }),
  };
}
