import type { ErrorWords } from '../../../core/errors';
import { list, size } from './words';

export const commandErrorsDe = {
  'not-readable': ({ reason }) => `Das lässt sich nicht lesen („${reason}“). Pfad und Rechte prüfen und neu kopieren.`,
  'no-dicom': () => 'Hier ist keine DICOM-Datei. Den Ordner mit den DICOM-Dateien angeben, oder eine NIfTI-Datei.',
  'no-series': ({ modality, series, found }) =>
    `Die ${modality}-Serie ${series} gibt es hier nicht; vorhanden: ${list(found)}.`,
  'several-series': ({ modality, found }) => `Es gibt mehrere ${modality}-Serien: ${list(found)}. Eine wählen.`,
  'several-segs': ({ count }) => `Hier sind ${count} SEG-Objekte; die Datei eines davon nennen.`,
  'not-nifti': () => 'Das ist keine NIfTI-Datei, oder sie ist beschädigt. Neu schreiben.',
  'not-3d': ({ dims }) =>
    `Das Bild hat die Größe ${size(dims)} und ist nicht dreidimensional. Ein einzelnes Volumen daraus angeben.`,
  'nifti-length': ({ found, dims }) =>
    `Die Datei enthält ${found} Voxel, ihre Größe ist aber mit ${size(dims)} angegeben. Sie ist abgeschnitten; neu schreiben.`,
  'nifti-datatype': ({ datatype }) =>
    `Der NIfTI-Datentyp ${datatype} ist nicht lesbar; als ganze Zahlen oder Gleitkommazahlen speichern.`,
  'nifti-orientation': () =>
    'Das Bild sagt nicht, wo es im Patienten liegt (weder sform noch qform). Mit seiner Affinen neu schreiben.',
  'bad-pixels': ({ voxel, value }) =>
    `Voxel ${voxel} hat den Wert ${value}; solche Voxel durch den HU-Wert von Luft ersetzen.`,
  'bad-labels': ({ voxel, value, largest }) =>
    `Voxel ${voxel} hat den Wert ${value}; Label sind ganze Zahlen von 0 bis ${largest}.`,
  'patch-shape': ({ shape }) => `Das Feld hat die Form ${size(shape)}; nötig ist 64 x 64.`,
  npy: ({ reason }) => `Das ist keine brauchbare NumPy-Datei („${reason}“).`,
  'nothing-analysed': () => 'Kein Wirbel konnte analysiert werden; die Meldungen darüber sagen, warum.',
  'no-folder': ({ path }) => `Den Ordner ${path} gibt es nicht.`,
  'port-taken': ({ port }) => `Port ${port} ist belegt. Einen anderen angeben: npm start -- --port ${port + 1}`,
  'cannot-listen': ({ host, port, reason }) =>
    `Der Server kann auf ${host} Port ${port} nicht lauschen („${reason}“): --host oder --port ändern.`,
  'wrong-address': ({ address }) =>
    `${address} ist keine Adresse. Die DICOMweb-Adresse angeben, etwa http://127.0.0.1:8042/dicom-web`,
  'queue-unreachable': ({ url, reason }) =>
    `Die Datenbank der Warteschlange ${url} antwortet nicht („${reason}“). --queue prüfen und ob PostgreSQL läuft.`,
  'queue-in-use': ({ file, process }) =>
    `Ein anderer Lauf (Prozess ${process}) verwendet die Warteschlange ${file}. Abwarten, beenden oder mit --state einen anderen Ordner angeben; mehrere Prozesse brauchen PostgreSQL (--queue postgres://...).`,
  'queue-locked': ({ file }) => `${file} lässt sich nicht übernehmen; löschen, wenn kein anderer Lauf aktiv ist.`,
  'no-manifest': () => 'Hier ist kein Manifest.',
  'manifest-cell': ({ row, column, value }) =>
    `Zeile ${row}: Spalte „${column}“ enthält „${value}“, das ist nicht brauchbar.`,
  'manifest-empty': ({ split }) => `Das Manifest nennt keinen Wirbel des Teils „${split}“.`,
  'crop-size': ({ dims }) => `Der Ausschnitt ist ${size(dims)}; nötig ist 64 x 64 x n.`,
  oblique: () => 'Das CT ist gegen die Patientenachsen gekippt; Phantome brauchen ein achsenparalleles.',
  'no-real-ct': ({ path, id }) => `${path} gibt es nicht; mit --real den Ordner angeben, der ${id} enthält.`,
} satisfies Partial<ErrorWords>;
