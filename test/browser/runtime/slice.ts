/** The slice of the golden files, as messages to a page carry it. */
import { syntheticCase } from '../../support/golden';

export const golden = syntheticCase();
export const patch = Array.from(golden.floats('patch'));
export const bodyMask = Array.from(golden.mask('body_mask'));
/** WebAssembly and native float32 differ by 2e-6 an evaluation; some dozen of them stay far below this. */
export const IMAGE_TOLERANCE = 1e-3;
