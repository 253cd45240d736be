import type { vertebraListEn } from './vertebraListEn';

export const vertebraListDe: typeof vertebraListEn = {
  label: 'Wirbel von Kopf bis Becken',
  include: 'Analysieren',
  level: 'Höhe',
  probability: 'P(mal.)',
  kind: 'Art',
  volume: 'Volumen',
  state: 'Stand',
  sortLevel: 'Von Kopf bis Becken ordnen',
  sortSuspicion: 'Nach P(maligne) ordnen, der verdächtigste zuerst',
  probabilityIs: percent =>
    `P(maligne) ${percent}: Wahrscheinlichkeit, dass der Wirbel metastatisches Gewebe zeigt, laut Klassifikator des Modells; die größte der analysierten Schichten.`,
  volumeIs: (level, millilitres) =>
    `Läsionen von ${level}, wie sie jetzt gespeichert würden: ${millilitres} ml auf den Voxeln des CT.`,
  noVolume: 'Keine Läsion in der Segmentierung.',
  status: {
    'not-analysed': 'noch nicht analysiert',
    excluded: 'ausgeschlossen',
    failed: 'fehlgeschlagen',
    running: 'in Arbeit',
    screened: 'gesichtet',
    analysed: 'analysiert',
    reviewed: 'befundet',
    outdated: 'veraltet',
  },
  statusHelp: {
    'not-analysed': 'Noch nicht analysiert.',
    excluded: 'Dieser Wirbel kann nicht analysiert werden.',
    failed: 'Die letzte Analyse ist fehlgeschlagen; erneut versuchen.',
    running: 'Analyse läuft.',
    screened: 'Keine Schicht war verdächtig, daher wurde keine nach Läsionen durchsucht.',
    analysed: 'Verdächtige Schichten wurden nach Läsionen durchsucht; Befundung nicht abgeschlossen.',
    reviewed: 'Befundung abgeschlossen.',
    outdated: 'Die Maske wurde nach der Analyse geändert; analysieren Sie den Wirbel erneut.',
  },
  choose: 'Wählen Sie einen Wirbel, um seine Kandidaten zu sehen und warum sie gefunden wurden.',
  chooseNone: 'Noch nicht analysiert. Wirbel auswählen und Analysieren drücken.',
  notYet: 'Noch nicht analysiert.',
  close: 'Zurück zur Übersicht aller Wirbel',
  details: level => `Einzelheiten zu ${level}`,
};
