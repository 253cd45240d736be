/** OHIF as npm publishes it behind nginx, with a site's own app-config.js, Orthanc, and the unpacked release in one folder. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { listFiles } from '../../../viewer/src/assemble/copyTree';
import { mayNameRoot, rebased } from '../../../viewer/src/assemble/rebase';
import { withConfigLine } from '../../../viewer/src/release/configLine';
import { writeRelease } from '../../../viewer/src/release/writeRelease';
import { upload } from '../../browser/support/pacsFiles';
import { demoStudyForTests } from '../../support/demo';
import { type Nginx, startNginx } from '../../support/nginx';
import { type Orthanc, startOrthanc } from '../../support/orthanc';
import { ROOT } from '../../support/shared';

/** A virtual server: `<name>.localhost`, which Chromium and Firefox take for a secure context. */
export interface Site {
  name: string;
  /** File in test/deploy/sites, or the text of an app-config.js, or one made from the unpacked release. */
  config: string | ((release: string) => Promise<string>);
  base?: '/' | '/viewer/';
  /** Served under a path it was not built for. */
  servedUnder?: string;
  /** Changes the unpacked release before it is served. @param plugins the folder plugins/@spine-oncology */
  damage?(plugins: string): void;
  /** Directives at the beginning of the server block. */
  nginx?: string;
  /** Served through deploy/nginx/viewer.conf, as compose.yaml does, instead of by an nginx that has OHIF itself. */
  compose?: boolean;
  /** The line is not added. */
  withoutLine?: boolean;
}

export interface Hospital {
  orthanc: Orthanc;
  url(site: string): string;
  /** The unpacked release of a site. */
  folder(site: string): string;
  stop(): Promise<void>;
}

/** `SPINE_HOST=<unpacked @ohif/app>` tries another version by hand. */
const hostDist = process.env.SPINE_HOST
  ? join(process.env.SPINE_HOST, 'dist')
  : dirname(require.resolve('@ohif/app/dist/index.html'));

export async function startHospital(sites: readonly Site[]): Promise<Hospital> {
  const temporary = mkdtempSync(join(tmpdir(), 'spine-hospital-'));
  const orthanc = await startOrthanc();
  let nginx: Nginx | undefined;
  const stop = async () => {
    await nginx?.stop();
    await orthanc.stop();
    rmSync(temporary, { recursive: true, force: true });
  };
  try {
    const demo = await demoStudyForTests();
    await upload(orthanc, demo.study);
    const archive = packRelease(temporary);
    const folderOf = (name: string) => join(temporary, name);
    for (const site of sites) await layOut(folderOf(site.name), archive, site);
    nginx = await startNginx(sites.map(site => server(site, folderOf(site.name), orthanc)).join('\n'));
    const { port } = nginx;
    const url = (name: string) =>
      `http://${name}.localhost:${port}${(sites.find(site => site.name === name)?.base ?? '/').replace(/\/$/, '')}`;
    return { orthanc, url, folder: folderOf, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The archive as `npm run release` packs it. */
function packRelease(temporary: string): string {
  writeRelease(join(temporary, 'release'));
  const archive = join(temporary, 'release.tar');
  execFileSync('tar', ['--create', '--file', archive, '--directory', join(temporary, 'release'), '.']);
  return archive;
}

/** What a hospital's engineer does, with a shell and an editor: unpack, copy one folder, add one line. */
async function layOut(folder: string, archive: string, site: Site): Promise<void> {
  const { config: given, base = '/', damage, compose, withoutLine, servedUnder = base } = site;
  mkdirSync(folder);
  execFileSync('tar', ['--extract', '--file', archive, '--directory', folder]);
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder });
  const root = join(folder, 'www', servedUnder);
  copyHost(root, base);
  const config = typeof given === 'string' ? given : await given(folder);
  const text = config.includes('\n') ? config : readFileSync(join(ROOT, 'test/deploy/sites', config), 'utf8');
  const written = withoutLine ? text : withConfigLine(text);
  if (compose) {
    writeFileSync(join(folder, 'app-config.js'), written);
    damage?.(join(folder, 'plugins/@spine-oncology'));
    return;
  }
  writeFileSync(join(root, 'app-config.js'), written);
  execFileSync('cp', ['-r', join(folder, 'plugins'), root]);
  damage?.(join(root, 'plugins/@spine-oncology'));
}

/** Links to the published files; under a path, those that name the root are what a build for that path has. */
function copyHost(root: string, base: string): void {
  for (const path of listFiles(hostDist)) {
    if (path === 'app-config.js') continue;
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    const source = join(hostDist, path);
    const text = base !== '/' && mayNameRoot(path) ? rebased(path, readFileSync(source, 'utf8'), base) : undefined;
    if (text === undefined) symlinkSync(source, file);
    else writeFileSync(file, text);
  }
}

function server(
  { name, base = '/', servedUnder = base, nginx = '', compose }: Site,
  folder: string,
  { url }: Orthanc
): string {
  if (compose) {
    return `
  upstream ohif { server unix:${folder}/ohif.sock; }
  upstream orthanc { server ${url.host}; }
  map "" $spine_files { default ${folder}; }
  server { listen unix:${folder}/ohif.sock; ${ohif(folder, '/')} }
  server { listen 127.0.0.1:PORT; server_name ${name}.localhost; ${nginx} include spine-oncology/viewer.conf; }`;
  }
  return `
  server {
    listen 127.0.0.1:PORT; server_name ${name}.localhost; client_max_body_size 1g;
    ${nginx}
    include spine-oncology/plugins.conf;
    location /dicom-web/ {
      proxy_pass ${url.origin}; proxy_set_header Host $http_host; proxy_set_header Forwarded "host=$http_host;proto=$scheme";
    }
    ${ohif(folder, servedUnder)}
  }`;
}

const ohif = (folder: string, base: string) =>
  `root ${join(folder, 'www')}; location / { try_files $uri ${base}index.html; }`;
