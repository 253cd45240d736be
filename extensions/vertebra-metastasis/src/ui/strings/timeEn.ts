/** What is said of the time an analysis will take, and of the presets. */
import type { PresetId } from '../../core/study';

export const timeEn = {
  preset: 'Preset',
  presetHelp:
    'Quick look: the central slice alone, as the paper analyses it; nothing is said of the rest of the body. Standard: every slice with the fast sampler; its masks agreed with those of Reference to a Dice of 0.998 in 24 suspicious slices of phantoms. Reference: every slice with the authors’ 250 and 100 steps.',
  presets: { quick: 'Quick look', standard: 'Standard', reference: 'Reference' } satisfies Record<PresetId, string>,
  presetOwn: 'Own settings',
  presetTime: (name: string, duration: string) => `${name} · about ${duration} a vertebra`,
  expectedTime: (duration: string) => `Up to about ${duration} for a suspicious vertebra on this machine`,
  expectedTimeHelp:
    'From one evaluation that was timed when the model was opened, for a vertebra all of whose slices are suspicious: often half of them are, and a healthy one takes seconds. While the viewer was loading images the evaluation took longer than it will; the time left during an analysis is the nearer one.',
  expectedLong: (duration: string) =>
    `With these settings a suspicious vertebra takes up to about ${duration} on this machine.`,
  expectedInstead: (name: string, duration: string) => `Use ${name} (about ${duration})`,
};
