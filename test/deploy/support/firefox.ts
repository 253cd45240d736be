/** Firefox ESR of Debian over WebDriver BiDi, on a virtual screen: without one it has no WebGL here. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

import puppeteer, { type Browser } from 'puppeteer-core';

const needed: Record<string, string> = { '/usr/bin/firefox-esr': 'firefox-esr', '/usr/bin/Xvfb': 'xvfb' };

export interface Firefox {
  browser: Browser;
  stop(): Promise<void>;
}

export async function startFirefox(): Promise<Firefox> {
  installWhenMissing();
  const { screen, display } = await startScreen();
  try {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: '/usr/bin/firefox-esr',
      headless: false,
      env: { ...process.env, DISPLAY: display },
      args: ['--width=1600', '--height=1000'],
      extraPrefsFirefox: {
        'webgl.force-enabled': true,
        'app.update.enabled': false,
        'datareporting.policy.dataSubmissionEnabled': false,
      },
      protocolTimeout: 900_000,
      defaultViewport: null,
    });
    const stop = async () => {
      await browser.close();
      screen.kill();
    };
    return { browser, stop };
  } catch (error) {
    screen.kill();
    throw error;
  }
}

/** Xvfb says on a pipe which display it has taken. */
function startScreen(): Promise<{ screen: ChildProcess; display: string }> {
  const options = ['-displayfd', '3', '-screen', '0', '1600x1100x24', '-nolisten', 'tcp'];
  const screen = spawn('/usr/bin/Xvfb', options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    screen.on('error', reject);
    screen.on('exit', code => reject(new Error(`Xvfb ended with ${code}`)));
    screen.stdio[3]!.once('data', number => resolve({ screen, display: `:${String(number).trim()}` }));
  });
}

function installWhenMissing(): void {
  const missing = Object.keys(needed).filter(file => !existsSync(file));
  if (!missing.length) return;
  const packages = missing.map(file => needed[file]);
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`The Firefox test needs: sudo apt-get install ${packages.join(' ')} (Debian or Ubuntu).`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  execFileSync(
    'apt-get',
    ['install', '-y', '-qq', '-o', 'DPkg::Lock::Timeout=600', '--no-install-recommends', ...packages],
    { stdio: 'inherit', env }
  );
}
