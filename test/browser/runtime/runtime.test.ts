/**
 * The inference worker as built for the viewer, in a real Chromium, under a content security policy without eval or other hosts.
 * The reference numbers come from the authors' code (test/golden/README.md) and from the same network in Node.
 */
import { inferenceTests } from './inferenceTests';
import { loadingTests } from './loadingTests';
import { runtimeSuite } from './suite';
import { webgpuTests } from './webgpuTests';
import { workerEndTests } from './workerEndTests';

jest.setTimeout(20 * 60_000);

// One page for all: bundle, browser and models are made ready once.
const suite = runtimeSuite();
loadingTests(suite);
inferenceTests(suite);
workerEndTests(suite);
webgpuTests(suite);
