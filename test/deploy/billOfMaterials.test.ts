/** What the build says that the plugins are made of: valid, complete, and free of licences that would bind a hospital. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { ROOT } from '../support/shared';

interface Component {
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly Record<string, unknown>[];
}
const file = (name: string) => readFileSync(join(ROOT, 'viewer/build', name), 'utf8');
const text = file('sbom.cdx.json');
const { components } = JSON.parse(text) as { components: Component[] };
const nameOf = ({ group, name }: Component) => (group ? `${group}/${name}` : name);
const libraries = components.filter(({ type }) => type === 'library');

it('is a CycloneDX 1.6 document by the strict schema', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(text)).toBeNull();
  expect(await validator.validate(text.replace('"library"', '"tapestry"'))).not.toBeNull();
});

it('lists every package that the extension says it bundles, in the version installed', () => {
  const extension = join(ROOT, 'extensions/vertebra-metastasis');
  const { dependencies } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const listed = new Map(libraries.map(component => [nameOf(component), component.version]));
  // nifti-reader-js is used by the command line only.
  const bundled = Object.entries(dependencies).filter(([name]) => name !== 'nifti-reader-js');
  expect(bundled.length).toBeGreaterThan(4);
  for (const [name, version] of bundled) expect([name, listed.get(name)]).toEqual([name, version]);
});

it('has licences that allow use without conditions on the rest of the viewer', () => {
  const permissive = /^\(?((MIT|Apache-2\.0|BSD-[23]-Clause|ISC|Zlib|0BSD)( AND | OR )?)+\)?$/;
  for (const component of libraries) {
    const licences = JSON.stringify(component.licenses);
    const [, licence = ''] = /"(?:id|expression|name)":"([^"]+)"/.exec(licences) ?? [];
    expect([nameOf(component), licence]).toEqual([nameOf(component), expect.stringMatching(permissive)]);
  }
});

it('names the weights by the SHA-256 of their manifests', () => {
  expect(components.filter(({ type }) => type === 'machine-learning-model').map(({ name }) => name)).toEqual([
    'model-body',
    'model-default',
  ]);
});

it("the host's AGPL part is the one that docs/install.md names", () => {
  const { name, version, license } = JSON.parse(
    readFileSync(join(ROOT, 'node_modules/shepherd.js/package.json'), 'utf8')
  ) as Record<string, string>;
  expect(license).toBe('AGPL-3.0');
  expect(readFileSync(join(ROOT, 'docs/install.md'), 'utf8')).toContain(`Shepherd.js ${version}`);
  const dist = join(ROOT, 'node_modules/@ohif/app/dist');
  const bundle = readdirSync(dist).find(file => /^app\.bundle\..*\.js$/.test(file))!;
  expect([name, readFileSync(join(dist, bundle), 'utf8').includes('shepherd-modal-is-visible')]).toEqual([name, true]);
});

it('comes with the text of each licence', () => {
  const notices = file('THIRD-PARTY-NOTICES.txt');
  for (const component of libraries) expect(notices).toContain(`${nameOf(component)} ${component.version}: `);
  expect(notices.match(/Permission is hereby granted/g)!.length).toBeGreaterThan(5);
  expect(existsSync(join(ROOT, 'LICENSE'))).toBe(true);
});
