/** Entry of the inference worker: a module worker built by webpack.plugins.cjs beside the extension's bundle. */
import { serveInference } from './inferenceServer';
import type { ServerPort } from './rpc/server';
import { openWebModel } from './webModel';

serveInference(globalThis as unknown as ServerPort, openWebModel);
