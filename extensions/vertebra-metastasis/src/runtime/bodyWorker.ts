/** Entry of the worker that segments vertebral bodies: a module worker built by webpack.plugins.cjs beside the bundle. */
import { serveBodies } from './bodyServer';
import type { ServerPort } from './rpc/server';
import { openWebBodyNetwork } from './webBodyNetwork';

serveBodies(globalThis as unknown as ServerPort, openWebBodyNetwork);
