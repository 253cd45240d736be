import type { timeEn } from './timeEn';

export const timeDe: typeof timeEn = {
  preset: 'Voreinstellung',
  presetHelp:
    'Schneller Blick: nur die mittlere Schicht wie in der Veröffentlichung; über den Rest des Körpers wird nichts gesagt. Standard: jede Schicht mit der schnellen Abtastung; in 24 verdächtigen Schichten von Phantomen stimmten die Masken mit denen der Referenz überein (Dice 0,998). Referenz: jede Schicht mit den 250 und 100 Schritten der Autoren.',
  presets: { quick: 'Schneller Blick', standard: 'Standard', reference: 'Referenz' },
  presetOwn: 'Eigene Einstellungen',
  presetTime: (name, duration) => `${name} · etwa ${duration} je Wirbel`,
  expectedTime: duration => `Bis zu etwa ${duration} für einen verdächtigen Wirbel auf diesem Rechner`,
  expectedTimeHelp:
    'Nach einer Auswertung, die beim Öffnen des Modells gemessen wurde, für einen Wirbel, dessen Schichten alle verdächtig sind: Oft ist es die Hälfte, und ein gesunder dauert Sekunden. Während der Viewer Bilder lud, dauerte die Auswertung länger, als sie es wird; die Restzeit während einer Analyse ist genauer.',
  expectedLong: duration =>
    `Mit diesen Einstellungen dauert ein verdächtiger Wirbel auf diesem Rechner bis zu etwa ${duration}.`,
  expectedInstead: (name, duration) => `${name} verwenden (etwa ${duration})`,
};
