import type { Strings } from './en';

/** Texte des Vergleichs auf Deutsch. */
export const priorDe: Strings['prior'] = {
  title: 'Voruntersuchung',
  noCt: 'Voruntersuchungen werden gesucht, sobald ein CT offen ist.',
  searching: 'Suche Voruntersuchungen dieses Patienten …',
  reading: 'Lese das Ergebnis der Voruntersuchung …',
  aligning: (done, total) => `Wirbel werden ausgerichtet: ${done} von ${total}`,
  compareAgain: 'Erneut versuchen',
  totals: 'Volumen in dem, was beide Studien durchsucht haben',
  totalHelp: kind =>
    `Summe der Läsionen (${kind}) in ml, Voruntersuchung → diese Studie, soweit beide durchsucht haben; was nicht vergleichbar ist, fehlt.`,
  none: 'Keine Voruntersuchung dieses Patienten enthält eine Läsionssegmentierung dieser Software.',
  searchAgain: 'Erneut suchen',
  study: 'Voruntersuchung zum Vergleich',
  showBoth: 'Beide Studien nebeneinander zeigen',
  showCurrent: 'Nur die aktuelle Studie zeigen',
  showBothHelp:
    'Links das aktuelle CT, rechts das frühere, über die Wirbel verbunden; ein Klick auf eine Läsion zeigt sie in beiden.',
  between: (prior, current) => `${prior} → ${current}`,
  nothing: 'Keine Läsion in beiden Studien.',
  change: {
    new: 'neu',
    resolved: 'nicht mehr nachweisbar',
    increased: 'zugenommen',
    decreased: 'abgenommen',
    stable: 'stabil',
    'marked-now': 'jetzt markiert, zuvor nur gesichtet',
    'marked-before': 'zuvor markiert, jetzt nur gesichtet',
    'not-comparable': 'nicht vergleichbar',
  },
  changeHelp: {
    new: 'Nur in dieser Studie; die Voruntersuchung hat den Ort durchsucht und dort nichts markiert.',
    resolved: 'Nur in der Voruntersuchung; diese Studie hat den Ort durchsucht, und dort ist nichts markiert.',
    increased: 'Das Volumen in ml nahm um mehr als 20 % und mehr als 0,1 ml zu.',
    decreased: 'Das Volumen in ml nahm um mehr als 20 % und mehr als 0,1 ml ab.',
    stable: 'Das Volumen in ml änderte sich um höchstens 20 % oder 0,1 ml.',
    'marked-now':
      'Nur in dieser Studie. Ob sie neu ist, ist unbekannt: Die Voruntersuchung hat den Ort als unverdächtig gesichtet und nicht nach Läsionen durchsucht.',
    'marked-before':
      'Nur in der Voruntersuchung. Ob sie verschwunden ist, ist unbekannt: Diese Studie hat den Ort als unverdächtig gesichtet und nicht nach Läsionen durchsucht. Das zeigt erst eine Analyse, die jede Schicht durchsucht.',
    'not-comparable':
      'Nicht zu entscheiden: Die andere Studie hat diese Höhe nicht analysiert oder sagt nicht, was sie durchsucht hat, die Läsion reicht über den in beiden Studien durchsuchten Teil hinaus, oder der Wirbel ließ sich nicht ausrichten und seine Läsionen sind verschiedener Art.',
  },
  fromTo: (prior, current) => `${prior} → ${current} ml`,
  renamed: level => `Dieser Wirbel heißt in der Voruntersuchung ${level}.`,
  sameNames: 'Verglichen werden Wirbel gleichen Namens: Prüfen, ob beide Studien sie gleich benennen.',
  kindChanged: (prior, current) => `war ${prior}, ist ${current}`,
  atLeast: 'Reicht an nicht durchsuchte Teile heran: Die Volumina sind Untergrenzen.',
  beyond: (prior, current) =>
    `Außerhalb des in beiden Studien durchsuchten Teils: ${prior} → ${current} ml, nicht verglichen.`,
  screenedThen: 'Die Voruntersuchung hat diesen Ort als unverdächtig gesichtet, nicht nach Läsionen durchsucht.',
  screenedNow: 'Diese Studie hat diesen Ort als unverdächtig gesichtet, nicht nach Läsionen durchsucht.',
  blasticCaution: 'Mehr Sklerose kann Heilung sein.',
  matchedBy: {
    tracking: 'Zugeordnet über die Tracking-UID.',
    overlap: 'Zugeordnet über den Ort, nach Ausrichtung jedes Wirbels.',
    level: 'Nur über Höhe und Art zugeordnet.',
  },
  keepIdentities: 'Kennungen der Voruntersuchung behalten',
  keepIdentitiesHelp:
    'Gibt zugeordneten Läsionen die TrackingUID der Voruntersuchung, damit Dateien und spätere Vergleiche sie als dieselben kennen. Wird mit dem nächsten Speichern gespeichert.',
  caution:
    'Sklerose kann Heilung sein: Ein größeres blastisches Volumen ist nicht von selbst ein Progress. Nur zusammen mit Bildern und Therapie beurteilen.',
  stableMeans: 'Stabil: innerhalb von 20 % oder 0,1 ml; eine Festlegung dieser Software, kein Response-Kriterium.',
  otherMethod:
    'Modell oder Schwelle der beiden Studien unterscheiden sich oder sind unbekannt; das kann einen Teil des Unterschieds erklären. Sicherheit gibt nur, beide gleich zu analysieren.',
  unaligned: (levels, hasMasks) =>
    hasMasks
      ? `Ließen sich nicht ausrichten, nur über die Höhe zugeordnet: ${levels}.`
      : `Die Voruntersuchung hat keine Wirbelmasken; nur über die Höhe zugeordnet: ${levels}.`,
};
