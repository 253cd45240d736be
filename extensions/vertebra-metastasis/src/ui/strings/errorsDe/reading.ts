import type { ErrorWords } from '../../../core/errors';
import { list, rounded, size } from './words';

export const readingErrorsDe = {
  'several-patients': ({ keyword, found }) =>
    `Die Serie enthält unter einer SeriesInstanceUID Schichten mehrerer Patienten (${keyword} ${found.join(' und ')}). Die Dateien an der Quelle berichtigen und einen Patienten laden.`,
  'several-studies': ({ found }) =>
    `Die Serie enthält unter einer SeriesInstanceUID Schichten mehrerer Studien (StudyInstanceUID ${found.join(' und ')}). Die Dateien an der Quelle berichtigen und eine Studie laden.`,
  'duplicate-instance': ({ uid, objects, count }) =>
    `${count} verschiedene Schichten haben die SOPInstanceUID ${uid} (${list(objects)}), Ergebnisse ließen sich ihnen nicht zuordnen. An der Quelle jeder eine eigene geben.`,
  'no-hounsfield': ({ object, keyword, found }) =>
    `${object} enthält keine Hounsfield-Einheiten: ${keyword} ${found ? `ist „${found}“` : 'fehlt'}. Das ursprüngliche CT laden.`,
  'no-negative-hu': ({ object, intercept }) =>
    `${object} enthält keine Hounsfield-Einheiten: Die Pixel sind vorzeichenlos und RescaleIntercept ist ${intercept}, nichts läge unter Wasser. Das ursprüngliche CT laden.`,
  'hu-range': ({ lowest, highest }) =>
    `Die Werte reichen von ${rounded(lowest)} bis ${rounded(highest)}; das sind keine Hounsfield-Einheiten (Luft -1000, Knochen einige hundert). Das CT vor der Normierung angeben.`,
  'pixel-alignment': ({ object, high, stored }) =>
    `${object} hat HighBit ${high} bei BitsStored ${stored}, die Pixel sind also nicht rechtsbündig. Umwandeln, etwa mit gdcmconv.`,
  'colour-ct': ({ object, samples }) =>
    `${object} hat ${samples} Werte pro Pixel; das ursprüngliche Graustufen-CT laden.`,
  'pixel-fragments': ({ object, found, expected }) =>
    `${object} hat ${found} komprimierte Fragmente für ${expected} Frames. Neu exportieren.`,
  'undecodable-pixels': ({ object, reason }) =>
    `Die Pixel von ${object} lassen sich nicht dekomprimieren („${reason}“). Neu exportieren.`,
  'other-patient': ({ object, found, ct }) =>
    `Die Segmentierung „${object}“ gehört zu einem anderen Patienten (${found}; das CT ist von ${ct}). Die dieses Patienten wählen.`,
  'seg-spacing': ({ object, segMm, ctMm, series }) =>
    `Die Segmentierung „${object}“ wurde auf Schichten im Abstand von ${rounded(segMm)} mm gezeichnet; bei diesem CT sind es ${rounded(ctMm)} mm, und dazwischen fehlte die Maske. Das CT wählen, auf dem sie gezeichnet wurde (Serie ${series || 'nicht genannt'}).`,
  'level-twice': ({ level, names }) =>
    `${names.map(name => `„${name}“`).join(' und ')} sind beide ${level}; ein Wirbel muss eine Maske sein. Zusammenführen oder einen Namen berichtigen.`,
  'one-label': ({ label }) =>
    `Die Masken haben nur das Label ${label}, und das sagt nicht, welcher Wirbel es ist. Die Datei wie vertebrae_L2.nii.gz nennen oder die Label nach einem Schema nummerieren.`,
  'labels-upside-down': ({ labels, scheme }) =>
    `Die Label ${list(labels)} zählen vom Kopf zum Becken für ${scheme} verkehrt herum: Die Masken liegen vielleicht auf dem Kopf. Ihre Orientierung mit dem CT vergleichen.`,
  'levels-order': ({ upper, lower, mm }) =>
    `Die Maske von ${lower} liegt ${Math.round(mm)} mm über der von ${upper}: Namen oder Label sind vertauscht, oder ein anderes Schema ist gemeint. Berichtigen.`,
  'masks-turned': ({ axis, hu, turnedHu }) =>
    `Die Masken liegen nicht auf dem Knochen dieses CT (im Mittel ${Math.round(hu)} HU), wohl aber, wenn man sie ${axis === 'head-feet' ? 'von Kopf nach Fuß' : 'von vorn nach hinten'} umdreht (${Math.round(turnedHu)} HU). Ihre Orientierung prüfen und sie neu schreiben.`,
  'level-gap': ({ upper, lower, missing, mm, neighbours }) =>
    `Zwischen ${upper} und ${lower} fehlt die Maske von ${list(missing)}; sie liegen ${Math.round(mm)} mm auseinander${
      neighbours ? ' wie Nachbarn: Die Höhen prüfen' : ''
    }.`,
  'masks-overlap': ({ names, voxels, owner }) =>
    `Masken überschneiden sich: ${names.join(' und ')}: ${voxels} Voxel; diese gehören nun zu ${owner}.`,
  'nifti-forms': ({ apartMm }) =>
    `qform und sform legen das Bild bis zu ${rounded(apartMm, 1)} mm auseinander. Beide auf den richtigen Wert setzen und noch einmal versuchen.`,
  'nifti-units': ({ unit }) => `Das Bild gibt seine Längen in ${unit} an. In Millimeter umwandeln (xyzt_units 2).`,
  'nifti-affine': ({ spacing }) =>
    `Die Voxelgröße ${size(spacing)} mm ist nicht brauchbar. Das Bild mit seiner Affinen neu schreiben.`,
  'mask-file': ({ name }) =>
    `${name} hat andere Werte als 0 und 1; in einem Ordner mit einer Datei pro Wirbel ist jede eine Maske.`,
  'no-mask-files': () => 'Der Ordner enthält weder ein DICOM-SEG noch NIfTI-Dateien mit Namen wie vertebrae_L2.nii.gz.',
  'no-such-image': ({ keyword, value, found }) =>
    `Kein CT-Bild hat ${keyword} „${value}“; vorhanden: ${list(found) || 'keine'}.`,
  'out-is-file': () => 'Das ist eine Datei; einen Ordner angeben.',
  'out-in-input': ({ input }) =>
    `Der Ordner liegt in ${input}, das gelesen wird: Die Ergebnisse würden beim nächsten Mal für Eingaben gehalten. Einen Ordner außerhalb wählen.`,
  'foreign-result': ({ names }) =>
    `${list(names)} ${names.length === 1 ? 'stammt' : 'stammen'} nicht von einem früheren Lauf, ${names.length === 1 ? 'wurde' : 'wurden'} seither geändert oder ${names.length === 1 ? 'wird' : 'werden'} von diesem gelesen, und würde${names.length === 1 ? '' : 'n'} ersetzt. Einen anderen Ordner wählen.`,
  'not-writable': ({ reason }) => `Dorthin lässt sich nichts schreiben („${reason}“). Einen anderen Ordner wählen.`,
  'not-written': ({ reason }) =>
    `Die Ergebnisse konnten nicht geschrieben werden („${reason}“). Was vorher dort war, ist unverändert; Platz schaffen oder einen anderen Ordner wählen und noch einmal starten.`,
} satisfies Partial<ErrorWords>;
