/** Assembles the prebuilt OHIF viewer, our plugins and the models into viewer/dist, or wherever `--out` says. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { parseOptions, runCommand, UsageError } from '@spine/headless/cli';

import { listFiles, syncFiles } from './assemble/copyTree';
import { decoderWorker } from './assemble/decoderWorker';
import { bundleName, checkHost, hostPackage } from './assemble/hostBundle';
import { patchIndexHtml } from './assemble/indexHtml';
import { isPublishedHost, publishedHost } from './assemble/publishedHost';
import { mayNameRoot, parseBase, rebased } from './assemble/rebase';
import { siteFiles, writeSiteFile } from './assemble/siteFile';
import {
  type ContentSecurityPolicies,
  contentSecurityPolicy,
  decoderPolicy,
  policiesFile,
} from './contentSecurityPolicy';
import { repositoryRoot, viewerDist } from './paths';
import { withConfigLine } from './release/configLine';
import { PLUGINS_FOLDER, pluginTree } from './release/pluginTree';

/** The host's own AI wasm (100 MB, unused), its service worker, and a page for a Google data source. */
const leftOut = /^(ort\/|sw\.js$|init-service-worker\.js$|google\.js$|index\.html$|app-config\.js$)/;
const CONFIG = 'app-config.js';

/** What viewer/public/worklist-preview.js takes from the host. */
const previewUses = { '@ohif/ui-next': ['Button', 'Icons', 'StudyList'] };

export interface AssembleOptions {
  target?: string;
  /** Path under which the viewer is served, with a slash at both ends. */
  base?: string;
  /** A site's own app-config.js, in place of the demo's. */
  appConfig?: string;
  /** package.json of the @ohif/app to take. */
  host?: string;
}

/** @returns the number of files copied, and what the user should know */
export function assemble(options: AssembleOptions = {}): { copied: number; notes: string[] } {
  const { target = viewerDist, base: path = '/', appConfig, host: packageJson } = options;
  const base = parseBase(path);
  const host = hostPackage(packageJson ?? require.resolve('@ohif/app/package.json'));
  const tree = pluginTree({ alsoWanted: previewUses });
  checkHost(host, tree.release.wantedExports);

  const inPlugins = (file: string) => `${PLUGINS_FOLDER}/${file}`;
  const ours = (file: string) => join(repositoryRoot, 'viewer/public', file);
  const files = new Map([
    ...listFiles(host.dist)
      .filter(file => !leftOut.test(file))
      .map((file): [string, string] => [file, join(host.dist, file)]),
    ...[...tree.files].map(([file, source]): [string, string] => [inPlugins(file), source]),
    ['worklist-preview.js', ours('worklist-preview.js')],
  ]);
  const page = patchIndexHtml(readFileSync(join(host.dist, 'index.html'), 'utf8'));
  const bundle = readFileSync(join(host.dist, bundleName(host.dist)), 'utf8');
  const html = base === '/' ? page : (rebased('index.html', page, base) ?? page);
  const policies: ContentSecurityPolicies = {
    page: contentSecurityPolicy(html),
    files: { [`${base}${decoderWorker(host.dist, bundle, readdirSync(host.dist))}`]: decoderPolicy },
  };
  const generated = new Map([
    ...[...tree.generated].map(([file, text]): [string, string] => [inPlugins(file), text]),
    ['index.html', html],
    [
      policiesFile,
      `${JSON.stringify(policies, null, 1)}
`,
    ],
    // The server answers this path itself; the file is for a plain static host.
    ['viewer-settings.js', 'window.spineSettings = {};\n'],
  ]);
  if (base !== '/') {
    for (const [file, source] of files) {
      const text = mayNameRoot(file) ? rebased(file, readFileSync(source, 'utf8'), base) : undefined;
      if (text === undefined) continue;
      generated.set(file, text);
      files.delete(file);
    }
  }

  mkdirSync(target, { recursive: true });
  const copied = syncFiles(files, target, new Set([...generated.keys(), ...siteFiles(CONFIG)]));
  for (const [file, text] of generated) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file), text);
  }
  const note = writeSiteFile(target, CONFIG, withConfigLine(readFileSync(appConfig ?? ours(CONFIG), 'utf8')));
  return { copied, notes: note ? [note] : [] };
}

const usage = `npm run assemble -- [options]
  --base <path>        path under which the viewer is served, e.g. /viewer/ (default /)
  --app-config <file>  a site's own app-config.js; the line that loads the mode is added to it
  --out <folder>       default viewer/dist
  --host <folder>      an unpacked @ohif/app, 3.13 or 3.14, or 3.14.0-beta.6 to download it (default: the installed one)
  --help               this text`;

async function main(): Promise<void> {
  const {
    base,
    out,
    host,
    'app-config': appConfig,
  } = parseOptions({
    base: { type: 'string' },
    'app-config': { type: 'string' },
    out: { type: 'string' },
    host: { type: 'string' },
  });
  const start = performance.now();
  const target = out === undefined ? viewerDist : resolve(out);
  const { copied, notes } = sayingWhy(() =>
    assemble({
      base,
      target,
      appConfig: appConfig === undefined ? undefined : existing(resolve(appConfig), '--app-config'),
      host: host === undefined ? undefined : hostAt(host),
    })
  );
  for (const note of notes) console.log(note);
  console.log(`Assembled ${target}: ${copied} files copied, ${((performance.now() - start) / 1000).toFixed(1)} s.`);
}

/** What does not fit is said in sentences; only what nobody foresaw comes with a stack. */
function sayingWhy<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && error.constructor === Error && !('code' in error))
      throw new UsageError(error.message);
    throw error;
  }
}

/** @param host a folder, or a version that is known here @returns its package.json */
function hostAt(host: string): string {
  const folder = isPublishedHost(host) && !existsSync(host) ? publishedHost(host) : resolve(host);
  return existing(join(folder, 'package.json'), '--host');
}

function existing(file: string, option: string): string {
  if (!existsSync(file)) throw new UsageError(`${option}: there is no ${file}`);
  return file;
}

if (require.main === module) void runCommand('assemble', usage, main);
