import type { ErrorWords, StoredObject } from '../../../core/errors';

/** Nominativ und Akkusativ sind bei allen gleich. */
const NAMES: Readonly<Record<StoredObject, string>> = {
  SEG: 'die Segmentierung',
  RTSTRUCT: 'das Structure Set',
  SR: 'das Messprotokoll',
  file: 'die Datei',
};
const SAFE = 'Hier ist nichts verloren';

export const resultErrorsDe = {
  'no-result': () => 'Es gibt noch kein Ergebnis zum Speichern. Zuerst einen Wirbel analysieren.',
  'no-lesions': () =>
    'Es gibt keine Läsion, die gespeichert oder konturiert werden könnte. Als Segmentierung speichern, die das aussagt.',
  'too-many-lesions': ({ found, most }) =>
    `Das wären ${found} Läsionen; eine Segmentierung fasst ${most}. Schwelle oder Mindestgröße erhöhen.`,
  'nothing-between': () =>
    'Hier ist nichts zu füllen. Die Läsion in zwei Schichten mit leeren dazwischen zeichnen, dann füllen.',
  'no-provenance': () =>
    'Das gespeicherte Ergebnis nennt sein Modell nicht und kann nicht erneut gespeichert werden. Neu analysieren.',
  'unnamed-segment': ({ names }) =>
    `Das gezeichnete Segment ${names.map(name => `„${name}“`).join(', ')} sagt nicht, was es ist. In Wirbel und Art umbenennen, etwa „T10 lytic“.`,
  'segment-not-named': ({ names }) =>
    `Die Segmentliste des Viewers enthält ${names.join(', ')}; das nennt nicht Wirbel und Art. Was dort gezeichnet ist, zählt erst, wenn es umbenannt ist, zum Beispiel in „T10 lytisch“.`,
  'segment-name-kept': ({ names }) =>
    `Die Segmentliste des Viewers enthält ${names.join(', ')}. Ein Segment heißt nach Wirbel und Art, zum Beispiel „T10 lytisch“; bis dahin wird es unter dem Namen in Klammern gespeichert.`,
  'tables-not-dicom': () => 'Tabellen sind kein DICOM; Archive nehmen sie nicht an. Herunterladen.',
  'no-store': ({ object }) =>
    `Diese Datenquelle kann nicht speichern. Eine DICOMweb-Quelle mit STOW verwenden oder ${NAMES[object]} herunterladen.`,
  'store-refused': ({ object, reason }) =>
    `Das Archiv hat ${NAMES[object]} abgelehnt („${reason}“). ${SAFE}; erneut versuchen, sobald es annimmt.`,
  'store-timeout': ({ object, seconds }) =>
    `Das Archiv hat ${NAMES[object]} nicht angenommen: keine Antwort in ${seconds} s. ${SAFE}; erneut versuchen und, wenn es wieder geschieht, die Verbindung prüfen.`,
  'store-unreachable': ({ object, reason }) =>
    `Die Verbindung zum Archiv ist abgerissen, als ${NAMES[object]} gesendet wurde („${reason}“). ${SAFE}; erneut versuchen, sobald das Archiv erreichbar ist.`,
  'store-changed': ({ object }) =>
    `Das Archiv hat ${NAMES[object]} angenommen, gibt den Inhalt aber verändert zurück. ${SAFE}; erneut versuchen oder die Administration des Archivs fragen.`,
  'store-without-review': ({ object }) =>
    `Das Archiv behält ${NAMES[object]}, verwirft aber private Elemente: Entscheidungen, Markierungen und Arbeitsblätter kämen daraus nicht zurück. ${SAFE}; die Datei zusätzlich herunterladen und die Administration des Archivs bitten, private Elemente zu behalten.`,
  'newer-result': ({ series }) =>
    `Inzwischen in dieser Studie gespeichert, in einem anderen Tab oder von jemand anderem: ${series.join(', ')}. ${SAFE}: erneut speichern, um beide als nächste Version zu behalten, oder die Studie neu laden, um mit dem neueren Ergebnis weiterzuarbeiten.`,
  'independent-results': ({ series }) =>
    `Diese Studie enthält auch Ergebnisse, die unabhängig vom gezeigten gespeichert wurden: ${series.join(', ')}.`,
  'review-unreadable': () =>
    'Das gespeicherte Ergebnis wird mit seinen Voxeln gezeigt; Entscheidungen und Kandidatenregionen darin sind beschädigt und nicht lesbar. Die Wirbel neu analysieren, um über Regionen zu entscheiden.',
  'store-unverified': ({ object, reason }) =>
    `Das Archiv hat ${NAMES[object]} angenommen, liefert aber nichts zurück („${reason}“). ${SAFE}; erneut versuchen oder die Administration des Archivs fragen.`,
  'archive-timeout': ({ seconds }) =>
    `Das Archiv hat ${seconds} s lang nicht geantwortet. Die Verbindung prüfen und noch einmal versuchen.`,
  'no-wado': () =>
    'Diese Datenquelle gibt keine DICOM-Dateien heraus (WADO-RS), Segmentierungen sind nicht lesbar. Die Studie aus einer DICOMweb-Quelle öffnen.',
  'seg-unavailable': ({ reason }) =>
    `Das Archiv hat die Segmentierung nicht geliefert („${reason}“). Die Verbindung prüfen und sie erneut wählen.`,
  'seg-answer': () =>
    'Das Archiv hat auf die Anfrage nach der Segmentierung etwas anderes geliefert. Noch einmal versuchen.',
  'no-patient-id': () => 'Dieses CT hat keine Patienten-ID, daher lassen sich keine früheren Studien suchen.',
  'no-query': () =>
    'Diese Datenquelle lässt sich nicht nach früheren Studien durchsuchen. Eine DICOMweb-Quelle verwenden.',
  'query-failed': ({ reason }) =>
    `Das Archiv hat die Suche nach früheren Studien nicht beantwortet („${reason}“). Die Verbindung prüfen, erneut suchen.`,
  'prior-ct': () =>
    'Das CT der früheren Studie ist nicht im Archiv, ihre Segmentierung lässt sich nicht zuordnen. Eine andere Studie wählen.',
  'prior-ct-view': () => 'Der Viewer konnte das CT der früheren Studie nicht laden. Noch einmal versuchen.',
} satisfies Partial<ErrorWords>;
