/** Assembles the prebuilt OHIF viewer, our plugins and the models into viewer/dist. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { listFiles, syncFiles } from './assemble/copyTree';
import { decoderWorker } from './assemble/decoderWorker';
import { findHostModules, supportedHostVersion } from './assemble/hostModules';
import { patchIndexHtml } from './assemble/indexHtml';
import { modelFiles } from './assemble/models';
import { readPlugin } from './assemble/plugins';
import { wantedExports } from './assemble/wantedExports';
import {
  type ContentSecurityPolicies,
  contentSecurityPolicy,
  decoderPolicy,
  policiesFile,
} from './contentSecurityPolicy';
import { repositoryRoot, viewerDist } from './paths';

/** The host's own AI wasm (100 MB, unused), its service worker, and a page for a Google data source. */
const leftOut = /^(ort\/|sw\.js$|init-service-worker\.js$|google\.js$|index\.html$|app-config\.js$)/;

/** What viewer/public/worklist-preview.js takes from the host. */
const previewUses = ['Button', 'Icons', 'StudyList'];

export function assemble(target = viewerDist): { copied: number } {
  const hostPackage = dirname(require.resolve('@ohif/app/package.json'));
  const hostDist = join(hostPackage, 'dist');
  const { version } = JSON.parse(readFileSync(join(hostPackage, 'package.json'), 'utf8')) as { version: string };
  if (version !== supportedHostVersion) {
    throw new Error(`@ohif/app ${version} is installed; the viewer is assembled from ${supportedHostVersion} only.`);
  }

  const extension = readPlugin(join(repositoryRoot, 'extensions/vertebra-metastasis'));
  const mode = readPlugin(join(repositoryRoot, 'modes/spine-oncology'));
  const files = new Map([
    ...listFiles(hostDist)
      .filter(path => !leftOut.test(path))
      .map((path): [string, string] => [path, join(hostDist, path)]),
    ...extension.files,
    ...mode.files,
    ...modelFiles(join(repositoryRoot, 'models'), 'plugins/vertebra-metastasis/models'),
    ['plugins/host-globals.js', join(repositoryRoot, 'viewer/public/host-globals.js')],
    ['worklist-preview.js', join(repositoryRoot, 'viewer/public/worklist-preview.js')],
    ['app-config.js', join(repositoryRoot, 'viewer/public/app-config.js')],
  ]);

  const sources = ['extensions/vertebra-metastasis/src', 'modes/spine-oncology/src'];
  const wanted = wantedExports(sources.map(folder => join(repositoryRoot, folder)));
  (wanted['@ohif/ui-next'] ??= []).push(...previewUses);
  const bundle = readFileSync(join(hostDist, bundleName(hostDist)), 'utf8');
  const hostModules = findHostModules(bundle, wanted);
  const page = patchIndexHtml(readFileSync(join(hostDist, 'index.html'), 'utf8'));
  const policies: ContentSecurityPolicies = {
    page: contentSecurityPolicy(page),
    files: { [`/${decoderWorker(hostDist, bundle, readdirSync(hostDist))}`]: decoderPolicy },
  };
  const generated = new Map([
    ['index.html', page],
    [policiesFile, `${JSON.stringify(policies, null, 1)}\n`],
    ['plugins/host-modules.js', `window.spineHostModules = ${JSON.stringify(hostModules, null, 1)};\n`],
    [
      'viewer-plugins.js',
      `window.spinePlugins = ${JSON.stringify({ extensions: [extension.descriptor], modes: [mode.descriptor] }, null, 1)};\n`,
    ],
    // The server answers this path itself; the file is for a plain static host.
    ['viewer-settings.js', 'window.spineSettings = {};\n'],
  ]);

  const copied = syncFiles(files, target, new Set(generated.keys()));
  for (const [path, text] of generated) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), text);
  }
  return { copied };
}

function bundleName(hostDist: string): string {
  const [name, ...others] = readdirSync(hostDist).filter(file => /^app\.bundle\.[0-9a-f]+\.js$/.test(file));
  if (!name || others.length) throw new Error(`Expected one app.bundle.<hash>.js in ${hostDist}.`);
  return name;
}

if (require.main === module) {
  const start = performance.now();
  const { copied } = assemble();
  console.log(`Assembled viewer/dist: ${copied} files copied, ${((performance.now() - start) / 1000).toFixed(1)} s.`);
}
