import type { ErrorWords } from '../../../core/errors';
import { list, numbers, rounded, size } from './words';

interface SliceGap {
  readonly slice: number;
  readonly fromMm: number;
  readonly toMm: number;
}

const gap = ({ slice, fromMm, toMm }: SliceGap): string =>
  `zwischen Schicht ${slice} und ${slice + 1} (${rounded(fromMm)} und ${rounded(toMm)} mm)`;

const mixed =
  (what: string) =>
  ({ keyword, values }: { readonly keyword: string; readonly values: readonly string[] }): string =>
    `Die Serie mischt ${what} (${keyword}: ${values.join(' und ')}). Eine einheitliche axiale Serie wählen.`;

export const ctErrorsDe = {
  'no-ct': () => 'Hier ist kein CT. Die Methode gilt nur für CT; eine Studie mit axialer CT-Serie öffnen.',
  'no-ct-in-study': ({ modalities }) =>
    `Diese Studie enthält kein CT (gefunden: ${list(modalities)}). Die Methode gilt nur für CT; eine Studie mit axialer CT-Serie öffnen.`,
  'other-series-shown': ({ series }) => `Die Viewports zeigen nicht das CT, das analysiert wird (${series}).`,
  'slices-missing': ({ missing, total }) =>
    `${missing} von ${total} Schichten konnten nicht geladen werden. Die Bilder zeigen dort Lücken oder Kopien benachbarter Schichten.`,
  'multi-frame-ct': ({ object, frames, groups }) =>
    `${object} ist ein Multi-Frame-CT mit ${frames} Frames, von denen ${groups} beschrieben sind. Neu exportieren.`,
  'not-ct': ({ object, found }) => `${object} ist kein CT-Bild (${found}). Die Methode gilt nur für CT.`,
  'mixed-series': mixed('mehrere Serien'),
  'mixed-geometry': mixed('Bildgrößen oder Pixelabstände'),
  'mixed-orientation': mixed('Bildorientierungen'),
  'mixed-frame-of-reference': mixed('Bezugssysteme'),
  'mixed-scaling': ({ scaled, total }) =>
    `Der Viewer hat nur ${scaled} von ${total} Schichten in Hounsfield-Einheiten umgerechnet. Die Studie neu laden.`,
  'bad-orientation': ({ values }) =>
    `ImageOrientationPatient ${values.join('\\')} besteht nicht aus zwei senkrechten Einheitsvektoren. Die Serie neu exportieren.`,
  'bad-pixel-spacing': ({ values }) =>
    `PixelSpacing ${values.join('\\')} ist nicht positiv. Die Serie neu exportieren.`,
  'too-few-slices': ({ found, needed }) =>
    `Das CT hat nur ${found} Schicht(en); mindestens ${needed} sind nötig. Die vollständige axiale Serie laden.`,
  'not-axial': () => 'Die Serie ist nicht axial (sagittal oder koronar). Die axiale CT-Serie wählen.',
  'no-frame-of-reference': () =>
    'Die CT-Serie hat keine FrameOfReferenceUID, Ergebnisse ließen sich nicht zuordnen. Die Serie neu exportieren.',
  'duplicate-positions': ({ alongMm, differ }) =>
    `Zwei CT-Schichten liegen an derselben Stelle (${rounded(alongMm)} mm entlang des Stapels): Die Serie enthält zwei Phasen oder Rekonstruktionen${differ ? ` (${differ} Schichten)` : ''}. Eine wählen.`,
  'missing-slices': ({ count, spacingMm, ...where }) =>
    `Es fehlen ${count} CT-Schicht(en) ${gap(where)}; der Schichtabstand ist ${rounded(spacingMm)} mm. Die vollständige Serie laden.`,
  'uneven-slices': ({ gapMm, spacingMm, ...where }) =>
    `Die CT-Schichten haben ungleiche Abstände: ${rounded(gapMm)} mm ${gap(where)}, sonst ${rounded(spacingMm)} mm. Eine gleichmäßige Rekonstruktion wählen.`,
  'gantry-tilt': ({ degrees }) =>
    `Die CT-Schichten sind um ${rounded(degrees, 1)} Grad geschert (Gantry-Kippung). Eine Rekonstruktion ohne Kippung verwenden.`,
  'image-missing': ({ uid, reason }) =>
    `Die CT-Schicht ${uid} konnte nicht geladen werden („${reason}“). Das Archiv prüfen und noch einmal versuchen.`,
  'slice-mapping': () =>
    'Die Schichten des Viewers sind nicht die der CT-Serie. Die Studie neu laden und neu analysieren.',
  'slice-unplaced': ({ object }) => `Der Viewer kennt keine Lage von ${object}. Die Studie neu laden.`,
  'bad-dimensions': ({ voxels, dims }) =>
    `Das Volumen hat ${voxels} Voxel, seine Größe ist aber mit ${size(dims)} angegeben. Die Serie neu laden.`,
  'slice-positions': ({ positions, slices }) =>
    `Für ${slices} Schichten wurden ${positions} Schichtpositionen angegeben.`,
  'bad-affine': ({ affine }) =>
    `Die Lage des Volumens im Patienten ist nicht brauchbar: [${numbers(affine, 4)}]. Eine andere Serie wählen.`,
  'grid-mismatch': ({ masks, ct }) =>
    `Die Masken (${size(masks)}) liegen nicht auf dem Raster des CT (${size(ct)})${size(masks) === size(ct) ? ': Größe gleich, Lage oder Richtung nicht' : ''}. Masken dieses CT wählen oder umrechnen.`,
} satisfies Partial<ErrorWords>;
