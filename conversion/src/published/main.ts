import { resolve } from 'node:path';
import { parseOptions, runCommand, UsageError } from '@spine/headless/cli';
import { fetchModel, removeDownloads } from './fetchModel';
import { MODEL_FILES, SAMPLE } from './sources';
import { PUBLISHED_RESULT, verifyModel } from './verify';

const MODELS = resolve(__dirname, '../../../models');

const USAGE = `npm run models:published -- [--from <folder>] [--verify]
Fetches the authors' weights (363 MB), converts them without Python, tries them, and makes them the viewer's default model.
Nothing that the files hold is executed. An interrupted download goes on where it stopped.
  [--from <folder>]      takes the files from there instead: ${MODEL_FILES.map(({ name }) => name).join(', ')}
                         (fetched elsewhere, for machines without the internet: ${MODEL_FILES.map(({ url }) => url).join(' ')})
  [--mirror <url>]       downloads <url>/last.ckpt and so on instead
  [--verify]             analyses the authors' sample (${SAMPLE.map(({ name }) => name).join(', ')}) and demands their notebook's numbers;
                         some minutes
  [--precision float32|float16-weights]   default float32; float16-weights halves what the browser loads
  [--keep-default]       does not make it the default
  [--keep-downloads]     keeps the downloaded files
  [--out <dir>]          default models/published
Proxies: https_proxy, http_proxy, no_proxy. The pickles have known SHA-256 hashes; the checkpoint's is printed, and pinned by the
first use that gave a model in published.sha256.json beside the model.
Exit codes: 0 done; 1 unexpected failure; 2 wrong arguments; 3 a download or a file that cannot be used, or numbers that differ.
Research use only. Read the weights' own licence before use.`;

void runCommand('models:published', USAGE, async argv => {
  const options = parseOptions(
    {
      from: { type: 'string' },
      mirror: { type: 'string' },
      out: { type: 'string' },
      precision: { type: 'string', default: 'float32' },
      verify: { type: 'boolean', default: false },
      'keep-default': { type: 'boolean', default: false },
      'keep-downloads': { type: 'boolean', default: false },
    },
    argv
  );
  const path = (given: string) => resolve(process.env.INIT_CWD ?? process.cwd(), given);
  const { precision } = options;
  if (precision !== 'float32' && precision !== 'float16-weights') {
    throw new UsageError(`--precision ${precision}: float32 or float16-weights`);
  }
  if (options.from && options.mirror) throw new UsageError('give either --from or --mirror');
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const fetching = {
    out: options.out ? path(options.out) : resolve(MODELS, 'published'),
    from: options.from && path(options.from),
    mirror: options.mirror,
    precision,
    makeDefault: !options['keep-default'],
    verify: options.verify ? verified : undefined,
    keepDownloads: options['keep-downloads'],
    say,
    onProgress: progressLine(),
  } as const;
  await fetchModel(fetching);
  removeDownloads(fetching);
});

async function verified(folder: string, sample: { readonly ct: string; readonly mask: string }): Promise<void> {
  const lines = await verifyModel(folder, sample, PUBLISHED_RESULT, (done, planned) => {
    process.stderr.write(`\rverify: ${done} of ${planned} network evaluations `);
  });
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

/** One line a file on a terminal, one every tenth elsewhere. */
function progressLine() {
  let shown = '';
  return ({ name }: { name: string }, received: number, total: number | undefined) => {
    const percent = total ? Math.floor((100 * received) / total) : undefined;
    const mark = `${name} ${process.stderr.isTTY ? percent : percent && Math.floor(percent / 10)}`;
    if (mark === shown) return;
    shown = mark;
    const line = `${name}: ${(received / 1e6).toFixed(1)} MB${total ? ` of ${(total / 1e6).toFixed(1)} (${percent} %)` : ''}`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}${percent === 100 ? '\n' : ''}` : `${line}\n`);
  };
}
