/** A site with OpenID Connect that gives nothing out without a token: its sign-in stays, and a launch link comes back from it. `npm run test:deploy` only. */
import type { Browser } from 'playwright-core';

import { SpinePanel } from '../browser/pages/SpinePanel';
import { ViewerPage } from '../browser/pages/ViewerPage';
import { PageLog } from '../browser/support/artifacts';
import { launchChromium } from '../browser/support/chromium';
import { type Hospital, startHospital } from './support/hospital';
import { type IdentityProvider, startIdentityProvider } from './support/identityProvider';
import { CONFIGURATIONS } from './support/sites';

const timeoutMs = 600_000;
const TOKEN = 'of-the-site';
const oidc = `
window.config.oidc = [{
  authority: location.origin + '/identity', client_id: 'ohif', response_type: 'code', scope: 'openid', redirect_uri: '/callback',
}];`;
const demand = `if ($http_authorization != 'Bearer ${TOKEN}') { return 401; }`;

let provider: IdentityProvider;
let hospital: Hospital;
let browser: Browser;
beforeAll(async () => {
  provider = await startIdentityProvider(TOKEN, '/identity');
  const object = CONFIGURATIONS.find(({ name }) => name === 'object')!;
  hospital = await startHospital([
    {
      ...object,
      config: `${object.config as string}${oidc}`,
      nginx: `
        location /identity/ { proxy_pass http://127.0.0.1:${provider.port}; proxy_set_header Host $http_host; }
        location /test-models/ { ${demand} alias SITE_MODEL/; }
        location ~ /plugins/@spine-oncology/.*\\.(onnx|json|wasm)$ { ${demand} try_files $uri =404; }
        location /dicom-web/studies/ {
          ${demand}
          proxy_pass ORTHANC; proxy_set_header Host $http_host; proxy_set_header Forwarded "host=$http_host;proto=$scheme";
        }`,
    },
  ]);
  browser = await launchChromium();
}, timeoutMs);
afterAll(async () => {
  await browser?.close();
  await hospital?.stop();
  await provider?.stop();
});

it(
  'leads a launch link through the sign-in to the study, whose model is fetched with the token',
  async () => {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const log = new PageLog(page);
    const viewer = new ViewerPage(page, hospital.url('object'));
    await viewer.open(hospital.studyUid);
    await new SpinePanel(page).waitUntilReady();
    await viewer.waitForImage();
    expect(provider.signIns()).toBe(1);
    expect(new URL(page.url()).searchParams.get('StudyInstanceUIDs')).toBe(hospital.studyUid);
    expect(log.lines.filter(line => line.startsWith('401'))).toEqual([]);
    expect(log.errors).toEqual([]);
  },
  timeoutMs
);
