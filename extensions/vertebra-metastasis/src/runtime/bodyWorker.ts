/** Entry of the worker that segments vertebral bodies: a module worker built by webpack.plugins.cjs beside the bundle. */
import { type BodyPort, serveBodies } from './bodyServer';
import { openWebBodyNetwork } from './webBodyNetwork';

serveBodies(globalThis as unknown as BodyPort, openWebBodyNetwork);
