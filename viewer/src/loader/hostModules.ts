/** Finds the packages the plugins share with the host among the modules of its bundle, by the comments that Rspack leaves in it. */
import type { WantedExports } from './release';

/** Where a package the plugins share lives inside the host's bundle. */
export interface HostModule {
  /** Module id in the host's rspack runtime. */
  id: string;
  /** Public export name -> mangled property name; absent for CommonJS modules, whose names survive. */
  exports?: Record<string, string>;
}
/** Keyed by package name, which is also the global the plugin bundles look for. */
export type HostModules = Record<string, HostModule>;
/** Source text of each module of the host, by its id. */
export type ModuleTexts = ReadonlyMap<string, string>;

const reactFiles: Record<string, string> = {
  react: 'react.production.min.js',
  'react-dom': 'react-dom.production.min.js',
  'react/jsx-runtime': 'react-jsx-runtime.production.min.js',
};
const sourceModules: Record<string, string> = {
  '@ohif/core': '../../core/src/index.ts',
  '@ohif/ui-next': '../../ui-next/src/index.ts',
};

/**
 * @param texts of a host that was not minified
 * @throws Error naming the pattern that matches nothing, or the wanted exports the host does not have
 */
export function findHostModules(texts: ModuleTexts, wanted: WantedExports): HostModules {
  const modules: HostModules = {};
  for (const [name, file] of Object.entries(reactFiles)) modules[name] = { id: reactIndexModule(texts, file) };
  const missing: string[] = [];
  for (const [name, path] of Object.entries(sourceModules)) {
    const { id, locals } = esModule(texts, path);
    const exports: Record<string, string> = {};
    for (const want of [...new Set(wanted[name] ?? [])].sort()) {
      const property = propertyOf(locals, want);
      if (property === undefined) missing.push(`${want} from ${name}`);
      else exports[want] = property;
    }
    modules[name] = { id, exports };
  }
  if (missing.length) throw new Error(`this OHIF does not have ${missing.join(', ')}, which the plugins use`);
  return modules;
}

/** react/index.js and its siblings re-export the production file: the plugins get that outer module, as the host does. */
function reactIndexModule(texts: ModuleTexts, file: string): string {
  const licence = `@license React\n * ${file}\n`;
  const production = only(texts, text => text.slice(0, LICENCE_WITHIN).includes(licence), `the module of ${file}`);
  const reexport = `module.exports = __webpack_require__(${production})`;
  return only(texts, text => text.includes(reexport), `the re-export of ${file}`);
}
const LICENCE_WITHIN = 400;

/** Id and export table (mangled property -> local identifier) of a concatenated ES module. */
function esModule(texts: ModuleTexts, path: string): { id: string; locals: Map<string, string> } {
  const comment = new RegExp(
    `// EXTERNAL MODULE: ${escape(path)} \\+ \\d+ modules\\nvar \\w+ = __webpack_require__\\("?([\\w./-]+)"?\\)`,
    'g'
  );
  const ids = new Set<string>();
  for (const text of texts.values()) for (const [, id] of text.matchAll(comment)) ids.add(id);
  if (ids.size !== 1) throw changed(`the module ${path} (${ids.size} candidates)`);
  const [id] = ids;
  const head = /\/\/ EXPORTS\n__webpack_require__\.d\(__webpack_exports__, \{\n([\s\S]*?)\n\}\);/.exec(
    texts.get(id) ?? ''
  );
  if (!head) throw changed(`the export table of ${path}`);
  const locals = new Map<string, string>();
  for (const line of head[1].split('\n')) {
    const entry = /^\s*"?([\w$]+)"?: \(\) => \(\/\* \w+ \*\/ ?([\w$]+)(?:\/\* (?:\.([\w$]+)|\["default"\]) \*\/)?/.exec(
      line
    );
    if (entry) locals.set(entry[1], entry[3] ?? entry[2]);
  }
  return { id, locals };
}

/** Concatenation may prefix a local identifier with its file's name: `Button_Button` is Button. */
function propertyOf(locals: Map<string, string>, want: string): string | undefined {
  const entries = [...locals];
  const exact = entries.filter(([, local]) => local === want);
  const found = exact.length ? exact : entries.filter(([, local]) => local.endsWith(`_${want}`));
  return found.length === 1 ? found[0][0] : undefined;
}

function only(texts: ModuleTexts, matches: (text: string) => boolean, what: string): string {
  const ids = [...texts].filter(([, text]) => matches(text)).map(([id]) => id);
  if (ids.length !== 1) throw changed(`${what} (${ids.length} matches)`);
  return ids[0];
}

function changed(what: string): Error {
  return new Error(`this OHIF was built in an unknown way (minified, or not 3.13): ${what} could not be found in it`);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
