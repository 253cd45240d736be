/** Entry of the inference worker: a module worker built by webpack.plugins.cjs beside the extension's bundle. */
import type { RuntimePort } from './jobServer';
import { serveJobs } from './jobServer';
import { openWebModel } from './webModel';

serveJobs(globalThis as unknown as RuntimePort, openWebModel);
