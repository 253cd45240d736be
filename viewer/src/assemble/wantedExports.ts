import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { WantedExports } from '../loader/release';

/** The named, non-type imports from @ohif packages in one source text. */
export function ohifImports(source: string): WantedExports {
  const wanted: WantedExports = {};
  for (const [, names, from] of source.matchAll(/import\s+\{([^}]*)\}\s+from\s+'(@ohif\/[\w-]+)'/g)) {
    const values = names
      .split(',')
      .map(name => name.trim().split(/\s+as\s+/)[0])
      .filter(name => name && !name.startsWith('type '));
    (wanted[from] ??= []).push(...values);
  }
  return wanted;
}

/** What the plugins' sources (tests aside) import from the host at run time. */
export function wantedExports(folders: string[]): WantedExports {
  const wanted: WantedExports = {};
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/(?<!\.test)\.tsx?$/.test(entry.name)) continue;
      const found = ohifImports(readFileSync(join(entry.parentPath, entry.name), 'utf8'));
      for (const [from, names] of Object.entries(found)) (wanted[from] ??= []).push(...names);
    }
  }
  return wanted;
}
