import type { Strings } from './en';

/** Texte der Tumorlast auf Deutsch. */
export const burdenDe: Strings['burden'] = {
  title: 'Läsionsvolumen je Wirbel',
  chart: levels => `Läsionsvolumen je Wirbel: ${levels}`,
  barHelp: level => `${level}; die Länge des Balkens ist das Läsionsvolumen in ml.`,
  unit: 'Volumen in ml',
  summary: (millilitres, affected) => `${millilitres} ml Läsion in ${affected}.`,
  affected: count => (count === 1 ? '1 Wirbel' : `${count} Wirbeln`),
  ofAnalysed: (affected, count, screened) =>
    `${affected} von ${count} analysierten${screened > 0 ? ` (davon ${screened} nur gesichtet)` : ''}`,
  analysed: (count, screened) => `${count} analysiert${screened > 0 ? `, davon ${screened} nur gesichtet` : ''}`,
  byKind: kinds => `Nach Art: ${kinds}.`,
  summaryShare: percent => `Das sind ${percent} der analysierten Wirbelkörper.`,
  outside: millilitres =>
    `${millilitres} ml liegen außerhalb des analysierten Teils der Körper (von Hand gezeichnet): in den Volumina enthalten, in den Prozentwerten nicht.`,
  table: 'Zahlen',
  level: 'Höhe',
  total: 'Summe',
  volume: 'Volumen, ml',
  volumeHelp: 'Volumen der segmentierten Läsion in ml, aus den tatsächlichen Positionen der CT-Schichten.',
  volumeOf: (lesion, millilitres, voxels) => `${lesion}: ${millilitres} ml in ${voxels} Voxeln des CT.`,
  hu: 'HU',
  percentiles: 'P10 · P50 · P90',
  huHelp:
    'Mittelwert ± Standardabweichung der Voxel der Läsion in Hounsfield-Einheiten; darunter ihr 10., 50. (Median) und 90. Perzentil.',
  huOf: (minimum, maximum) => `Hounsfield-Einheiten der Voxel der Läsion, Bereich ${minimum} bis ${maximum} HU.`,
  share: 'Vom analysierten Körper',
  shareHelp:
    'Läsionsvolumen im analysierten (durchsuchten oder gesichteten) Teil des Wirbelkörpers, in Prozent dieses Teils.',
  shareOf: (level, percent, millilitres) =>
    `${level}: Läsionen nehmen ${percent} der ${millilitres} ml des Körpers ein, die analysiert wurden.`,
  unknown: 'unbekannt',
  noLesionIn: levels => `Keine Läsion in dem, was analysiert wurde, von: ${levels}.`,
  measureAgain: 'Erneut messen',
  unfinished: 'Die Analyse läuft; die Zahlen gelten nur für die fertigen Wirbel.',
  show: level => `Läsion von ${level} in den Bildern zeigen`,
  copyText: 'Tabelle kopieren',
  copyTextHelp: 'Kopiert die Tabelle mit Tabulatoren für ein Dokument oder eine Tabellenkalkulation.',
  copyCsv: 'CSV kopieren',
  copyCsvHelp: 'Kopiert die Tabelle als kommagetrennte Werte, Einheiten in den Spaltennamen.',
  notAssessed: 'Nicht beurteilt',
  posteriorElements: 'Dorsale Elemente aller Wirbel und alles außerhalb der Wirbel.',
  unknownCoverage:
    'Das gespeicherte Ergebnis sagt nicht, welche Körper analysiert wurden; Prozentwerte sind daher unbekannt.',
  vertebraNot: level => `${level}: nicht analysiert`,
  screenedVertebrae: levels => `${levels}: als unverdächtig gesichtet, nicht nach Läsionen durchsucht`,
  screenedSlices: (level, count, of) =>
    `${level}: ${count} von ${of} sagittalen Schichten als unverdächtig gesichtet, nicht nach Läsionen durchsucht`,
  slicesNot: (level, count) =>
    `${level}: ${count === 1 ? '1 sagittale Schicht' : `${count} sagittale Schichten`} ausgeschlossen`,
  bodyPartNot: (level, millilitres) => `${level}: ${millilitres} ml des Körpers ohne analysierte Schicht`,
  madeWith: (model, hash, sampler, threshold) =>
    `Modell ${model} (SHA-256 ${hash}…), Abtastung ${sampler}, Attributionsschwelle ${threshold}.`,
  unknownModel: 'Das gespeicherte Ergebnis sagt nicht, welches Modell es erzeugt hat.',
  notCriteria: 'Volumina sind Messwerte, keine Response-Kategorie einer Leitlinie.',
};
