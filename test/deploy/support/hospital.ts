/** OHIF as npm publishes it behind nginx, with a site's own app-config.js, Orthanc, and the unpacked release in one folder. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { listFiles } from '../../../viewer/src/assemble/copyTree';
import { mayNameRoot, rebased } from '../../../viewer/src/assemble/rebase';
import { withConfigLine } from '../../../viewer/src/release/configLine';
import { writeRelease } from '../../../viewer/src/release/writeRelease';
import { removeSeries, upload } from '../../browser/support/pacsFiles';
import { demoStudyForTests } from '../../support/demo';
import { type Nginx, startNginx } from '../../support/nginx';
import { type Orthanc, servesFolder, startOrthanc } from '../../support/orthanc';
import { ROOT } from '../../support/shared';
import { writeToyModel } from '../../support/toyModel';

/** A virtual server: `<name>.localhost`, which Chromium and Firefox take for a secure context. */
export interface Site {
  name: string;
  /** File in test/deploy/sites, or the text of an app-config.js, or one made from the unpacked release. */
  config: string | ((release: string) => Promise<string>);
  base?: '/' | '/viewer/' | '/ohif/';
  /** Further files beside app-config.js, by name. */
  files?: Readonly<Record<string, string>>;
  /** Served under a path it was not built for. */
  servedUnder?: string;
  /** Changes the unpacked release before it is served. @param plugins the folder plugins/@spine-oncology */
  damage?(plugins: string): void;
  /** Directives at the beginning of the server block; SITE_MODEL is the folder of the sites' own model, ORTHANC the archive's origin. */
  nginx?: string;
  /** Served through deploy/nginx/viewer.conf, as compose.yaml does, instead of by an nginx that has OHIF itself. */
  compose?: boolean;
  /** The line is not added. */
  withoutLine?: boolean;
}

export interface Hospital {
  orthanc: Orthanc;
  /** In the archive. */
  studyUid: string;
  url(site: string): string;
  /** Takes what was saved out of the archive. */
  removeResults(): Promise<void>;
  stop(): Promise<void>;
}

/** `SPINE_HOST=<unpacked @ohif/app>` tries another version by hand. */
const hostDist = process.env.SPINE_HOST
  ? join(process.env.SPINE_HOST, 'dist')
  : dirname(require.resolve('@ohif/app/dist/index.html'));

/** @param siteModel writes the sites' own model into a folder and returns it */
export async function startHospital(sites: readonly Site[], siteModel = toyModel): Promise<Hospital> {
  const temporary = mkdtempSync(join(tmpdir(), 'spine-hospital-'));
  const release = unpackedRelease(temporary);
  const orthanc = await startOrthanc(servesFolder('/served-folder', join(release, 'plugins')));
  let nginx: Nginx | undefined;
  const stop = async () => {
    await nginx?.stop();
    await orthanc.stop();
    rmSync(temporary, { recursive: true, force: true });
  };
  try {
    const demo = await demoStudyForTests();
    await upload(orthanc, demo.study);
    const folderOf = (name: string) => join(temporary, name);
    for (const site of sites) await layOut(folderOf(site.name), release, site);
    const model = await siteModel(temporary);
    const servers = sites.map(site => server(site, folderOf(site.name), orthanc)).join('\n');
    nginx = await startNginx(servers.replaceAll('SITE_MODEL', model).replaceAll('ORTHANC', orthanc.url.origin));
    const { port } = nginx;
    const url = (name: string) =>
      `http://${name}.localhost:${port}${(sites.find(site => site.name === name)?.base ?? '/').replace(/\/$/, '')}`;
    const [study] = (await (await fetch(new URL('/studies?expand', orthanc.url))).json()) as {
      MainDicomTags: { StudyInstanceUID: string };
    }[];
    const removeResults = () => removeSeries(orthanc, 'Vertebral lesions*');
    return { orthanc, studyUid: study.MainDicomTags.StudyInstanceUID, url, removeResults, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The test model, which here looks for large regions only, as each takes seconds to score. */
export function testModel(temporary: string): Promise<string> {
  const folder = join(temporary, 'site-model');
  cpSync(join(ROOT, 'models/tiny'), folder, { recursive: true });
  changeManifest(folder, { minPixels: 100 });
  return Promise.resolve(folder);
}

/** A toy, which searches a slice in seconds, under the name of the test model. In T11 of the demo study it leaves a few regions of that size. */
async function toyModel(temporary: string): Promise<string> {
  const folder = join(temporary, 'site-model');
  await writeToyModel(folder);
  const { id, name } = manifestOf(join(ROOT, 'models/tiny'));
  changeManifest(folder, { minPixels: 40 }, { id, name });
  return folder;
}

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { method: object; id: string; name: string };

function changeManifest(folder: string, method: object, more: object = {}): void {
  const manifest = manifestOf(folder);
  const changed = { ...manifest, ...more, method: { ...manifest.method, ...method } };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(changed));
}

/** The archive as `npm run release` packs it, unpacked and checked with what every computer has. @returns its folder */
function unpackedRelease(temporary: string): string {
  writeRelease(join(temporary, 'packed'));
  const archive = join(temporary, 'release.tar');
  execFileSync('tar', ['--create', '--file', archive, '--directory', join(temporary, 'packed'), '.']);
  const folder = join(temporary, 'unpacked');
  mkdirSync(folder);
  execFileSync('tar', ['--extract', '--file', archive, '--directory', folder]);
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder });
  return folder;
}

/** What a hospital's engineer does, with a shell and an editor: copy one folder, add one line. */
async function layOut(folder: string, release: string, site: Site): Promise<void> {
  const { config: given, base = '/', files = {}, damage, compose, withoutLine, servedUnder = base } = site;
  const root = join(folder, 'www', servedUnder);
  mkdirSync(folder);
  copyHost(root, base);
  const config = typeof given === 'string' ? given : await given(release);
  const text = config.includes('\n') ? config : readFileSync(join(ROOT, 'test/deploy/sites', config), 'utf8');
  // compose.yaml mounts both in front of OHIF's own container.
  const place = compose ? folder : root;
  writeFileSync(join(place, 'app-config.js'), withoutLine ? text : withConfigLine(text));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(place, name), content);
  // Links, as sites share what nobody damages.
  execFileSync('cp', [damage ? '-r' : '-rl', join(release, 'plugins'), place]);
  damage?.(join(place, 'plugins/@spine-oncology'));
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
