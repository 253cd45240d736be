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
    'not-analysed': 'nicht analysiert',
    excluded: 'ausgelassen',
    failed: 'misslungen',
    running: 'in Arbeit',
    screened: 'gesichtet',
    analysed: 'analysiert',
    reviewed: 'befundet',
    outdated: 'veraltet',
  },
  statusHelp: {
    'not-analysed': 'Über diesen Wirbel ist nichts bekannt.',
    excluded: 'Dieser Wirbel kann nicht analysiert werden.',
    failed: 'Die letzte Analyse ist misslungen; sie kann wiederholt werden.',
    running: 'Hier arbeitet die Analyse gerade.',
    screened: 'Keine Schicht war verdächtig, daher wurde keine nach Läsionen durchsucht.',
    analysed: 'Verdächtige Schichten wurden nach Läsionen durchsucht; noch hat niemand den Wirbel abgeschlossen.',
    reviewed: 'Eine Person hat diesen Wirbel abgeschlossen.',
    outdated: 'Die Maske wurde nach der Analyse geändert; analysieren Sie den Wirbel erneut.',
  },
  choose: 'Wählen Sie einen Wirbel, um seine Kandidaten zu sehen und warum sie gefunden wurden.',
  chooseNone: 'Noch ist nichts analysiert. Wirbel anhaken und Analysieren drücken.',
  notYet: 'Dieser Wirbel wurde nicht analysiert.',
  close: 'Zurück zur Übersicht aller Wirbel',
  details: level => `Einzelheiten zu ${level}`,
};
