/** The sites of the deployment tests: six configurations, some odd ones, and one for each fault. */
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CONFIG_LINE } from '../../../viewer/src/release/configLine';
import { bundlePage } from '../../browser/support/bundlePage';
import { ROOT } from '../../support/shared';
import type { Site } from './hospital';

const EXTENSION = 'extension-vertebra-metastasis/0.1.0/index.umd.js';
const MODE = 'mode-spine-oncology/0.1.0/index.umd.js';

/** The release has no test model; a site offers its own (support/hospital.ts), with a line in front of its configuration. */
const withModel = (text: string) => `
window.spineSettings = { extensionConfiguration: {
  models: [{ id: 'tiny', manifestUrl: '/test-models/manifest.json' }],
  defaultModel: 'tiny',
} };
${text}`;
const siteFile = (file: string) => readFileSync(join(ROOT, 'test/deploy/sites', file), 'utf8');
const nginx = 'location /test-models/ { alias SITE_MODEL/; }';
const site = (name: string, file: string, more: Partial<Site> = {}): Site => ({
  name,
  config: withModel(siteFile(file)),
  nginx,
  ...more,
});
const faulty = (name: string, damage?: Site['damage'], more: Partial<Site> = {}): Site => ({
  name,
  config: 'object.js',
  damage,
  ...more,
});

/** Where the routes of whiteLabel.js begin. */
export const WHITE_LABEL_ROUTES = '/reading';
/** Another site's configuration, at the root of the server and under a path. `function` is served through compose.yaml's nginx files. */
export const CONFIGURATIONS: readonly Site[] = [
  site('object', 'object.js'),
  site('object-path', 'object.js', { base: '/viewer/' }),
  site('function', 'function.js', { compose: true }),
  site('function-path', 'function.js', { base: '/viewer/' }),
  site('white', 'whiteLabel.js'),
  site('white-path', 'whiteLabel.js', { base: '/viewer/' }),
];

/** What a site sends with every request to its own server. */
export const TOKEN = 'Bearer of-the-site';
const signedIn = (text: string) => `${text}
window.config.extensions = [{
  id: 'site.sign-in',
  preRegistration: ({ servicesManager: { services } }) => services.userAuthenticationService.setServiceImplementation({
    getAuthorizationHeader: () => ({ Authorization: '${TOKEN}' }),
  }),
}];`;

/** The line with the address of a loader that is not below the viewer. */
const lineFor = (address: string) =>
  CONFIG_LINE.replace(/\$\{.*?"\)\}plugins\/@spine-oncology\/loader\.js/, () => address);
const LOADER = '<script src="/plugins/@spine-oncology/loader.js"></script>';
/** The loader before the configuration and again after it; a frozen configuration without lists; another plugin's loader around both. */
const crowded = `
document.write('${LOADER}<script src="/site-config.js"></script>${LOADER}<script src="/other-plugin.js"></script>');`;
const otherPlugin = `{
  const before = window.config;
  window.config = async (...given) => ({ ...(await before(...given)), otherPlugin: true });
  window.config.routerBasename = before.routerBasename;
}`;
const asFunction = `
function config() {
  const { extensions, modes, ...others } = site;
  return Object.freeze(others);
}`;

export const ODD_SITES: readonly Site[] = [
  {
    name: 'crowded',
    config: `${crowded}\n`,
    files: {
      'site-config.js': withModel(siteFile('object.js')).replace('window.config =', 'const site =') + asFunction,
      'other-plugin.js': otherPlugin,
    },
    nginx,
  },
  {
    name: 'cdn',
    config: withModel(
      `${signedIn(siteFile('object.js'))}
${lineFor('http://files.localhost:${location.port}/plugins/@spine-oncology/loader.js')}`
    ),
    nginx: `location /test-models/ { if ($http_authorization != '${TOKEN}') { return 401; } alias SITE_MODEL/; }`,
  },
  { name: 'files', config: 'object.js', nginx: 'add_header Access-Control-Allow-Origin *;' },
  site('strict', 'object.js', { nginx: `include spine-oncology/content-security-policy.conf; ${nginx}` }),
  {
    // As Orthanc's OHIF plugin puts it together: the user's file, then its own settings; files come from Orthanc's ServeFolders.
    name: 'orthanc-plugin',
    base: '/ohif/',
    config: withModel(
      `${siteFile('object.js')}
${lineFor('/served-folder/@spine-oncology/loader.js')}
const { dataSources } = window.config;
window.config.dataSources = [];
window.config.routerBasename = '/ohif/';
window.config.dataSources = dataSources;
`
    ),
    nginx: `${nginx} location /served-folder/ { proxy_pass ORTHANC; }`,
  },
];

export const FAULTY_SITES: readonly Site[] = [
  faulty('missing', plugins => rmSync(join(plugins, MODE))),
  faulty('altered', plugins => appendFileSync(join(plugins, EXTENSION), ' ')),
  faulty('stale', plugins => {
    const file = join(plugins, EXTENSION);
    writeFileSync(file, readFileSync(file, 'utf8').replace(' 0.1.0 */', ' 0.0.9 */'));
  }),
  faulty('type', undefined, {
    nginx: `location ~ index.umd.js$ { types {} default_type application/octet-stream; add_header X-Content-Type-Options nosniff; }`,
  }),
  faulty('throwing', plugins => {
    const text = `/*! @spine-oncology/mode-spine-oncology 0.1.0 */ throw new Error('planted')`;
    const old = readFileSync(join(plugins, MODE));
    writeFileSync(join(plugins, MODE), text);
    const loader = join(plugins, 'loader.js');
    // The file of such a release, hash and all.
    writeFileSync(loader, readFileSync(loader, 'utf8').replace(sri(old), sri(text)));
  }),
  faulty('model', plugins => {
    const file = join(plugins, 'extension-vertebra-metastasis/0.1.0/models/body/body_outline.onnx');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
  }),
  faulty('path', undefined, { servedUnder: '/viewer/' }),
  faulty('policy', undefined, { nginx: `add_header Content-Security-Policy "script-src 'self'; worker-src 'self'";` }),
  faulty('no-line', undefined, { withoutLine: true }),
  faulty('no-folder', plugins => rmSync(plugins, { recursive: true })),
];

const sri = (content: string | Buffer) => `sha384-${createHash('sha384').update(content).digest('base64')}`;

/** The site puts the release's descriptors into its lists; the loader of OHIF 3.14 is emulated behind it. */
export const EMULATED_314: Site = { name: 'v314', config: config314, nginx, withoutLine: true };

async function config314(release: string): Promise<string> {
  const descriptors = readFileSync(join(release, 'descriptors-3.14.js'), 'utf8');
  const [, released] = /^var spineOncologyRelease = (.*);$/m.exec(
    readFileSync(join(release, 'plugins/@spine-oncology/loader.js'), 'utf8')
  )!;
  const emulation = await bundlePage(join(ROOT, 'test/deploy/emulated/loader314.ts'));
  return `${withModel(siteFile('object.js'))}
    const descriptors = ${descriptors}
    window.config.extensions = [[descriptors.extensions[0], window.spineSettings.extensionConfiguration]];
    window.config.modes = descriptors.modes;
    window.emulatedShares = ${released}.wantedExports;
    ${readFileSync(join(emulation, 'page.js'), 'utf8')}`;
}
