import type { Candidate, Patch, PatchMask } from '../types';

/**
 * Reveals one candidate and hides all others: the reconstruction, with every pixel of any other candidate (both signs,
 * components below the size limit too) replaced by the healthy edit.
 */
export function composite(
  candidate: Candidate,
  reconstruction: Patch,
  healthyEdit: Patch,
  lyticCandidates: PatchMask,
  blasticCandidates: PatchMask
): Patch {
  return reconstruction.map((value, i) => {
    const isOther = (lyticCandidates[i] || blasticCandidates[i]) && !candidate.mask[i];
    return isOther ? healthyEdit[i] : value;
  });
}
