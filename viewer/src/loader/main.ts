/** The loader: one line at the end of a site's app-config.js adds the mode to an OHIF that is not changed otherwise. */
import { tellUnavailable } from '../../../modes/spine-oncology/src/unavailable';
import { addToConfig, type HostConfig, type HostWindow, withoutPlugins } from './addToConfig';
import { type Release, releaseAt } from './release';
import { watchConfig } from './wrapConfig';

/** Written in front of this script by the build. */
declare const spineOncologyRelease: Release;

const scope = window as unknown as HostWindow;
/** A module or an import() does not say where it came from. */
const address =
  (document.currentScript as HTMLScriptElement | null)?.src ||
  new URL('plugins/@spine-oncology/', new URL((scope.PUBLIC_URL ?? '/').replace(/\/?$/, '/'), window.location.href))
    .href;
const base = new URL('.', address).href;

async function complete(config: HostConfig): Promise<HostConfig> {
  const release = releaseAt(spineOncologyRelease, base);
  try {
    return await addToConfig(scope, config, release);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return withoutPlugins(scope, config, release);
  }
}

function say(reason: string): void {
  const sentence = `${reason[0].toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? '' : '.'}`;
  // An address keeps its small letter.
  tellUnavailable(`${/^https?:/.test(reason) ? reason : sentence} ${base}check.html finds out more.`);
}

// The line in app-config.js looks whether this is set: if not, it says that this file is missing. Loaded twice, the first stays.
if (!scope.spineOncology) {
  scope.spineOncology = { version: spineOncologyRelease.version };
  // The host is a deferred script; a script of the page has its turn before.
  if (document.readyState !== 'loading' && Array.isArray(scope.rspackChunk)) {
    say(
      'the loader ran after the viewer had started: load it from the line at the end of app-config.js, not from a deferred script'
    );
  } else {
    watchConfig(scope, complete);
    // Before deferred scripts, of which the viewer is one.
    document.addEventListener('readystatechange', () => watchConfig(scope, complete), { once: true });
  }
}
