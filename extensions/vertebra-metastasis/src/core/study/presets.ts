/** Settings of the search under names: from a quick look to the authors' own schedule. */
import type { SamplerId } from '../method';
import { SCREEN_BELOW, type SliceChoice } from './types';

/** How a vertebra is searched. */
export interface SearchSettings {
  readonly slices: SliceChoice;
  readonly sampler: SamplerId;
  /** Slices with a lower P(malignant) are screened, not searched for lesions. */
  readonly screenBelow: number;
}

/** In order of the time they take. */
export const PRESET_IDS = ['quick', 'standard', 'reference'] as const;
export type PresetId = (typeof PRESET_IDS)[number];

export const PRESETS: Readonly<Record<PresetId, SearchSettings>> = {
  quick: { slices: 'central', sampler: 'fast', screenBelow: SCREEN_BELOW },
  standard: { slices: 'all', sampler: 'fast', screenBelow: SCREEN_BELOW },
  reference: { slices: 'all', sampler: 'reference', screenBelow: SCREEN_BELOW },
};

/** The preset that these settings are; undefined where they are somebody's own. */
export function presetOf({ slices, sampler, screenBelow }: SearchSettings): PresetId | undefined {
  return PRESET_IDS.find(id => {
    const preset = PRESETS[id];
    return preset.slices === slices && preset.sampler === sampler && preset.screenBelow === screenBelow;
  });
}
