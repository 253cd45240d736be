import type { timeEn } from './timeEn';

export const timeDe: typeof timeEn = {
  preset: 'Voreinstellung',
  presetHelp:
    'Schneller Blick: nur die mittlere Schicht wie in der Veröffentlichung; über den Rest des Körpers wird nichts gesagt. Standard: jede Schicht mit der schnellen Abtastung; in sechs ganzen Wirbeln von Phantomen zeigte sie dieselben Läsionen wie die Referenz (Dice der Masken 0,995). Referenz: jede Schicht mit den 250 und 100 Schritten der Autoren.',
  presets: { quick: 'Schneller Blick', standard: 'Standard', reference: 'Referenz' },
  presetOwn: 'Eigene Einstellungen',
  presetTime: (name, { typical, most }) =>
    typical === undefined
      ? `${name} · bis zu etwa ${most} je Wirbel`
      : `${name} · etwa ${typical}${typical === most ? ' je Wirbel' : `, höchstens ${most}`}`,
  expectedTime: ({ typical, most }) =>
    typical === undefined
      ? `Bis zu etwa ${most} für einen verdächtigen Wirbel auf diesem Rechner`
      : `Etwa ${typical} für einen verdächtigen Wirbel auf diesem Rechner${typical === most ? '' : `, höchstens ${most}`}`,
  expectedTimeHelp:
    'Etwa: mit so vielen verdächtigen Schichten, wie Wirbel mit Läsionen im Mittel haben. Höchstens: wenn alle Schichten eines Lendenwirbels verdächtig sind. Ein gesunder Wirbel dauert Sekunden. Nach einer Auswertung, die auf diesem Rechner gemessen wurde, oder nach der letzten Analyse; solange der Viewer Bilder lädt, dauert sie länger, als sie es wird, und nur die Obergrenze wird angezeigt. Sekunden nach dem Beginn einer Analyse sind alle Wirbel gesichtet, und die Restzeit zählt die Schichten, die wirklich durchsucht werden.',
  expectedLong: ({ typical, most }) =>
    typical === undefined
      ? `Mit diesen Einstellungen dauert ein verdächtiger Wirbel auf diesem Rechner bis zu etwa ${most}.`
      : `Mit diesen Einstellungen dauert ein verdächtiger Wirbel auf diesem Rechner etwa ${typical}${typical === most ? '' : `, höchstens ${most}`}.`,
  expectedInstead: (name, duration) => `${name} verwenden (etwa ${duration})`,
};
