/**
 * `npm pack` of a plugin calls this: puts what only the package has into its folder, and takes it away again with --clean.
 * A viewer built from source copies the package's public/ to its root, so everything in there has a folder of its own.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { listFiles } from '../assemble/copyTree';
import { modelFiles } from '../assemble/models';
import { repositoryRoot } from '../paths';

const FIXTURES = ['tiny'];
/** Of the extension's dist: what is fetched at run time. */
const RUN_TIME = /^(worker\.js|body-worker\.js|ort\/)/;

const [folder, flag] = process.argv.slice(2);
const directory = resolve(folder);
const { name } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name: string };
const dist = join(directory, 'dist');
const made = ['public', 'README.md', 'LICENSE', 'THIRD-PARTY-NOTICES.txt'];

for (const path of made) rmSync(join(directory, path), { recursive: true, force: true });
if (flag !== '--clean') {
  if (!existsSync(join(dist, 'index.mjs'))) throw new Error(`${dist} is not built: run "npm run build" first.`);
  writeFileSync(join(directory, 'README.md'), readme(name));
  copy(join(repositoryRoot, 'LICENSE'), join(directory, 'LICENSE'));
  for (const notices of [join(dist, made[3]), join(repositoryRoot, made[3])].filter(existsSync).slice(0, 1)) {
    copy(notices, join(directory, made[3]));
  }
  writeFileSync(join(dist, 'index.d.ts'), typeDeclaration());
  const run = listFiles(dist).filter(path => RUN_TIME.test(path) && !path.endsWith('.map'));
  if (run.length) {
    const target = join('public/plugins', basename(directory));
    for (const path of run) copy(join(dist, path), join(directory, target, path));
    const { files, generated } = modelFiles(join(repositoryRoot, 'models'), `${target}/models`, FIXTURES);
    for (const [path, file] of files) copy(file, join(directory, path));
    for (const [path, text] of generated) writeFileSync(join(directory, path), text);
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function typeDeclaration(): string {
  return `/** The plugin as OHIF takes it; see docs/install.md of the project. */
declare const plugin: { readonly id: string } & Record<string, unknown>;
export default plugin;
`;
}

function readme(packageName: string): string {
  return `# ${packageName}

A part of Spine Oncology for OHIF 3.13 and newer: Hide-and-Seek Attribution of vertebral metastases in the browser.
Research use only. Not a medical device.

Into an OHIF built from source: \`pnpm add -w @spine-oncology/extension-vertebra-metastasis @spine-oncology/mode-spine-oncology\`,
then one entry each in \`platform/app/pluginConfig.json\`: the extension under "extensions", the mode under "modes", as
\`{ "packageName": "...", "version": "..." }\`.
`;
}
