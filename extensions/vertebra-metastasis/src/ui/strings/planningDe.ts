import type { Strings } from './en';

/** Texte der Arbeitsblätter auf Deutsch. */
export const sinsDe: Strings['sins'] = {
  title: 'SINS-Arbeitsblatt',
  vertebra: 'Wirbel',
  noLesion: 'Keine Läsion, also kein Arbeitsblatt auszufüllen.',
  fields: {
    location: 'Lage',
    pain: 'Schmerz',
    lesion: 'Läsionsart',
    alignment: 'Stellung',
    collapse: 'Sinterung',
    posterolateral: 'Posterolateral',
  },
  fieldHelp: {
    location: 'Übergangswirbel tragen am meisten (0 bis 3 Punkte); folgt aus der Höhe.',
    pain: 'Schmerz bei Bewegung oder Belastung, im Liegen besser, ist mechanisch (0, 1 oder 3 Punkte). Patienten fragen.',
    lesion: 'Lytisch 2, gemischt 1, blastisch 0 Punkte; Vorschlag aus den gefundenen Volumina.',
    alignment:
      'Im Röntgenbild: Subluxation 4, neue Deformität 2, normal 0 Punkte. Ein CT im Liegen kann beides verbergen.',
    collapse: 'Höhenverlust des Körpers in Prozent gegenüber den Nachbarn (0 bis 3 Punkte).',
    posterolateral:
      'Fraktur oder Tumor von Facette, Bogenwurzel oder Kostovertebralgelenk, nach Seite (0, 1 oder 3 Punkte). Wird hier nicht beurteilt.',
  },
  answers: {
    location: { junctional: 'Übergang', mobile: 'beweglich', semirigid: 'halbstarr', rigid: 'starr' },
    pain: { mechanical: 'mechanischer Schmerz', occasional: 'gelegentlich, nicht mechanisch', none: 'schmerzfrei' },
    lesion: { lytic: 'lytisch', mixed: 'gemischt', blastic: 'blastisch' },
    alignment: { subluxation: 'Subluxation oder Versatz', deformity: 'neue Kyphose oder Skoliose', normal: 'normal' },
    collapse: {
      over50: 'mehr als 50 %',
      under50: 'weniger als 50 %',
      bodyOver50: 'keine, über 50 % des Körpers befallen',
      none: 'nichts davon',
    },
    posterolateral: { bilateral: 'beidseitig', unilateral: 'einseitig', none: 'keine' },
  },
  choose: field => `${field}: nicht gesetzt`,
  proposed: (answer, points) => `Vorschlag: ${answer} (${points})`,
  confirm: 'Bestätigen',
  confirmHelp: 'Übernimmt den Vorschlag als eigene Antwort.',
  confirmAll: count => (count === 1 ? '1 Vorschlag bestätigen' : `Alle ${count} Vorschläge bestätigen`),
  confirmAllHelp:
    'Übernimmt jeden angezeigten Vorschlag für ein noch offenes Feld; von Hand Gesetztes bleibt, Felder ohne Vorschlag bleiben offen.',
  byHand: 'Von Hand zu setzen.',
  set: 'Von einer Person gesetzt.',
  reset: '– zurücksetzen',
  oneSlice: level =>
    `Nur eine sagittale Schicht von ${level} wurde durchsucht: Läsionsart und Anteil am Körper beziehen sich auf diese Schicht.`,
  partlySearched: (level, percent) =>
    `${percent} % des Körpers von ${level} wurden durchsucht: ob mehr als die Hälfte befallen ist, lässt sich nicht sagen.`,
  unknownSearch: level =>
    `Wie viel vom Körper von ${level} durchsucht wurde, ist nicht bekannt: Art der Läsion und Anteil am Körper gelten für das, was markiert ist.`,
  notMeasured: 'Nicht messbar: keine Körpermaske oder kein messbarer Nachbar.',
  parts: { anterior: 'Vordere', middle: 'Mittlere', posterior: 'Hintere' },
  collapseMeasured: (part, height, expected, loss, levels) =>
    `${part} Höhe ${height} mm, nach ${levels} erwartet ${expected} mm: ${loss > 0 ? `${loss} % Verlust` : 'kein Verlust'}. Als Sinterung vorgeschlagen ab 20 %, als mehr als die Hälfte über 50 %.`,
  alignmentMeasured: (step, level, wedge, neighbours) =>
    `Hinterwand ${step} mm gegen ${level} versetzt; Keilwinkel ${wedge}°, Nachbarn ${neighbours}°. Nur Sagittalebene.`,
  open: count =>
    count === 1
      ? 'Noch keine Summe: 1 Feld ist nicht gesetzt.'
      : `Noch keine Summe: ${count} Felder sind nicht gesetzt.`,
  total: (points, range) => `SINS ${points} von 18: ${range}.`,
  totalHelp: 'Summe der Punkte aller sechs Felder, 0 bis 18; keine, bevor jedes gesetzt ist.',
  ranges: {
    stable: 'stabil (0–6)',
    'potentially-unstable': 'potenziell instabil (7–12)',
    unstable: 'instabil (13–18)',
  },
  source: 'Fisher et al., Spine 2010;35:E1221. Für einen Wirbel mit Metastase; die Entscheidung trifft die Chirurgie.',
};

export const sectorsDe: Strings['sectors'] = {
  title: 'Sektoren für die Wirbel-SBRT',
  names: {
    1: 'Wirbelkörper',
    2: 'linke Bogenwurzel',
    3: 'linker Querfortsatz und Lamina',
    4: 'Dornfortsatz',
    5: 'rechter Querfortsatz und Lamina',
    6: 'rechte Bogenwurzel',
  },
  patterns: {
    central: 'in der Mitte des Körpers oder einseitig, ohne das äußere Drittel zu erreichen',
    left: 'überwiegend links im Körper',
    right: 'überwiegend rechts im Körper',
    diffuse: 'durch den Körper oder auf beiden Seiten',
  },
  because: (pattern, share, left) =>
    `Läsion ${pattern}: ${share} % des analysierten Körpers; ${left} % der Läsion liegen links der Mitte.`,
  silent: {
    'not-searched':
      'Kein Vorschlag: Die äußeren Drittel dieses Körpers wurden nicht durchsucht; ob die Läsion eine Seite erreicht, lässt sich nicht sagen.',
    'unknown-search': 'Kein Vorschlag: Das Ergebnis sagt nicht, welche Teile dieses Körpers durchsucht wurden.',
  },
  none: 'Kein Voxel einer Läsion liegt in einer Körpermaske; daher kein Vorschlag.',
  suggestion: 'Nur ein Vorschlag: in keinem Bericht oder Export, bis er bestätigt ist.',
  byHand: 'Von Hand zu setzen; in keinem Bericht oder Export, bis bestätigt.',
  seenHelp: name => `${name}: aus dem Ort der Läsion im Körper vorgeschlagen; Klick ändert es.`,
  unseenHelp: name => `${name}: nicht analysiert, daher nie vorgeschlagen; anklicken, wenn befallen.`,
  confirm: sectors => `${listed(sectors)} bestätigen`,
  confirmed: sectors => `Von einer Person bestätigt: ${listed(sectors)}.`,
  change: 'Ändern',
  reported: (level, sectors) =>
    `${level}: knöchernes Zielvolumen für die Wirbel-SBRT, ${listed(sectors)} (International Spine Radiosurgery Consortium), von einer Person bestätigt.`,
  limits:
    'Nur der Körper wurde analysiert. Die Sektoren 3, 4 und 5 können nicht vorgeschlagen werden; 2 und 6 folgen aus der Seite der Läsion im Körper, nicht aus den Bogenwurzeln. Befall von Bogenwurzeln, Bogen oder Weichteilen fügt Sektoren hinzu.',
  source:
    'Cox et al., IJROBP 2012;83:e597 (knöcherne Zielvolumina bei Befall im Körper). Gezeichnet wie im axialen CT: links im Patienten ist rechts im Bild.',
};

const regions = (count: number) => (count === 1 ? 'Region' : 'Regionen');

export const reportDe: Strings['report'] = {
  title: 'Berichtstext',
  copyEnglish: 'Englisch kopieren',
  copyGerman: 'Deutsch kopieren',
  copyHelp: 'Kopiert den Bericht als einfachen Text.',
  copyWorksheets: 'Arbeitsblätter als CSV kopieren',
  copyWorksheetsHelp: 'Kopiert, was gesetzt oder bestätigt ist, eine Zeile je Wirbel, ohne Vorschläge.',
  withPrior: 'Der Text enthält den Vergleich mit der Voruntersuchung.',
  comparing: 'Der Vergleich mit der Voruntersuchung wird aktualisiert.',
  withoutPrior: 'Der Text enthält einen Vergleich, sobald unter „Vergleich“ einer erstellt wurde.',
  heading: 'Wirbelläsionen im CT, berechnet und nur für Forschungszwecke.',
  noLesion: analysed =>
    `In dem, was von den Wirbelkörpern analysiert wurde${analysed ? ` (${analysed})` : ''}, ist keine Läsion markiert.`,
  total: (millilitres, affected) => `Läsionsvolumen ${millilitres} ml in ${affected}.`,
  share: percent => `Das sind ${percent} der analysierten Wirbelkörper.`,
  lesion: (level, kind, millilitres, mean, sd) =>
    `${level}: Läsionsvolumen ${kind} ${millilitres} ml, Mittelwert ${mean} HU (Standardabweichung ${sd}).`,
  sentence: words => `${words[0].toUpperCase()}${words.slice(1)}.`,
  comparison: (prior, current) => `Im Vergleich mit ${prior} (diese Studie: ${current}):`,
  change: (lesion, change, prior, current, share) => `${lesion}: ${change}, ${prior} auf ${current} ml${share}.`,
  sins: (level, total, range) => `${level}: SINS ${total} von 18, ${range}.`,
  bodyShare: (level, percent) => `Läsionen nehmen ${percent} des analysierten Körpers von ${level} ein.`,
  method:
    'Methode: Hide-and-Seek Attribution, von der mittleren Schicht auf die Schichten durch den Wirbelkörper erweitert.',
  madeWith: (software, model, sha256, sampler, provider) =>
    `${software}; Modell ${model} (SHA-256 ${sha256}), Abtastung ${sampler}, gerechnet auf ${provider}.`,
  sampler: {
    fast: (inversion, render) => `schnell, ${inversion} Auswertungen für die Inversion und ${render} für das Rendern`,
    thorough: (inversion, render) =>
      `schnell mit Bewertung jeder Region, ${inversion} Auswertungen für die Inversion und ${render} für das Rendern`,
    guided: (inversion, render) =>
      `schnell, von Nachbarschichten geführt, ${inversion} Auswertungen für die Inversion und ${render} für das Rendern`,
    reference: (inversion, render) =>
      `Referenz, ${inversion} Auswertungen für die Inversion und ${render} für das Rendern`,
    ode: (inversion, render) =>
      `Wahrscheinlichkeitsfluss-ODE, ${inversion} Auswertungen für die Inversion und ${render} für das Rendern`,
  },
  notScored: floor => `(Regionen mit erster Schätzung unter ${floor} nicht bewertet)`,
  estimatedAbove: ceiling => `(bei Regionen mit erster Schätzung über ${ceiling} gilt diese als Bewertung)`,
  outlinesRefined: '(Umrisse auf halber Höhe der CT-Werte neu gezeichnet)',
  outlinedAcrossSlices: '(Läsionen über die Schichten hinweg mit einem gemeinsamen Grenzwert umrissen)',
  leastDifference: least => `(Regionen, die das gesunde Bild um weniger als ${least} verändert, ausgeschlossen)`,
  lesionsFollowed: '(Schichten neben einer Läsion durchsucht, bis sie endet)',
  leastSlices: (slices, probability) =>
    `(Regionen in weniger als ${slices} benachbarten Schichten${probability === undefined ? '' : ` mit P(maligne) ab ${probability}`} ausgeschlossen)`,
  screenedWithNetwork: '(Schichten vor der Suche mit einem Sichtungsnetz beurteilt)',
  leastKindLogit: logit =>
    `(Regionen ausgeschlossen, wo der Logit des Sichtungsnetzes für ihre Art unter ${logit} liegt)`,
  refined: margin => `(Regionen bis ${margin} um die Schwelle ein zweites Mal und feiner bewertet)`,
  threshold: threshold => `Regionen zählen bei einem Attributionswert über ${threshold}.`,
  thresholdOfModel: threshold =>
    `Regionen zählen bei einem Attributionswert über ${threshold}, der Vorgabe des Modells.`,
  thresholdMoved: (threshold, ofModel) =>
    `Regionen zählen bei einem Attributionswert über ${threshold}, bei der Befundung geändert (Vorgabe des Modells: ${ofModel}).`,
  smallestRegion: pixels => `Die kleinste zählende Region hat ${pixels} Pixel der analysierten Schicht.`,
  masksTitle: 'Masken der Wirbelkörper',
  masks: {
    search: levels => `automatisch gefunden ${levels}`,
    click: levels => `per Klick ${levels}`,
    given: levels => `vorgegeben ${levels}`,
  },
  correctedMask: level => `${level} (von Hand korrigiert)`,
  review: (automatic, edited, drawn, confirmed) =>
    `Befundung: von den Läsionen ${automatic} wie berechnet, ${edited} entschieden oder korrigiert, ${drawn} von Hand gezeichnet; ${confirmed} als Metastase bestätigt.`,
  regionsRejected: (count, reason) => `${count} ${regions(count)} verworfen (${reason})`,
  regionsAccepted: count => `${count} ${regions(count)} angenommen`,
  kindsChanged: (count, kind) => `${count} ${regions(count)} als ${kind} eingestuft`,
  lesionsMerged: count =>
    count === 1 ? '1 Läsion aus mehreren Regionen verbunden' : `${count} Läsionen aus mehreren Regionen verbunden`,
  drawn: kind => `${kind}e Voxel von Hand gezeichnet oder gelöscht`,
  nothingDecided: 'Keine Region wurde bei der Befundung angenommen, verworfen oder geändert.',
  reviewed: levels => `Als befundet markiert: ${levels}.`,
  noneReviewed: 'Kein Wirbel ist als befundet markiert.',
  limits:
    'Grenzen: kein Medizinprodukt. Nur Wirbelkörper. Volumina sind Messwerte, keine Response-Kategorie einer Leitlinie. Ein Befund muss ärztlich bestätigt werden.',
};

/** "1" or "1, 2" */
function listed(sectors: string): string {
  return `${sectors.includes(',') ? 'Sektoren' : 'Sektor'} ${sectors}`;
}
