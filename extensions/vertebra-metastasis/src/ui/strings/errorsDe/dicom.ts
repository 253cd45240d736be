import type { ErrorWords } from '../../../core/errors';
import { list, numbers, rounded } from './words';

const PARTS: Readonly<Record<string, string>> = {
  pixels: 'in den Pixeldaten',
  deflated: 'in den komprimierten Daten',
  element: 'in einem Element',
};

export const dicomErrorsDe = {
  'not-dicom': ({ reason }) => `Die Datei ist nicht als DICOM lesbar („${reason}“).`,
  'no-transfer-syntax': () =>
    'Die File Meta Information nennt keine TransferSyntaxUID, der Inhalt wäre also nicht eindeutig lesbar. Neu exportieren.',
  truncated: ({ within, missing }) => {
    const where =
      within === 'end'
        ? 'Die Datei endet vor ihren Pixeldaten'
        : `Die Datei ist abgeschnitten (${PARTS[within] ?? `Element ${within}`})`;
    return `${where}${missing > 0 ? `; ${missing} Byte fehlen` : ''}. Neu kopieren oder exportieren.`;
  },
  'missing-attribute': ({ object, keyword }) => `In ${object} fehlt ${keyword}. Die Serie neu exportieren.`,
  'bad-number': ({ object, keyword, count, found }) =>
    `${keyword} von ${object} ist „${found}“; DICOM schreibt dort ${count === 1 ? 'eine Zahl' : `${count} Zahlen`} mit Dezimalpunkt. Die Serie neu exportieren oder das Element berichtigen.`,
  'no-pixel-data': ({ object }) => `${object} hat hier keine Pixel. Das ganze Objekt laden, nicht nur den Kopf.`,
  'compressed-pixel-data': ({ object, transferSyntax }) =>
    `${object} ist komprimiert (Transfersyntax ${transferSyntax}). Zuerst dekomprimieren, etwa mit dcmdjpeg, dcmdjpls oder gdcmconv --raw.`,
  'bits-allocated': ({ object, bits, allowed }) =>
    `${object} hat BitsAllocated ${bits}; lesbar sind nur ${list(allowed)}. Neu exportieren.`,
  'pixel-data-length': ({ object, found, expected }) =>
    `${object} hat Pixeldaten der Länge ${found} statt ${expected}; die Datei ist abgeschnitten oder ihr Kopf falsch. Neu exportieren.`,
  'bad-rle': ({ planes, expected }) =>
    `Ein RLE-Bild hat ${planes} Byte-Ebenen statt ${expected}. Das Objekt unkomprimiert neu exportieren.`,
  'truncated-rle': () => 'Ein RLE-Bild endet zu früh; die Datei ist abgeschnitten. Das Objekt neu exportieren.',
  'not-seg': ({ object }) => `${object} ist keine DICOM-Segmentierung. Das SEG der Wirbel angeben.`,
  'frame-of-reference': ({ object, found, ct }) =>
    `Die Segmentierung „${object}“ gehört zu einem anderen Bezugssystem (${found || 'keinem'}; das CT hat ${ct}). Das CT wählen, auf dem segmentiert wurde.`,
  'frame-without-segment': ({ object, frame }) =>
    `Bild ${frame} von ${object} nennt kein Segment. Die Segmentierung neu exportieren.`,
  'seg-grid': ({ frame, voxel }) =>
    `Bild ${frame} der Segmentierung liegt nicht auf dem Raster des CT (Voxel ${numbers(voxel)}). Auf dieses CT umrechnen oder das CT wählen, auf dem segmentiert wurde.`,
  'seg-voxel-size': ({ frame }) =>
    `Bild ${frame} der Segmentierung hat eine andere Voxelgröße als das CT. Auf dieses CT umrechnen.`,
  'seg-frame-unplaced': ({ object, frame }) =>
    `Bild ${frame} von ${object} hat keine Lage und verweist auf keine Schicht dieses CT. Das CT wählen, auf dem segmentiert wurde.`,
  'seg-outside': ({ object }) =>
    `Ein Voxel von ${object} liegt außerhalb des CT. Das CT wählen, auf dem segmentiert wurde.`,
  'not-our-seg': ({ object }) => `${object} enthält keine lytischen oder blastischen Läsionen dieser Software.`,
  'changed-segment': ({ segment, label }) =>
    `Segment ${segment} „${label}“ nennt weder Art noch Wirbel; andere Software hat es verändert.`,
  'segment-numbers': ({ found }) =>
    `Segmente müssen ab 1 lückenlos nummeriert sein, gefunden: ${list(found)}. Die Segmentierung erneut speichern.`,
  'segment-undescribed': ({ value, segments }) =>
    `Die Maske enthält den Wert ${value}, beschrieben sind aber nur ${segments} Segmente. Die Segmentierung erneut speichern.`,
  'segment-empty': ({ segment }) => `${segment} hat keine Voxel. Die Segmentierung erneut speichern.`,
  'segment-not-saved': ({ segment }) =>
    `${segment} ist nicht in der gespeicherten Segmentierung. Die Segmentierung erneut speichern.`,
  'too-large': ({ bytes }) =>
    `Die Segmentierung hat ${bytes} Byte Pixel; ein DICOM-Element fasst 4 GB. Als LABELMAP speichern.`,
  'contour-too-long': ({ slice }) =>
    `Eine Kontur in Schicht ${slice} hat zu viele Punkte für DICOM. Die Region glätten.`,
  'contour-options': ({ marginMm, toleranceMm }) =>
    `Ein Saum von ${rounded(marginMm)} mm oder eine Toleranz von ${rounded(toleranceMm)} mm liegt außerhalb des Erlaubten (0 bis 50 und 0 bis 5 mm).`,
} satisfies Partial<ErrorWords>;
