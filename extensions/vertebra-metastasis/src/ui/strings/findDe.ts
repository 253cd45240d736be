import type { FindStrings } from './findEn';

/** Texts of finding vertebrae without a segmentation, in German. */
export const findDe: FindStrings = {
  title: 'Wirbel erkennen',
  none: 'Keine Wirbelsegmentierung in dieser Studie. In einen Wirbelkörper klicken, alle Körper erkennen lassen oder ein DICOM SEG hinzufügen (zum Beispiel von TotalSegmentator).',
  source: count => `In dieser Sitzung segmentiert (${count} Wirbel)`,
  click: 'Wirbel anklicken',
  clickHelp:
    'Danach in einer beliebigen Ebene mitten in einen Wirbelkörper klicken. Die Maske erscheint; Pedikel und dorsale Elemente bleiben ausgespart.',
  stop: 'Klicken beenden (Esc)',
  search: 'Alle erkennen',
  searchHelp: 'Erkennt Wirbelkörper im ganzen CT; jede Maske prüfen. Nur für Forschungszwecke.',
  clickHint:
    'In einem beliebigen Bild in einen Wirbelkörper klicken. Tasten: N nächster oben, B nächster unten, U zurück, Esc beendet.',
  clicking: 'Körper wird segmentiert …',
  reading: 'CT wird gelesen',
  stage: {
    column: 'Wirbelsäule wird gesucht',
    bodies: 'Wirbelkörper werden erkannt',
    masks: 'Wirbelkörper werden segmentiert',
  },
  cancel: 'Abbrechen',
  nextAbove: level => `↑ ${level ?? 'oben'} (N)`,
  nextBelow: level => `↓ ${level ?? 'unten'} (B)`,
  nextHelp: 'Segmentiert den nächsten Körper, der an der Marke in den Bildern erwartet wird.',
  undo: 'Zurück',
  undoHelp: 'Nimmt den letzten Klick, die letzte Suche oder das letzte Löschen zurück (Taste U beim Klicken).',
  levelOf: 'Welche Höhe ist',
  levelShow: 'Diesen Wirbel in den Bildern zeigen',
  levelHelp: 'Die Höhe eines Wirbels angeben, zum Beispiel L1; die anderen werden von ihm aus gezählt.',
  levelProposed: (level, basis, confidence) =>
    `Vorschlag ${level}: ${basis} (Sicherheit ${Math.round(100 * confidence)} %). In den Bildern prüfen; Enter übernimmt.`,
  basis: {
    'last-rib': 'die untersten Rippen scheinen hier anzusetzen',
    'first-rib': 'die obersten Rippen scheinen hier anzusetzen',
  },
  levelConfirm: 'Übernehmen',
  correct: 'Höhen korrigieren …',
  correctHelp: 'Benennt alle Wirbel um, wo falsch gezählt wurde; zeigt zuerst vorher und nachher.',
  correctIs: level => `${level} ist eigentlich`,
  before: 'Vorher',
  after: 'Nachher',
  correctNote:
    'Läsionen, Ergebnisse und Arbeitsblätter bleiben bei ihren Wirbeln. „Rückgängig“ stellt die Namen wieder her.',
  correctBeyond: 'Ein Wirbel läge jenseits des Endes der Wirbelsäule.',
  correctApply: 'Alle umbenennen',
  excluded: 'Nicht gefunden oder ausgeschlossen:',
  excludedPlace: (where, why) => `${where}: ${why}`,
  above: level => `über ${level}`,
  below: level => `unter ${level}`,
  between: (upper, lower) => `zwischen ${upper} und ${lower}`,
  why: {
    gap: 'ein Wirbel fehlt; hineinklicken',
    'cut-by-border': 'vom Rand des CT abgeschnitten',
    doubtful: 'das Bild ist nicht eindeutig; hineinklicken, falls dort ein Wirbelkörper liegt',
    'odd-volume': 'die Maske hatte eine unplausible Größe; hineinklicken, falls dort ein Wirbelkörper liegt',
  },
  erase: level => `Maske und Ergebnisse von ${level} löschen`,
};
