/** What is said of the time an analysis will take, and of the presets. */
import type { PresetId } from '../../core/study';

/** In words; no typical time where only the upper bound is known. */
export interface ToldTime {
  readonly typical?: string;
  readonly most: string;
}

export const timeEn = {
  preset: 'Preset',
  presetHelp:
    'Quick look: the central slice alone, as the paper analyses it; nothing is said of the rest of the body. Standard: every slice with the fast sampler; in six whole vertebrae of phantoms it showed the lesions that Reference shows, with a Dice of 0.995 between their masks. Reference: every slice with the authors’ 250 and 100 steps.',
  presets: { quick: 'Quick look', standard: 'Standard', reference: 'Reference' } satisfies Record<PresetId, string>,
  presetOwn: 'Own settings',
  presetTime: (name: string, { typical, most }: ToldTime) =>
    typical === undefined
      ? `${name} · up to about ${most} a vertebra`
      : `${name} · about ${typical}${typical === most ? ' a vertebra' : `, up to ${most}`}`,
  expectedTime: ({ typical, most }: ToldTime) =>
    typical === undefined
      ? `Up to about ${most} for a suspicious vertebra on this machine`
      : `About ${typical} for a suspicious vertebra on this machine${typical === most ? '' : `, up to ${most}`}`,
  expectedTimeHelp:
    'About: with as many suspicious slices as vertebrae with lesions have on average. Up to: where all slices of a lumbar vertebra are suspicious. A healthy vertebra takes seconds. From one evaluation timed on this machine, or from the last analysis; while the viewer loads images it takes longer than it will, and only the upper bound is shown. Seconds after an analysis began all vertebrae are screened, and the time left counts the slices that are really searched.',
  expectedLong: ({ typical, most }: ToldTime) =>
    typical === undefined
      ? `With these settings a suspicious vertebra takes up to about ${most} on this machine.`
      : `With these settings a suspicious vertebra takes about ${typical} on this machine${typical === most ? '' : `, up to ${most}`}.`,
  expectedInstead: (name: string, duration: string) => `Use ${name} (about ${duration})`,
};
