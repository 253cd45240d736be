import type { Strings } from './en';

/** Texte des Vergleichs auf Deutsch. */
export const priorDe: Strings['prior'] = {
  title: 'Frühere Studie',
  noCt: 'Frühere Studien werden gesucht, sobald ein CT offen ist.',
  searching: 'Suche frühere Studien dieses Patienten …',
  reading: 'Lese das frühere Ergebnis …',
  aligning: (done, total) => `Lege Wirbel auf Wirbel: ${done} von ${total}`,
  compareAgain: 'Erneut versuchen',
  totals: 'Volumen in beiden Studien',
  totalHelp: kind =>
    `Summe der Läsionen (${kind}) in ml, frühere Studie → diese Studie; Höhen, die eine von beiden nicht analysiert hat, fehlen.`,
  none: 'Keine frühere Studie dieses Patienten enthält eine Läsionssegmentierung dieser Software.',
  searchAgain: 'Erneut suchen',
  study: 'Frühere Studie zum Vergleich',
  showBoth: 'Beide Studien nebeneinander zeigen',
  showCurrent: 'Nur die aktuelle Studie zeigen',
  showBothHelp:
    'Links das aktuelle CT, rechts das frühere, über die Wirbel verbunden; ein Klick auf eine Läsion zeigt sie in beiden.',
  between: (prior, current) => `${prior} → ${current}`,
  nothing: 'Keine Läsion in beiden Studien.',
  change: {
    new: 'neu',
    gone: 'verschwunden',
    grown: 'gewachsen',
    shrunk: 'kleiner',
    stable: 'stabil',
    'not-comparable': 'nicht vergleichbar',
  },
  changeHelp: {
    new: 'Nur in dieser Studie; die Höhe wurde früher analysiert oder die frühere Studie sagt es nicht.',
    gone: 'Nur in der früheren Studie; die Höhe wurde in dieser Studie analysiert.',
    grown: 'Das Volumen in ml nahm um mehr als 20 % und mehr als 0,1 ml zu.',
    shrunk: 'Das Volumen in ml nahm um mehr als 20 % und mehr als 0,1 ml ab.',
    stable: 'Das Volumen in ml änderte sich um höchstens 20 % oder 0,1 ml.',
    'not-comparable': 'Nur auf einer Seite, auf einer Höhe, die die andere Studie nicht analysiert hat.',
  },
  fromTo: (prior, current) => `${prior} → ${current} ml`,
  kindChanged: (prior, current) => `war ${prior}, ist ${current}`,
  newFoci: count => (count === 1 ? '1 neuer getrennter Herd' : `${count} neue getrennte Herde`),
  goneFoci: count => (count === 1 ? '1 getrennter Herd verschwunden' : `${count} getrennte Herde verschwunden`),
  blasticCaution: 'Mehr Sklerose kann Heilung sein.',
  matchedBy: {
    tracking: 'Zugeordnet über die Tracking-UID.',
    overlap: 'Zugeordnet über den Ort, nachdem Wirbel auf Wirbel gelegt wurde.',
    level: 'Nur über Höhe und Art zugeordnet.',
  },
  keepIdentities: 'Frühere Kennungen behalten',
  keepIdentitiesHelp:
    'Gibt zugeordneten Läsionen die TrackingUID der früheren Studie, damit Dateien und spätere Vergleiche sie als dieselben kennen. Wird mit dem nächsten Speichern gespeichert.',
  caution:
    'Sklerose kann Heilung sein: Ein größeres blastisches Volumen ist nicht von selbst ein Progress. Nur zusammen mit Bildern und Therapie beurteilen.',
  stableMeans: 'Stabil: innerhalb von 20 % oder 0,1 ml; eine Festlegung dieser Software, kein Response-Kriterium.',
  otherMethod:
    'Modell oder Schwelle der beiden Studien sind verschieden oder unbekannt; ein Teil des Unterschieds kann daher kommen. Sicher ist nur, beide gleich zu analysieren.',
  unaligned: (levels, hasMasks) =>
    hasMasks
      ? `Ließen sich nicht aufeinanderlegen, nur über die Höhe zugeordnet: ${levels}.`
      : `Die frühere Studie hat keine Wirbelmasken; nur über die Höhe zugeordnet: ${levels}.`,
};
