// OHIF 3.14 puts the packages it shares with runtime plugins on window, under their package names. 3.13 shares nothing:
// this takes the same modules out of its rspack runtime, by the ids in host-modules.js (found at build time).
window.spineHostGlobals = () => {
  let hostRequire;
  (globalThis.rspackChunk ||= []).push([
    [Symbol('spine-oncology')],
    {},
    runtime => {
      hostRequire = runtime;
    },
  ]);
  if (!hostRequire)
    throw new Error('The OHIF host has no rspack runtime: this viewer was assembled from another version.');
  for (const [name, { id, exports }] of Object.entries(window.spineHostModules)) {
    if (window[name]) continue; // a host that shares it itself
    const module = hostRequire(id);
    window[name] = exports ? namedExports(name, module, exports) : module;
  }
  if (!window.react.version?.startsWith('18.'))
    throw new Error(`The OHIF host brings React ${window.react.version}, not 18.`);
};

function namedExports(name, module, exports) {
  const shared = { __esModule: true };
  for (const [publicName, property] of Object.entries(exports)) {
    if (!(property in module))
      throw new Error(`The OHIF host's ${name} has no ${publicName}: assemble the viewer again.`);
    Object.defineProperty(shared, publicName, { enumerable: true, get: () => module[property] });
  }
  return shared;
}
