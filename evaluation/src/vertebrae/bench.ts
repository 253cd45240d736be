/** What every measurement of this folder shares: the network, where sheets go, one click. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BodyNetwork,
  checkPlausible,
  InputError,
  labelExtents,
  segmentBody,
  type SegmentedBody,
  type Vec3,
  type Volume,
} from '@spine/core';
import type { CentredCt, MaskedCt } from './cases';
import type { ContactSheet } from './sheet';

export interface Bench {
  /** Undefined for the edges alone. */
  readonly network?: BodyNetwork;
  /** Folder for contact sheets. */
  readonly out?: string;
}

export const say = (line: string) => process.stdout.write(`${line}\n`);

export function centresOf({ bodies, labels, names }: MaskedCt): CentredCt['centres'] {
  const extents = labelExtents(bodies);
  return labels.map(label => ({ id: names.get(label)!, lps: extents.get(label)!.centreLps }));
}

/** The body at a click, or the reason why there is none. */
export async function click({ network }: Bench, volume: Volume, lps: Vec3): Promise<SegmentedBody | string> {
  try {
    const body = await segmentBody(volume, lps, { network });
    checkPlausible(volume, body, lps);
    return body;
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}

/** Processor time of Node in seconds since `start`. */
export function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

export function writeSheet({ out }: Bench, sheet: ContactSheet, name: string): void {
  if (out) writeFileSync(join(out, `${name}.png`), sheet.png());
}
