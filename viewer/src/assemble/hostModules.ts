/** The prebuilt host this was written against: its module ids and export names are not a public interface. */
export const supportedHostVersion = '3.13.2';

/** Where a package the plugins share lives inside the host's bundle. */
export interface HostModule {
  /** Module id in the host's rspack runtime. */
  id: number;
  /** Public export name -> mangled property name; absent for CommonJS modules, whose names survive. */
  exports?: Record<string, string>;
}
/** Keyed by package name, which is also the global the plugin bundles look for. */
export type HostModules = Record<string, HostModule>;

/** Names the plugins import, by package. */
export type WantedExports = Record<string, string[]>;

const reactFiles: Record<string, string> = {
  react: 'react.production.min.js',
  'react-dom': 'react-dom.production.min.js',
  'react/jsx-runtime': 'react-jsx-runtime.production.min.js',
};
const sourceModules: Record<string, string> = {
  '@ohif/core': '../../core/src/index.ts',
  '@ohif/ui-next': '../../ui-next/src/index.ts',
};
export const sharedPackages = [...Object.keys(reactFiles), ...Object.keys(sourceModules)];

/**
 * Finds the shared packages in the host's unminified bundle by its licence and module comments.
 * @throws Error naming the pattern that no longer matches or the wanted exports the host does not have.
 */
export function findHostModules(bundle: string, wanted: WantedExports): HostModules {
  const modules: HostModules = {};
  for (const [name, file] of Object.entries(reactFiles)) modules[name] = { id: reactIndexModule(bundle, file) };
  const missing: string[] = [];
  for (const [name, path] of Object.entries(sourceModules)) {
    const { id, locals } = esModule(bundle, path);
    modules[name] = { id, exports: {} };
    for (const want of [...new Set(wanted[name] ?? [])].sort()) {
      const property = propertyOf(locals, want);
      if (property === undefined) missing.push(`${want} from ${name}`);
      else modules[name].exports![want] = property;
    }
  }
  if (missing.length) {
    throw new Error(
      `The host does not provide ${missing.join(', ')}: OHIF ${supportedHostVersion} has removed it from its build or ` +
        'renamed it. Import something else, or bring the component along in the extension.'
    );
  }
  return modules;
}

/** react/index.js and its siblings re-export the production file: take the id of that outer module. */
function reactIndexModule(bundle: string, file: string): number {
  const licence = new RegExp(
    `\\n(\\d+)\\([^\\n]*\\) \\{\\n"use strict";\\n/\\*\\*\\n \\* @license React\\n \\* ${escape(file)}\\n`,
    'g'
  );
  const production = only(bundle, licence, `the module of ${file}`)[1];
  const reexport = only(
    bundle,
    new RegExp(`module\\.exports = __webpack_require__\\(${production}\\)`, 'g'),
    `the re-export of ${file}`
  );
  const header = [...bundle.slice(0, reexport.index).matchAll(/\n(\d+)\([^\n]*\) \{\n/g)].at(-1);
  if (!header) throw changed(`the module around the re-export of ${file}`);
  return Number(header[1]);
}

/** Id and export table (mangled property -> local identifier) of a concatenated ES module. */
function esModule(bundle: string, path: string): { id: number; locals: Map<string, string> } {
  const comment = new RegExp(
    `// EXTERNAL MODULE: ${escape(path)} \\+ \\d+ modules\\nvar \\w+ = __webpack_require__\\((\\d+)\\)`,
    'g'
  );
  const ids = new Set([...bundle.matchAll(comment)].map(match => match[1]));
  if (ids.size !== 1) throw changed(`the module ${path} (${ids.size} candidates)`);
  const [id] = ids;
  const head = new RegExp(
    `\\n${id}\\([^\\n]*\\) \\{\\n"use strict";\\n\\n// EXPORTS\\n__webpack_require__\\.d\\(__webpack_exports__, \\{\\n([\\s\\S]*?)\\n\\}\\);`,
    'g'
  );
  const locals = new Map<string, string>();
  for (const line of only(bundle, head, `the export table of ${path}`)[1].split('\n')) {
    const entry = /^\s*([\w$]+): \(\) => \(\/\* \w+ \*\/ ?([\w$]+)(?:\/\* (?:\.([\w$]+)|\["default"\]) \*\/)?/.exec(
      line
    );
    if (entry) locals.set(entry[1], entry[3] ?? entry[2]);
  }
  return { id: Number(id), locals };
}

/** Concatenation may prefix a local identifier with its file's name: `Button_Button` is Button. */
function propertyOf(locals: Map<string, string>, want: string): string | undefined {
  const entries = [...locals];
  const exact = entries.filter(([, local]) => local === want);
  const found = exact.length ? exact : entries.filter(([, local]) => local.endsWith(`_${want}`));
  return found.length === 1 ? found[0][0] : undefined;
}

function only(text: string, pattern: RegExp, what: string): RegExpExecArray {
  const matches = [...text.matchAll(pattern)];
  if (matches.length !== 1) throw changed(`${what} (${matches.length} matches)`);
  return matches[0];
}

function changed(what: string): Error {
  return new Error(
    `OHIF's bundle is not laid out as in ${supportedHostVersion}: could not find ${what}. Pin that version, or adapt viewer/src/assemble.`
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
