/** The published architecture with random weights. Each precision is measured in a process of its own, so that its memory is its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProvider } from '@spine/headless/nodeProvider';
import { publishedModel } from '../support/publishedModel';
import { type Roofline, rooflineOf, rooflineTable } from './roofline';

const PRECISIONS = ['float32', 'float16-weights'] as const;
/** What `npm run test:published` writes. */
export const browserFile = (cache: string) => join(cache, 'published.json');

/** What Chromium took; null where it was not run. */
export interface PublishedInBrowser {
  /** Peak of page and workers, MiB. */
  readonly browserMegabytes: number | null;
  /** Minutes that a central slice took, as a multiple of those told before. */
  readonly estimateFactor: number | null;
}

const NOT_RUN: PublishedInBrowser = { browserMegabytes: null, estimateFactor: null };

/** What the last `npm run test:published` found; null before it was run. */
export function publishedInBrowser(cache: string): PublishedInBrowser | null {
  if (!existsSync(browserFile(cache))) return null;
  return JSON.parse(readFileSync(browserFile(cache), 'utf8')) as PublishedInBrowser;
}

interface PublishedRow {
  readonly precision: (typeof PRECISIONS)[number];
  readonly megabytes: number;
  readonly roofline: readonly Roofline[];
}

export async function benchPublished(
  threads: number,
  provider: string,
  cache: string,
  say: (text: string) => void
): Promise<PublishedInBrowser & { readonly node: readonly PublishedRow[] }> {
  const node: PublishedRow[] = [];
  for (const precision of PRECISIONS) {
    const folder = await publishedModel(precision);
    const child = spawnSync(process.execPath, [...process.execArgv, __filename, folder, String(threads), provider], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.status !== 0) throw new Error(`the published architecture could not be measured (${child.status})`);
    const row = { precision, ...(JSON.parse(child.stdout) as Omit<PublishedRow, 'precision'>) };
    node.push(row);
    say(
      `Published architecture, ${precision}: at most ${row.megabytes.toFixed(0)} MiB of memory in Node, native and WebAssembly networks together.`
    );
    say(rooflineTable(row.roofline));
  }
  const { browserMegabytes, estimateFactor } = publishedInBrowser(cache) ?? NOT_RUN;
  say(
    browserMegabytes === null || estimateFactor === null
      ? 'Chromium: not measured (`npm run test:published`).'
      : `Chromium, WebAssembly, by the last \`npm run test:published\`: at most ${browserMegabytes.toFixed(0)} MiB; a central slice took ${estimateFactor.toFixed(2)} times what was told.`
  );
  return { browserMegabytes, estimateFactor, node };
}

async function child(folder: string, threads: string, provider: string): Promise<void> {
  const roofline = await rooflineOf(folder, Number(threads), parseProvider(provider));
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ megabytes, roofline }));
}

if (require.main === module) {
  const [folder, threads, provider] = process.argv.slice(2);
  void child(folder, threads, provider);
}
