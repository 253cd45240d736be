import type { Strings } from './en';

/** Texte des Exports auf Deutsch. */
export const exportDe: Strings['exports'] = {
  segmentations: 'Segmentierungen',
  contours: 'Konturen',
  measurements: 'Messwerte',
  kinds: {
    lesions: 'Läsionssegmentierung',
    bodies: 'Wirbelkörper',
    contours: 'Konturen (RTSTRUCT)',
    report: 'Messprotokoll (SR)',
    keyImages: 'Schlüsselbilder',
    csv: 'Tabelle (CSV)',
    json: 'Tabelle (JSON)',
  },
  kindHelp: {
    lesions:
      'DICOM SEG auf dem Raster des CT: ein kodiertes Segment je Läsion. Mit dieser Datei öffnet sich die Studie später wieder.',
    bodies: 'DICOM SEG der analysierten Wirbelkörper, als eigene Serie.',
    contours:
      'DICOM RT Structure Set für Planungssysteme: Konturen der Läsionen, wie sie jetzt sind, auf den CT-Ebenen.',
    report:
      'DICOM Structured Report (TID 1500): Volumen, Hounsfield-Einheiten und Score jeder Läsion. Das Protokoll verweist auf die gespeicherte Segmentierung; wo nötig wird sie zuerst gespeichert.',
    keyImages: 'Ein Bild jeder Läsion, sagittal und axial, umrandet: DICOM Secondary Capture, das jeder Viewer zeigt.',
    csv: 'Die Zahlen des Protokolls, eine Zeile je Läsion, für Tabellenprogramme. Ohne Name und Nummer des Patienten.',
    json: 'Dieselben Zahlen mit ihrer Herkunft, für Programme. Ohne Name und Nummer des Patienten.',
  },
  archive: 'Ins Archiv',
  archiveHelp: kind => `${kind}: speichert eine neue Serie in dieser Studie. Frühere bleiben, wie sie sind.`,
  download: 'Herunterladen',
  downloadHelp: kind => `${kind}: speichert eine Datei auf diesem Rechner.`,
  everyFileSays: 'Bericht, Tabellen und Konturen wiederholen dies.',
  reportDownload: 'Eine nicht gespeicherte Segmentierung wird mit dem Protokoll heruntergeladen, das auf sie verweist.',
  type: 'SEG-Typ',
  typeHelp:
    'BINARY wird von fast aller Software gelesen. LABELMAP (DICOM 2023) ist kleiner, und viele Systeme kennen es noch nicht.',
  binary: 'BINARY (weit verbreitet)',
  labelmap: 'LABELMAP (kleiner, neu)',
  labelmapForced:
    'Es wird LABELMAP geschrieben: Die Pixel einer Schicht dieses CT füllen keine ganzen Bytes (Zeilen × Spalten ist kein Vielfaches von 8), und dieser Viewer kann eine BINARY-Segmentierung davon nicht anzeigen.',
  tolerance: 'Toleranz',
  toleranceHelp:
    'Größter Abstand in mm (0 bis 5), um den eine vereinfachte Kontur vom Umriss abweichen darf. 0 behält den Umriss der Voxel.',
  margin: 'Saum',
  marginHelp:
    'Fügt jeder Läsion eine zweite Kontur hinzu, um so viele mm (0 bis 50) in alle Richtungen vergrößert. 0 fügt keine hinzu. Kein Planungszielvolumen.',
  millimetres: 'mm',
  clip: 'Saum auf den Wirbelkörper beschränken',
  includeBodies: 'Wirbelkörper als Konturen hinzufügen',
  withoutLesion:
    'Ohne Läsion werden die analysierten Wirbelkörper mit Ihren Entscheidungen gespeichert, als „No vertebral lesion marked“.',
  nothingToContour: 'Es gibt keine Läsion zum Konturieren.',
  working: 'Wird geschrieben …',
  storing: 'Wird gespeichert und geprüft …',
  stored: series => `Gespeichert als Serie „${series}“.`,
  downloaded: files => `Heruntergeladen: ${files}`,
  outdated: 'Die Läsionen wurden seither geändert.',
  again: 'Erneut versuchen',
};
