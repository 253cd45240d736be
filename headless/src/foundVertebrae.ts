/** Vertebral bodies found in the CT itself, for an analysis without given masks. */
import {
  assignLevels,
  bodiesLabelmap,
  countPlaces,
  labelForLevel,
  LEVELS,
  type LocatedVertebrae,
  locateVertebrae,
  numberedLevel,
  type SegmentedBody,
  type VertebraLevel,
  type Volume,
} from '@spine/core';
import { type Terminal, UsageError } from './cli';
import { encodeNiftiLabelmap } from './nifti';
import { loadBodyNetwork } from './nodeBodyNetwork';
import { type ResultFiles, sha256 } from './resultFolder';
import type { VertebraSource } from './vertebraSource';

type ProposedAnchor = NonNullable<LocatedVertebrae['anchor']>;

/** A body found, by its number from the head, and its level. */
export interface LevelAnchor {
  readonly place: number;
  readonly level: VertebraLevel;
}

/** "V1=T5" @throws UsageError */
export function parseAnchor(text: string): LevelAnchor {
  const match = /^V([1-9]\d?)=([CTLS]\d{1,2})$/i.exec(text.trim());
  const level = match?.[2].toUpperCase() ?? '';
  if (!match || !LEVELS.includes(level)) {
    throw new UsageError(`--level ${text}: give a body's number and its level, such as V1=T5`);
  }
  return { place: Number(match[1]), level };
}

interface FindOptions {
  readonly anchor?: LevelAnchor;
  readonly threads?: number;
  /** Where progress goes; default: the process's own. */
  readonly stderr?: Terminal['stderr'];
}

/**
 * @returns the bodies, with vertebrae-found.nii.gz and vertebrae-found.json: to be looked at, corrected and, once levels are known, given
 *   back with --vertebrae (labels follow VerSe then; without levels they count from 1)
 * @throws InputError 'no-spine'; UsageError for an anchor that was not found
 */
export async function findVertebrae(
  volume: Volume,
  { anchor, threads, stderr = process.stderr }: FindOptions = {}
): Promise<VertebraSource & { readonly files: ResultFiles }> {
  const network = await loadBodyNetwork(threads);
  const located = await locateVertebrae(volume, {
    network,
    onProgress: ({ stage, done, planned }) => {
      stderr.write(`\rfinding vertebrae: ${stage} ${done}/${planned}        `);
    },
  });
  stderr.write('\n');
  const { bodies, leftOut } = located;
  if (located.anchor && !anchor) stderr.write(`analyse: ${proposalOf(located.anchor)}\n`);
  const levels = levelsOf(bodies, anchor);
  const found = bodies.map((body, n) => ({ body, number: n + 1, level: levels[n] }));
  const known = found.flatMap(({ level, ...rest }) => (level === undefined ? [] : [{ ...rest, level }]));
  const labelmap = bodiesLabelmap(volume, bodies);
  return {
    labelmap,
    vertebrae: known.map(({ number, level }) => ({ label: number, level, region: 'body' as const })),
    unused: found.filter(({ level }) => level === undefined).map(({ number }) => `V${number}: beyond C1 or S1`),
    notFound: leftOut,
    files: foundFiles(volume, found, located, anchor !== undefined),
  };
}

/** What the ribs suggest; nothing is taken over without being asked for. */
function proposalOf({ index, level, confidence, basis }: ProposedAnchor): string {
  const ribs = basis === 'last-rib' ? 'the lowest ribs' : 'the uppermost ribs';
  const name = `V${index + 1}`;
  return `${name} may be ${level}: ${ribs} seem to join it (confidence ${confidence.toFixed(2)}); --level ${name}=${level} counts from it`;
}

function levelsOf(bodies: readonly SegmentedBody[], anchor?: LevelAnchor): readonly (VertebraLevel | undefined)[] {
  if (!anchor) return bodies.map((_, n) => numberedLevel(n + 1));
  const places = countPlaces(bodies);
  if (anchor.place > bodies.length) {
    throw new UsageError(`--level V${anchor.place}: only ${bodies.length} bodies were found`);
  }
  const levels = assignLevels(places[places.length - 1] + 1, places[anchor.place - 1], anchor.level);
  return places.map(place => levels[place]);
}

interface Found {
  readonly body: SegmentedBody;
  readonly number: number;
  readonly level: VertebraLevel | undefined;
}

function foundFiles(
  volume: Volume,
  found: readonly Found[],
  { leftOut, anchor }: LocatedVertebrae,
  levelsKnown: boolean
): ResultFiles {
  const labelOf = ({ number, level }: Found) => (levelsKnown && level ? labelForLevel(level, 'verse') : number);
  const labelmap = bodiesLabelmap(
    volume,
    found.map(({ body }) => body)
  );
  const labels = labelmap.labels.map(n => (n === 0 ? 0 : labelOf(found[n - 1])));
  const description = 'Vertebral bodies found automatically. Research use only.';
  const masks = encodeNiftiLabelmap({ ...labelmap, labels }, description);
  const table = {
    note: description,
    bodies: found.map(entry => ({
      number: `V${entry.number}`,
      level: levelsKnown ? entry.level : undefined,
      label: labelOf(entry),
      centroidLps: entry.body.centroidLps,
      millilitres: entry.body.millilitres,
      confidence: entry.body.confidence,
    })),
    proposedLevel: levelsKnown || !anchor ? undefined : { ...anchor, index: undefined, number: `V${anchor.index + 1}` },
    leftOut,
    // Masks that were corrected since are told from these.
    masksSha256: sha256(masks),
  };
  return new Map<string, Uint8Array | string>([
    ['vertebrae-found.nii.gz', masks],
    ['vertebrae-found.json', `${JSON.stringify(table, undefined, 2)}\n`],
  ]);
}
