/** A site's configuration: an object, or a function that the host calls when its own modules are up. */
export type Given = object | ((...given: unknown[]) => unknown) | undefined;

const ours = new WeakSet<object>();

/**
 * A function in place of the site's configuration. Its properties are the configuration's own, read and written through, as the host
 * reads some (routerBasename) before it calls the function, and scripts below may still change others.
 * @param complete gets the configuration; what it returns is the host's
 */
export function wrapConfig(given: Given, complete: (config: object) => Promise<object>): Given {
  if (!isConfiguration(given) || ours.has(given)) return given;
  const wrapped = async (...args: unknown[]) =>
    complete((typeof given === 'function' ? await given(...args) : { ...given, ...wrapped }) as object);
  ours.add(wrapped);
  for (const [key, enumerable] of keysOf(given)) {
    // defineProperty and not assignment, which fails on `name`.
    Object.defineProperty(wrapped, key, {
      configurable: true,
      enumerable,
      get: () => Reflect.get(given, key) as unknown,
      set: (value: unknown) => void Reflect.set(given, key, value),
    });
  }
  return wrapped;
}

const isConfiguration = (given: Given): given is NonNullable<Given> =>
  typeof given === 'function' || (typeof given === 'object' && given !== null);

/** Own keys and those of a class it may be of, each with whether a spread takes it along. */
function keysOf(given: object): Map<PropertyKey, boolean> {
  const keys = new Map<PropertyKey, boolean>();
  const basic: unknown[] = [Object.prototype, Function.prototype, null];
  for (
    let owner: object | null = given;
    owner && !basic.includes(owner);
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    for (const key of Reflect.ownKeys(owner)) {
      if (keys.has(key) || (owner !== given && key === 'constructor')) continue;
      keys.set(key, owner === given && Object.prototype.propertyIsEnumerable.call(given, key));
    }
  }
  return keys;
}

/**
 * Wraps `scope.config`: what is there now, and whatever replaces it later (a script below, OHIF's dynamic configuration). Called again it
 * wraps what came past it: `function config() {}` in a script below replaces the accessor without a word.
 */
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
