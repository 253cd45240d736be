/**
 * Ursache und Ausweg zu jedem Fehlercode. Die englische Meldung mit den Zahlen und Namen des Einzelfalls zeigt das Panel
 * darunter als Einzelheit.
 */
export const problemsDe: Readonly<Record<string, string>> = {
  unexpected:
    'Etwas Unvorhergesehenes ist schiefgegangen. Noch einmal versuchen; bleibt es dabei, die Seite neu laden.',
  unknown: 'Der Rechenprozess meldet einen unbekannten Fehler. Noch einmal versuchen.',
  cancelled: 'Die Analyse wurde abgebrochen, bevor dieser Wirbel fertig war.',

  // CT-Serie
  'no-ct': 'Hier ist kein CT. Die Methode gilt nur für CT; eine Studie mit axialer CT-Serie öffnen.',
  'not-ct': 'Die Bilder sind kein CT. Die Methode gilt nur für CT.',
  'not-axial': 'Die Serie ist nicht axial (sagittal oder koronar). Die axiale CT-Serie wählen.',
  'multi-frame-ct': 'Dies ist ein Enhanced (Multi-Frame) CT. Zuerst in einzelne CT-Bilder umwandeln.',
  'too-few-slices': 'Die CT-Serie hat zu wenige Schichten. Die vollständige axiale Serie laden.',
  'missing-slices': 'In der CT-Serie fehlen Schichten. Die vollständige Serie laden.',
  'uneven-slices': 'Die CT-Schichten haben ungleiche Abstände. Eine gleichmäßige Rekonstruktion wählen.',
  'duplicate-positions':
    'Zwei CT-Schichten liegen an derselben Stelle. Die Serie enthält wohl zwei Phasen oder Rekonstruktionen; eine wählen.',
  'gantry-tilt': 'Die CT-Schichten sind geschert (Gantry-Kippung). Eine Rekonstruktion ohne Kippung verwenden.',
  'mixed-series': 'Die Bilder gehören zu mehreren Serien. Eine einheitliche axiale Serie wählen.',
  'mixed-geometry': 'Die Serie mischt Bildgrößen oder Pixelabstände. Eine einheitliche axiale Serie wählen.',
  'mixed-orientation': 'Die Serie mischt Bildorientierungen. Eine einheitliche axiale Serie wählen.',
  'mixed-frame-of-reference': 'Die Serie mischt Bezugssysteme. Eine einheitliche axiale Serie wählen.',
  'mixed-scaling':
    'Der Viewer hat nur einen Teil der Schichten in Hounsfield-Einheiten umgerechnet. Die Studie neu laden.',
  'image-missing': 'Eine CT-Schicht konnte nicht geladen werden. Das Archiv prüfen und noch einmal versuchen.',
  'frame-of-reference':
    'Die Segmentierung oder das CT hat ein anderes oder kein Bezugssystem. Das CT wählen, auf dem segmentiert wurde.',
  'bad-dimensions': 'Größe und Inhalt des Volumens passen nicht zusammen. Die Serie neu laden.',
  'bad-affine': 'Die Lage des Volumens im Patienten ist nicht brauchbar. Eine andere Serie wählen.',

  // DICOM-Dateien
  'missing-attribute': 'In einer DICOM-Datei fehlt ein Attribut oder es ist falsch. Die Serie neu exportieren.',
  'compressed-pixel-data': 'Die Pixel einer DICOM-Datei sind komprimiert. Unkomprimiert speichern.',
  'pixel-data-length': 'Die Pixeldaten einer DICOM-Datei haben eine falsche Länge; die Datei ist wohl abgeschnitten.',
  'no-pixel-data': 'Die DICOM-Datei hat hier keine Pixel. Das ganze Objekt laden, nicht nur den Kopf.',
  'not-dicom': 'Das ist keine lesbare DICOM-Datei oder keine, die ein Archiv annimmt.',
  'not-seg': 'Das ist keine DICOM-Segmentierung.',
  'not-our-seg':
    'Diese Segmentierung enthält keine Läsionen dieser Software oder wurde von anderer Software verändert.',
  'seg-grid': 'Die Segmentierung liegt nicht auf dem Raster dieses CT. Auf dieses CT umrechnen oder ihr CT wählen.',
  'seg-unavailable': 'Das Archiv hat die Segmentierung nicht geliefert. Die Verbindung prüfen und sie erneut wählen.',
  'segment-numbers': 'Segmente und Voxel der Segmentierung passen nicht zusammen. Die Segmentierung erneut speichern.',
  'too-large': 'Der Inhalt ist zu groß für eine DICOM-Datei.',
  'bad-option': 'Rand oder Toleranz liegt außerhalb des Erlaubten (0-50 mm und 0-5 mm).',

  // Wirbel
  'no-vertebrae':
    'Kein Segment wird als Wirbel erkannt. Segmente wie vertebrae_T10 nennen oder mit SNOMED CT kodieren.',
  'no-bodies': 'Zu diesem Ergebnis sind keine Wirbelkörpermasken geöffnet. Unter „Analyse“ wählen.',
  'no-body': 'Dieser Wirbel hat keinen Körper, den die Methode kennt; er wird ausgelassen.',
  'empty-mask': 'Die Maske ist leer. Den Wirbel erneut segmentieren oder einen anderen wählen.',
  'body-at-edge': 'Der Wirbelkörper berührt den Rand des CT, ein Teil fehlt; er wird ausgelassen.',
  'body-too-small': 'Keine Schicht des Wirbelkörpers kann analysiert werden; die Maske ist zu klein.',
  'grid-mismatch': 'Die Masken liegen nicht auf dem Raster des CT. Masken dieses CT wählen.',
  'duplicate-level': 'Zwei Wirbel tragen dieselbe Höhe; eine davon berichtigen.',
  'unknown-level': 'Diese Wirbelhöhe gibt es nicht.',
  'unknown-label': 'Ein Label der Maske ist im Schema unbekannt. Das Schema nennen.',
  'unknown-label-scheme': 'Dieses Labelschema gibt es nicht.',
  'ambiguous-labels': 'Die Label der Maske passen zu mehreren Schemata. Das Schema nennen.',
  'too-many-bodies': 'In diese Sitzung passen keine weiteren Masken. Die Studie neu laden.',
  'already-there': 'Dieser Wirbel ist hier schon segmentiert. Zuerst seine Maske löschen.',
  'nothing-new': 'Die Suche hat keinen Wirbel gefunden, der nicht schon segmentiert ist.',
  'no-spine': 'In diesem CT wurde kein Wirbelkörper gefunden. In einen hineinklicken, um ihn zu segmentieren.',
  'no-body-found': 'Um diese Stelle wurde kein Wirbelkörper gefunden. Mitten in einen Körper klicken.',
  'seed-outside': 'Diese Stelle liegt außerhalb des CT. In einen Wirbelkörper klicken.',
  'bad-anchor': 'Diesen Wirbel gibt es unter den gefundenen nicht.',

  // Modell und Rechnung
  configuration: 'Die Konfiguration der Erweiterung ist falsch. An die Administration wenden.',
  'no-model': 'Es ist kein Modell geladen. Zuerst eines laden.',
  'model-index':
    'Die Liste der Modelle ist nicht lesbar oder nennt das Standardmodell nicht. An die Administration wenden.',
  'model-manifest': 'Das Manifest des Modells ist nicht gültig. Das Modell neu umwandeln oder seine Adresse prüfen.',
  'model-download':
    'Eine Datei des Modells konnte nicht geladen werden. Die Verbindung prüfen und noch einmal versuchen.',
  'model-hash': 'Eine Datei des Modells ist beschädigt oder gehört zu einem anderen. Den Modellordner neu kopieren.',
  'model-file': 'Das Netz öffnet sich in diesem Browser nicht. Einen aktuellen Browser verwenden.',
  'model-shape': 'Das Modell passt nicht zu seinem Manifest. Das Modell neu umwandeln.',
  'self-test':
    'Das Modell rechnet in diesem Browser falsch oder gar nicht. Einen anderen Browser oder Rechner versuchen.',
  'self-test-file': 'Die Selbsttestdatei des Modells ist nicht gültig. Das Modell neu umwandeln.',
  'worker-lost': 'Der Rechenprozess ist stehen geblieben. Das Modell neu laden; bleibt es dabei, die Seite neu laden.',
  'tensor-size': 'Die Eingabe hat nicht die Größe, die das Netz erwartet.',
  'patch-size': 'Der Bildausschnitt hat nicht die Größe, die das Netz erwartet (64 x 64).',
  'patch-not-finite': 'Der Bildausschnitt enthält ungültige Werte.',
  'flat-patch': 'Der Bildausschnitt hat keinen Kontrast; hier ist nichts zu analysieren.',
  'unknown-sampler': 'Dieses Abtastverfahren gibt es nicht.',
  'bad-slices': 'Die Schichtauswahl ist ungültig; eine ganze Zahl ab 1 angeben.',
  'slice-mapping': 'Die Schichten des Viewers sind nicht die der CT-Serie. Die Studie neu laden und neu analysieren.',

  // Ergebnis und Archiv
  'no-result': 'Es gibt noch kein Ergebnis zum Speichern. Zuerst einen Wirbel analysieren.',
  'no-lesions': 'Es gibt keine Läsion, die gespeichert werden könnte.',
  'no-provenance':
    'Das gespeicherte Ergebnis nennt sein Modell nicht und kann nicht erneut gespeichert werden. Neu analysieren.',
  'unnamed-segment': 'Ein gezeichnetes Segment sagt nicht, was es ist. In Wirbel und Art umbenennen, etwa „T10 lytic“.',
  'no-store': 'Diese Datenquelle kann nicht speichern. Eine DICOMweb-Quelle mit STOW verwenden oder herunterladen.',
  'no-wado':
    'Diese Datenquelle gibt keine DICOM-Dateien heraus (WADO-RS). Die Studie aus einer DICOMweb-Quelle öffnen.',
  'store-refused': 'Das Archiv hat die Datei abgelehnt. Hier ist nichts verloren; erneut versuchen, sobald es annimmt.',
  'store-timeout': 'Das Archiv hat die Datei nicht rechtzeitig angenommen. Hier ist nichts verloren; erneut versuchen.',
  'store-unreachable':
    'Die Verbindung zum Archiv ist beim Senden abgerissen. Hier ist nichts verloren; erneut versuchen.',
  'store-unverified':
    'Das Archiv hat die Datei angenommen, gibt sie aber nicht unverändert zurück. Hier ist nichts verloren; erneut versuchen.',

  // Voruntersuchung
  'no-patient-id': 'Dieses CT hat keine Patienten-ID, daher lassen sich keine früheren Studien suchen.',
  'no-query': 'Diese Datenquelle lässt sich nicht nach früheren Studien durchsuchen. Eine DICOMweb-Quelle verwenden.',
  'query-failed':
    'Das Archiv hat die Suche nach früheren Studien nicht beantwortet. Die Verbindung prüfen, erneut suchen.',
  'prior-ct':
    'Das CT der früheren Studie ist nicht im Archiv oder nicht ladbar. Erneut versuchen oder eine andere wählen.',
};
