/**
 * Part of `npm run build`: sbom.cdx.json (CycloneDX 1.6) and THIRD-PARTY-NOTICES.txt of everything that the plugins hold, joined
 * from the lists that the build wrote for each bundle.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { repositoryRoot } from '../paths';

interface LicenceText {
  license: { name: string; text?: { content: string; encoding?: 'base64' } };
}
interface Component {
  'bom-ref': string;
  type: string;
  group?: string;
  name: string;
  version: string;
  purl?: string;
  description?: string;
  licenses?: ({ license: { id?: string; name?: string } } | { expression: string })[];
  evidence?: { licenses?: LicenceText[] };
  hashes?: { alg: string; content: string }[];
  properties?: { name: string; value: string }[];
}
interface Bom {
  metadata: { component?: Component } & Record<string, unknown>;
  components?: Component[];
}

const LISTS = join(repositoryRoot, 'viewer/build/sbom');
/** Packages whose published file already holds others: webpack sees one module, so what they depend on is listed by their word. */
const PREBUILT = ['dcmjs', 'onnxruntime-web'];
const OWN = '@spine-oncology';

/** @returns the joined list; components are sorted, so that the same build gives the same file */
export function billOfMaterials(version: string): Record<string, unknown> {
  const lists = bundleLists();
  const bundled = lists.flatMap(({ metadata, components = [] }) => [
    ...components,
    ...(metadata.component ? [metadata.component] : []),
  ]);
  const found = new Map<string, Component>();
  for (const component of bundled) {
    if (component.group !== OWN && component.name !== 'spine-oncology') found.set(keyOf(component), component);
  }
  for (const name of PREBUILT) {
    if (![...found.values()].some(component => component.name === name)) continue;
    for (const part of partsOf(name)) if (!found.has(keyOf(part))) found.set(keyOf(part), part);
  }
  const components = [...found.values(), ...models()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      tools: lists[0].metadata.tools,
      component: {
        'bom-ref': `spine-oncology@${version}`,
        type: 'application', name: 'spine-oncology', version, licenses: [{ license: { id: 'MIT' } }],
      },
    },
    components: components.map(component => ({ ...component, 'bom-ref': keyOf(component) })),
    dependencies: [{ ref: `spine-oncology@${version}`, dependsOn: components.map(keyOf) }],
  };
}

/** Names, versions and licence texts, for people. */
export function thirdPartyNotices(bom: { components: readonly Component[] }): string {
  const parts = bom.components.filter(({ type }) => type === 'library');
  const sections = parts.map(component => {
    const { group, name, version, properties = [] } = component;
    const texts = (component.evidence?.licenses ?? []).map(({ license: { text } }) =>
      text?.encoding === 'base64' ? Buffer.from(text.content, 'base64').toString('utf8') : (text?.content ?? '')
    );
    const title = `${group ? `${group}/` : ''}${name} ${version}: ${licenceOf(component)}`;
    const note = properties.find(property => property.name === PREBUILT_PROPERTY);
    return [title, '-'.repeat(title.length), ...(note ? [note.value] : []), ...texts.map(text => text.trim())].join('\n');
  });
  return [
    'Spine Oncology contains the following software of others, each under its own licence. sbom.cdx.json lists the same for machines.',
    'The WebAssembly file of onnxruntime-web is compiled from ONNX Runtime and the libraries named in',
    'https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt.',
    'The viewer itself (OHIF) is not part of this: see "Licences" in INSTALL.md.',
    '',
    sections.join('\n\n\n'),
    '',
  ].join('\n');
}

const PREBUILT_PROPERTY = 'spine-oncology:prebuilt';
const keyOf = ({ group, name, version }: Component) => `${group ? `${group}/` : ''}${name}@${version}`;

function licenceOf({ licenses = [] }: Component): string {
  const names = licenses.map(entry =>
    'expression' in entry ? entry.expression : (entry.license.id ?? entry.license.name ?? 'see below')
  );
  return names.join(', ') || 'see below';
}

/** @throws Error when nothing was built */
function bundleLists(): Bom[] {
  const files = readdirSync(LISTS, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('bom.json'));
  if (!files.length) throw new Error(`${LISTS} is empty: run "npm run build".`);
  return files.sort().map(path => JSON.parse(readFileSync(join(LISTS, path), 'utf8')) as Bom);
}

/** What a package's description says that it is made of. */
function partsOf(name: string): Component[] {
  const from = join(repositoryRoot, 'extensions/vertebra-metastasis');
  const folder = packageFolder(name, from);
  const { dependencies = {} } = readPackage(folder);
  return Object.keys(dependencies).map(part => {
    const place = packageFolder(part, folder);
    const { version, license } = readPackage(place);
    const [group, base] = part.startsWith('@') ? part.split('/') : [undefined, part];
    const text = readdirSync(place).find(file => /^licen[cs]e/i.test(file));
    return {
      'bom-ref': '',
      type: 'library',
      ...(group ? { group } : {}),
      name: base, version, purl: `pkg:npm/${part.replace('@', '%40')}@${version}`,
      licenses: license ? [/ /.test(license) ? { expression: license } : { license: { id: license } }] : [],
      evidence: text && {
        licenses: [{ license: { name: `file: ${text}`, text: { content: readFileSync(join(place, text), 'utf8') } } }],
      },
      properties: [{ name: PREBUILT_PROPERTY, value: `Named as a part of ${name}, whose published file may hold it.` }],
    } as Component;
  });
}

function packageFolder(name: string, from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    try {
      readPackage(place);
      return place;
    } catch {
      // Further up.
    }
  }
  throw new Error(`${name} is not installed: run "npm ci".`);
}

function readPackage(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
    dependencies?: Record<string, string>;
  };
}

/** The weights in the release, each with the SHA-256 of its manifest, which holds those of all its files. */
function models(): Component[] {
  const root = join(repositoryRoot, 'models');
  return ['default', 'body'].map(folder => {
    const text = readFileSync(join(root, folder, 'manifest.json'));
    const { id, version, description, licence } = JSON.parse(text.toString()) as Record<string, string>;
    return {
      'bom-ref': '',
      type: 'machine-learning-model',
      name: `model-${id}`, version, description, licenses: [{ license: { id: licence } }],
      hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(text).digest('hex') }],
    };
  });
}

if (require.main === module) {
  const manifest = join(repositoryRoot, 'extensions/vertebra-metastasis/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const bom = billOfMaterials(version);
  const build = join(repositoryRoot, 'viewer/build');
  writeFileSync(join(build, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 1)}\n`);
  writeFileSync(join(build, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(bom as { components: Component[] } & object));
}
