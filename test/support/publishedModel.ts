/**
 * A model folder of the published architecture with seeded random weights: as large and as slow as the authors', made on the fly and kept
 * in .cache, never committed.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { convertModel } from '@spine/conversion/convert';
import { PUBLISHED_ARCHITECTURE } from '@spine/conversion/model/architecture';
import { DEFAULT_DESCRIPTION, type Precision } from '@spine/conversion/model/manifest';
import { randomTensors, writeCheckpoint } from './checkpointFile';
import { ROOT } from './shared';

const SEED = 'published size';
/** Of the published classifier's kind: a code is some units of its direction away from another decision. Any slice is suspicious. */
const [WEIGHT, INTERCEPT] = [0.3, 5];

/** @returns the folder; making it takes about a minute and 1 GB of disk, most of it for a checkpoint that is removed again */
export async function publishedModel(precision: Precision = 'float32'): Promise<string> {
  const cache = join(ROOT, '.cache');
  const folder = join(cache, `published-architecture-${precision}`);
  if (existsSync(join(folder, 'manifest.json'))) return folder;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'published-architecture-'));
  try {
    const checkpoint = join(work, 'last.ckpt');
    writeCheckpoint(checkpoint, randomTensors(PUBLISHED_ARCHITECTURE, SEED));
    const size = PUBLISHED_ARCHITECTURE.style_channels;
    const values = (value: (i: number) => number) => Array.from({ length: size }, (_, i) => value(i));
    await convertModel({
      checkpoint,
      classifier: {
        mean: values(() => 0),
        scale: values(() => 1),
        coef: values(i => WEIGHT * Math.sin(i + 1)),
        intercept: INTERCEPT,
      },
      precision,
      out: join(work, 'model'),
      description: {
        ...DEFAULT_DESCRIPTION,
        id: `published-architecture-${precision}`,
        name: 'Published architecture, random weights',
        provenance: { source: 'random numbers', createdBy: 'a test' },
      },
    });
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'model'), folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
