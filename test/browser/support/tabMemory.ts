/** Memory of a page and its workers, which share one process of Chromium, as Linux counts it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

export interface TabMemory {
  /** Largest resident set since the start or the last `forgetPeak`, megabytes (MiB); code shared with other processes is part of it. */
  peakMegabytes(): number;
  nowMegabytes(): number;
  forgetPeak(): void;
}

/**
 * Of the page that this process opened in a Chromium that it launched; of several pages the largest.
 * @returns undefined where there is no /proc
 */
export function tabMemory(): TabMemory | undefined {
  if (process.platform !== 'linux') return undefined;
  const largest = (name: string) =>
    Math.max(0, ...renderers().map(pid => Number(field(pid, name)?.split(' ')[0] ?? 0) / 1024));
  /** A process may end between two looks, and its peak with it. */
  let seen = 0;
  return {
    peakMegabytes: () => (seen = Math.max(seen, largest('VmHWM'))),
    nowMegabytes: () => largest('VmRSS'),
    forgetPeak() {
      seen = 0;
      renderers().forEach(pid => writeFileSync(`/proc/${pid}/clear_refs`, '5'));
    },
  };
}

/** Descendants of this process that draw pages. */
function renderers(): number[] {
  const all = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  const parents = new Map(all.map(name => [Number(name), Number(field(Number(name), 'PPid') ?? 0)]));
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === process.pid || (parent > 1 && isOurs(parent));
  };
  return [...parents.keys()].filter(pid => isOurs(pid) && commandLine(pid).includes('--type=renderer'));
}

/** Undefined for a process that ended meanwhile. */
function field(pid: number, name: string): string | undefined {
  try {
    return new RegExp(`^${name}:\\s+(.+)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
