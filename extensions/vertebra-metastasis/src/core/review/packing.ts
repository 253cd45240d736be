/** Review states as plain JSON values and back: masks as run lengths, everything else as it is. */
import { type PatchFrame } from '../geometry';
import { type LeftOut, PATCH_PIXELS, type PatchMask } from '../types';
import type { SearchedSlice, VertebraFindings } from './findings';

/** Lengths of alternating runs of 0 and 1, beginning with 0; they add up to 4096. */
export type PackedMask = readonly number[];

export interface PackedFindings extends Omit<VertebraFindings, 'slices' | 'screened'> {
  /** Direction and spacing of all slices of the vertebra; their origins are in `slices` and `screened`. */
  readonly frame: Omit<PatchFrame, 'origin'>;
  readonly slices: readonly {
    readonly origin: PatchFrame['origin'];
    readonly offsetMm: number;
    readonly malignancyProbability: number;
    readonly candidates: readonly PackedCandidate[];
  }[];
  readonly screened: readonly PatchFrame['origin'][];
}

export interface PackedCandidate {
  readonly id: number;
  readonly kind: 'lytic' | 'blastic';
  readonly mask: PackedMask;
  readonly probability: number;
  readonly attributionScore: number;
  readonly huMean?: number;
  readonly skipped?: boolean;
  readonly estimated?: boolean;
  readonly leftOut?: LeftOut;
}

/** @returns undefined for a vertebra without any slice */
export function packFindings(findings: VertebraFindings): PackedFindings | undefined {
  const first = findings.slices[0]?.frame ?? findings.screened[0];
  if (!first) return undefined;
  const { rowDirection, columnDirection, normal, spacing } = first;
  return {
    ...findings,
    frame: { rowDirection, columnDirection, normal, spacing },
    slices: findings.slices.map(({ frame, offsetMm, malignancyProbability, candidates }) => ({
      origin: frame.origin,
      offsetMm,
      malignancyProbability,
      candidates: candidates.map(candidate => ({
        id: candidate.id,
        kind: candidate.kind,
        probability: candidate.probability,
        attributionScore: candidate.attributionScore,
        huMean: candidate.huMean,
        ...(candidate.skipped ? { skipped: true } : {}),
        ...(candidate.estimated ? { estimated: true } : {}),
        ...(candidate.leftOut ? { leftOut: candidate.leftOut } : {}),
        mask: packMask(candidate.mask),
      })),
    })),
    screened: findings.screened.map(({ origin }) => origin),
  };
}

export function unpackFindings({ frame, slices, screened, ...rest }: PackedFindings): VertebraFindings {
  return {
    ...rest,
    slices: slices.map(
      ({ origin, candidates, ...slice }): SearchedSlice => ({
        ...slice,
        frame: { ...frame, origin },
        candidates: candidates.map(candidate => {
          const mask = unpackMask(candidate.mask);
          return { ...candidate, mask, pixelCount: mask.reduce((sum, inside) => sum + inside, 0), kept: false };
        }),
      })
    ),
    screened: screened.map(origin => ({ ...frame, origin })),
  };
}

export function packMask(mask: PatchMask): number[] {
  const runs: number[] = [];
  let value = 0;
  let length = 0;
  for (const inside of mask) {
    if (inside !== value) {
      runs.push(length);
      [value, length] = [inside, 0];
    }
    length++;
  }
  return [...runs, length];
}

export function unpackMask(runs: PackedMask): PatchMask {
  const mask = new Uint8Array(PATCH_PIXELS);
  let at = 0;
  runs.forEach((length, n) => {
    if (n % 2 === 1) mask.fill(1, at, at + length);
    at += length;
  });
  return mask;
}
