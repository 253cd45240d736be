/** The folder that a hospital unpacks: nothing in it has to be built. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { listFiles } from '../assemble/copyTree';
import { repositoryRoot } from '../paths';
import { CONFIG_LINE, withConfigLine } from './configLine';
import { PLUGINS_FOLDER, pluginTree } from './pluginTree';

/** Written by the build: viewer/src/release/billOfMaterials.ts. */
const NOTICES = ['THIRD-PARTY-NOTICES.txt', 'sbom.cdx.json'];
const FIXTURES = ['tiny'];

/**
 * @param target folder to write; what was there is removed
 * @param demoStudy folder of DICOM files to put beside it, for compose.yaml
 * @returns the version
 */
export function writeRelease(target: string, demoStudy?: string): string {
  const { release, files, generated } = pluginTree({ withoutModels: FIXTURES });
  const deploy = join(repositoryRoot, 'deploy');
  const copies = new Map<string, string>([
    ...[...files].map(([path, file]): [string, string] => [`${PLUGINS_FOLDER}/${path}`, file]),
    ...listFiles(deploy).map((path): [string, string] => [path, join(deploy, path)]),
    ...notices(),
    ['LICENSE', join(repositoryRoot, 'LICENSE')],
    ...(demoStudy ? listFiles(demoStudy).map((path): [string, string] => [`demo-study/${path}`, join(demoStudy, path)]) : []),
  ]);
  const texts = new Map<string, string>([
    ['INSTALL.md', archived(readFileSync(join(repositoryRoot, 'docs/install.md'), 'utf8'))],
    ...[...generated].map(([path, text]): [string, string] => [`${PLUGINS_FOLDER}/${path}`, text]),
    ['app-config.js', withConfigLine(readFileSync(join(deploy, 'app-config.js'), 'utf8'))],
    ['config-line.js', `// At the end of your app-config.js:\n${CONFIG_LINE}\n`],
    ['descriptors-3.14.js', descriptorsFile(release)],
  ]);
  for (const path of texts.keys()) copies.delete(path);

  rmSync(target, { recursive: true, force: true });
  const place = (path: string) => {
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  };
  for (const [path, file] of copies) copyFileSync(file, place(path));
  for (const [path, text] of texts) writeFileSync(place(path), text);
  writeFileSync(join(target, 'SHA256SUMS'), checksums(target));
  return release.version;
}

/** A page of docs/ as it stands in the archive, where the files of deploy/ lie beside it and other pages do not. */
function archived(page: string): string {
  return page.replaceAll('](../deploy/', '](').replace(/\[([^\]]+)\]\((?:\.\.\/)?[\w/-]+\.md(?:#[\w-]*)?\)/g, '$1 (of the project)');
}

function notices(): [string, string][] {
  return NOTICES.map((name): [string, string] => [name, join(repositoryRoot, 'viewer/build', name)]);
}

type Descriptors = ReturnType<typeof pluginTree>['release'];

/** What OHIF 3.14 wants in its configuration. */
function descriptorsFile({ extensions, modes }: Descriptors): string {
  const served = <T extends { importPath: string; styles: string[] }>(descriptor: T): T => ({
    ...descriptor,
    importPath: `/${PLUGINS_FOLDER}/${descriptor.importPath}`,
    styles: descriptor.styles.map(path => `/${PLUGINS_FOLDER}/${path}`),
  });
  const text = (list: Descriptors['extensions']) => JSON.stringify(list.map(served), null, 2).replaceAll('\n', '\n  ');
  return `// For OHIF 3.14 and later, which load plugins themselves: put these entries into the lists of your app-config.js.
// Served under a sub-path, set it in front of each importPath.
({
  extensions: ${text(extensions)},
  modes: ${text(modes)},
});
`;
}

/** As `sha256sum --check` reads it. */
function checksums(folder: string): string {
  return listFiles(folder)
    .sort()
    .map(path => `${createHash('sha256').update(readFileSync(join(folder, path))).digest('hex')}  ${path}\n`)
    .join('');
}
