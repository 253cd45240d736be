import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/**
 * Software rendering for WebGL, and for WebGL alone: drawing the page itself that way takes a third of the processor from an analysis whose
 * progress is shown. Nothing that talks to the network, and no sandbox, which containers do not allow.
 */
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-rasterization',
  '--disable-gpu-compositing',
];
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Path of a Chromium: CHROMIUM_PATH, else one on the PATH, else Debian's package, installed when this user may.
 * @throws Error saying how to get one.
 */
export function findChromium(): string {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (existsSync(given)) return given;
    throw new Error(`CHROMIUM_PATH is ${given}, which does not exist.`);
  }
  const found = onPath() ?? installed();
  if (found) return found;
  throw new Error(
    'The browser tests need Chromium or Chrome. Install it (Debian: apt-get install chromium; macOS: brew install --cask ' +
      'chromium; others: google.com/chrome) or set CHROMIUM_PATH to its executable.'
  );
}

function onPath(): string | undefined {
  for (const name of names) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      continue; // `which` answers 1 for a name it does not find
    }
  }
  return undefined;
}

function installed(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  process.stdout.write('No Chromium found: installing the Debian package.\n');
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync(
    'apt-get',
    ['install', '-y', '-qq', '-o', 'DPkg::Lock::Timeout=600', '--no-install-recommends', 'chromium'],
    options
  );
  return onPath();
}

/** A browser with a profile of its own, thrown away when it closes. @param more further command-line flags */
export function launchChromium(more: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: [...flags, ...more] });
}

/**
 * WebAssembly is translated once, quickly, and hot functions are not optimized afterwards: two of a study's twelve processor seconds of
 * opening go into that, which pays only where a network then runs for long.
 */
export const NO_LONG_INFERENCE = '--js-flags=--no-wasm-dynamic-tiering --no-wasm-tier-up';

/**
 * A browser with a profile that stays until the folder is removed: its tests share what is compiled.
 * @param folder an empty one @param more further command-line flags
 */
export function launchProfile(
  folder: string,
  viewport: { width: number; height: number },
  more: string[] = []
): Promise<BrowserContext> {
  const args = [...flags, ...more];
  const options = { executablePath: findChromium(), args, viewport, reducedMotion: 'reduce' } as const;
  return chromium.launchPersistentContext(folder, options);
}
