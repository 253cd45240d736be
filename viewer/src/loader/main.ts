/** The loader: one line at the end of a site's app-config.js adds the mode to an OHIF that is not changed otherwise. */
import { tellUnavailable } from '../../../modes/spine-oncology/src/unavailable';
import { addToConfig, type HostWindow } from './addToConfig';
import { type Release, releaseAt } from './release';
import { watchConfig } from './wrapConfig';

/** Written in front of this script by the build. */
declare const spineOncologyRelease: Release;

const scope = window as unknown as HostWindow;
const address = (document.currentScript as HTMLScriptElement | null)?.src;

if (!scope.spineOncology) {
  // The line in app-config.js looks whether this is set: if not, it says that this file is missing.
  scope.spineOncology = { version: spineOncologyRelease.version };
  watchConfig(scope, async config => {
    const base = new URL('.', address ?? window.location.href).href;
    try {
      return await addToConfig(scope, config, releaseAt(spineOncologyRelease, base));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const sentence = `${reason[0].toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? '' : '.'}`;
      // An address keeps its small letter.
      tellUnavailable(`${/^https?:/.test(reason) ? reason : sentence} ${base}check.html finds out more.`);
      return config;
    }
  });
}
