/** A site's configuration: an object, or a function that the host calls when its own modules are up. */
export type Given = object | ((...given: unknown[]) => unknown) | undefined;

const ours = new WeakSet<object>();

/**
 * A function in place of the site's configuration. It has all of its properties, as the host reads some (routerBasename) before
 * it calls the function.
 * @param complete gets the configuration; what it returns is the host's
 */
export function wrapConfig(given: Given, complete: (config: object) => Promise<object>): Given {
  if (!given || ours.has(given)) return given;
  const wrapped = async (...args: unknown[]) =>
    complete((typeof given === 'function' ? await given(...args) : given) as object);
  ours.add(wrapped);
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(given))) {
    // defineProperty and not assignment, which fails on `name`.
    Object.defineProperty(wrapped, key, { ...descriptor, configurable: true });
  }
  return wrapped;
}

/** Wraps `scope.config`: what is there now, and whatever replaces it later (a script below, OHIF's dynamic configuration). */
export function watchConfig(scope: { config?: Given }, complete: (config: object) => Promise<object>): void {
  let current = wrapConfig(scope.config, complete);
  try {
    Object.defineProperty(scope, 'config', {
      configurable: true,
      enumerable: true,
      get: () => current,
      set: (given: Given) => {
        current = wrapConfig(given, complete);
      },
    });
  } catch {
    // `var config` at the top of app-config.js cannot be replaced by an accessor.
    scope.config = current;
  }
}
