import { type PageFacts, resolveAssetBase } from './assetBase';

const NAME = '@spine-oncology/extension-vertebra-metastasis';
const page = (facts: Partial<PageFacts> = {}): PageFacts => ({
  records: [],
  publicUrl: '/',
  location: 'https://pacs.example/viewer/spine-oncology?StudyInstanceUIDs=1',
  ...facts,
});
const beside = 'https://pacs.example/viewer/plugins/@spine-oncology/extension-vertebra-metastasis/0.1.0/';

test.each<[string, string | undefined, Partial<PageFacts>, string]>([
  ['configured path', '/files/spine', { script: `${beside}index.umd.js` }, 'https://pacs.example/files/spine/'],
  ['configured, from the root', 'files', { publicUrl: '/viewer/' }, 'https://pacs.example/viewer/files/'],
  ['configured CDN', 'https://cdn.example/a/', {}, 'https://cdn.example/a/'],
  ['beside the script', undefined, { script: `${beside}index.umd.js?v=2` }, beside],
  [
    'the script on a CDN',
    undefined,
    { script: 'https://cdn.example/x@0.1.0/index.umd.js' },
    'https://cdn.example/x@0.1.0/',
  ],
  [
    "the host's record under import()",
    undefined,
    { records: [{ packageName: 'another' }, { packageName: NAME, resolvedUrl: `${beside}index.umd.js` }] },
    beside,
  ],
  [
    'built from source: the script is a chunk of the host',
    undefined,
    { script: 'https://pacs.example/viewer/1234.bundle.js', publicUrl: '/viewer' },
    'https://pacs.example/viewer/plugins/vertebra-metastasis/',
  ],
  ['nothing known', undefined, {}, 'https://pacs.example/plugins/vertebra-metastasis/'],
])('%s', (_case, configured, facts, expected) => {
  expect(resolveAssetBase(NAME, configured, page(facts))).toBe(expected);
});
