import type { Strings } from './en';

/** Texte der Tumorlast auf Deutsch. */
export const burdenDe: Strings['burden'] = {
  title: 'Läsionsvolumen je Wirbel',
  chart: levels => `Läsionsvolumen je Wirbel: ${levels}`,
  unit: 'Volumen in ml',
  summary: (millilitres, affected, analysed) =>
    `${millilitres} ml Läsion in ${affected === 1 ? '1 Wirbel' : `${affected} Wirbeln`}${analysed === undefined ? '' : ` von ${analysed} analysierten`}.`,
  summaryShare: percent => `Das sind ${percent} der analysierten Wirbelkörper.`,
  outside: millilitres =>
    `${millilitres} ml liegen außerhalb der Körpermasken (von Hand gezeichnet): in den Volumina enthalten, in den Prozenten nicht.`,
  table: 'Zahlen',
  level: 'Höhe',
  total: 'Summe',
  volume: 'Volumen, ml',
  volumeHelp: 'Volumen der segmentierten Läsion in ml, aus den wirklichen Abständen der CT-Schichten.',
  hu: 'HU',
  huHelp:
    'Mittelwert ± Standardabweichung der Hounsfield-Einheiten der Läsion; darunter 10. Perzentil · Median · 90. Perzentil.',
  huOf: (minimum, maximum) => `Von ${minimum} bis ${maximum} HU in dieser Läsion.`,
  share: 'Vom Körper',
  shareHelp: 'Läsionsvolumen im Wirbelkörper in Prozent des analysierten Teils des Körpers.',
  unknown: 'unbekannt',
  show: level => `Läsion von ${level} in den Bildern zeigen`,
  copyText: 'Tabelle kopieren',
  copyTextHelp: 'Kopiert die Tabelle mit Tabulatoren für ein Dokument oder eine Tabellenkalkulation.',
  copyCsv: 'CSV kopieren',
  copyCsvHelp: 'Kopiert die Tabelle als kommagetrennte Werte, Einheiten in den Spaltennamen.',
  notAssessed: 'Nicht beurteilt',
  posteriorElements: 'Dorsale Elemente aller Wirbel und alles außerhalb der Wirbel.',
  unknownCoverage:
    'Das gespeicherte Ergebnis sagt nicht, welche Körper analysiert wurden; Prozente sind daher nicht bekannt.',
  vertebraNot: level => `${level}: nicht analysiert`,
  slicesNot: (level, count) =>
    `${level}: ${count === 1 ? '1 sagittale Schicht' : `${count} sagittale Schichten`} ausgelassen`,
  bodyPartNot: (level, millilitres) => `${level}: ${millilitres} ml des Körpers ohne analysierte Schicht`,
  madeWith: (model, hash, sampler, threshold) =>
    `Modell ${model} (SHA-256 ${hash}…), Abtastung ${sampler}, Attributionsschwelle ${threshold}.`,
  unknownModel: 'Das gespeicherte Ergebnis sagt nicht, welches Modell es erzeugt hat.',
  notCriteria: 'Volumina sind Messwerte, keine Response-Kategorie einer Leitlinie.',
};
