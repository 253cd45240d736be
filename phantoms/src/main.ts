/** `npm run phantoms`: writes a dataset of synthetic vertebrae, and of real ones with inserted lesions. */
import { fork } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvText } from '@spine/dicom/csv';
import { runCommand } from '@spine/headless/cli';
import { parse } from 'csv-parse/sync';
import { generatePart, partName } from './dataset/generate';
import { phantomOptions, type PhantomOptions, USAGE } from './dataset/options';
import { MANIFEST_COLUMNS } from './dataset/write';

/** Progress is printed each time this many vertebrae are done. */
const REPORT_EVERY = 50;

void runCommand('phantoms', USAGE, async args => {
  const options = phantomOptions(args);
  if (options.part !== undefined) {
    await report(options, options.part);
    return;
  }
  const others = Array.from({ length: options.jobs - 1 }, (_, n) => startPart(args, n + 1));
  await report(options, 0);
  await Promise.all(others);
  const lines = joinParts(options);
  console.log(`${lines} vertebrae in ${options.out} (manifest.csv). Synthetic or inserted lesions: research use only.`);
});

async function report(options: PhantomOptions, part: number): Promise<void> {
  const start = Date.now();
  await generatePart(options, part, (done, of) => {
    if (done % REPORT_EVERY === 0 || done === of)
      console.log(
        `part ${part + 1} of ${options.jobs}: ${done}/${of} after ${Math.round((Date.now() - start) / 1000)} s`
      );
  });
}

function startPart(args: readonly string[], part: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fork(process.argv[1], [...args, '--part', String(part)], { execArgv: process.execArgv }).on('exit', code =>
      code === 0 ? resolve() : reject(new Error(`Part ${part + 1} of the phantoms ended with exit code ${code}.`))
    );
  });
}

/** Merges the parts in task order, so that the manifest does not depend on the number of processes. */
function joinParts(options: PhantomOptions): number {
  const rows: string[][] = [];
  for (let part = 0; part < options.jobs; part++) {
    const path = join(options.out, partName(part));
    rows.push(...(parse(readFileSync(path), { from_line: 2 }) as string[][]));
    rmSync(path);
  }
  rows.sort(([a], [b]) => Number(a) - Number(b));
  const table = [MANIFEST_COLUMNS, ...rows.map(([, ...cells]) => cells)];
  writeFileSync(join(options.out, 'manifest.csv'), csvText(table, '\n'));
  return rows.length;
}
