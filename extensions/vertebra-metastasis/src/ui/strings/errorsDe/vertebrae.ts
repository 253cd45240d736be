import type { ErrorWords } from '../../../core/errors';
import { list, numbers, rounded } from './words';

export const vertebraErrorsDe = {
  'no-vertebrae': ({ object, segments }) =>
    `Kein Segment von ${object} wird als Wirbel erkannt (gefunden: ${list(segments) || 'keine Segmente'}). Segmente wie vertebrae_T10 nennen oder mit SNOMED CT kodieren.`,
  'vertebra-not-there': ({ missing, found }) =>
    `Es gibt keine Maske von ${list(missing)}; vorhanden sind ${list(found)}.`,
  'no-bodies-to-save': () => 'Es gibt keinen Wirbelkörper, der gespeichert werden könnte.',
  'no-bodies': () => 'Zu diesem Ergebnis sind keine Wirbelkörpermasken geöffnet. Unter „Analyse“ wählen.',
  'no-body-to-clip': ({ level }) =>
    `Von ${level} gibt es keine Wirbelkörpermaske, auf die der Saum begrenzt werden könnte.`,
  'no-body': ({ level }) => `${level} (Atlas) hat keinen Wirbelkörper und wird ausgeschlossen.`,
  'empty-mask': ({ mask }) => `Die Maske ${mask} ist leer. Den Wirbel erneut segmentieren oder einen anderen wählen.`,
  'empty-slice-mask': () => 'Die Maske des Wirbelkörpers ist in dieser Schicht leer; hier ist nichts zu analysieren.',
  'body-at-edge': ({ label }) =>
    `Der Wirbelkörper mit Label ${label} ist vom Rand des CT abgeschnitten und wird ausgeschlossen.`,
  'body-too-small': ({ reason }, words) =>
    `Keine Schicht des Wirbelkörpers kann analysiert werden (${words(reason)}). Die Maske prüfen.`,
  'slice-beyond-reach': ({ reachMm }) =>
    `mehr als ${rounded(reachMm, 1)} mm von der Mitte entfernt: dafür ist das Modell nicht trainiert`,
  'slice-too-small': ({ pixels, needed }) => `nur ${pixels} Pixel Wirbelkörper; mindestens ${needed} sind nötig`,
  'no-first-body': () => 'In einen ersten Wirbelkörper klicken.',
  'bad-anchor': ({ place, count }) => `Es gibt keinen Wirbel Nummer ${place}; gefunden wurden ${count}.`,
  'unknown-level': ({ level, known }) => `„${level}“ ist keine Wirbelhöhe; möglich sind ${list(known)}.`,
  'unknown-label-scheme': ({ name, known }) => `„${name}“ ist kein Labelschema; möglich sind ${list(known)}.`,
  'unknown-label': ({ label, scheme }) =>
    `Das Label ${label} hat im Schema ${scheme} keine Bedeutung; ein anderes Schema nennen.`,
  'unexplained-labels': ({ labels }) =>
    `Kein bekanntes Schema erklärt die Label ${list(labels)}; das Schema selbst nennen.`,
  'ambiguous-labels': ({ labels, schemes }) =>
    `Die Label ${list(labels)} passen zu ${schemes.join(' und ')}; das Schema nennen.`,
  'level-without-label': ({ level, scheme }) => `${level} hat im Schema ${scheme} kein Label.`,
  'duplicate-level': ({ names, level }) =>
    `${names.map(name => `„${name}“`).join(' und ')} heißen beide ${level}; eine davon berichtigen.`,
  'no-spine': () =>
    'In diesem CT wurde kein ganzer Wirbelkörper gefunden. In einen hineinklicken, um ihn zu segmentieren.',
  'no-body-found': ({ at }) =>
    `Um (${numbers(at, 0)}) mm wurde kein Wirbelkörper gefunden. Mitten in einen Körper klicken.`,
  'no-body-in-mask': () => 'In der Mittellinie der Wirbelmaske ist kein Wirbelkörper zu erkennen. Die Maske prüfen.',
  'no-body-here': () => 'Das Bild zeigt hier keinen Wirbelkörper; mitten in einen klicken. Nichts wurde hinzugefügt.',
  'beside-body': () => 'Dieser Ort liegt neben dem Körper; in den Körper selbst klicken. Nichts wurde hinzugefügt.',
  'seed-outside': ({ at }) => `Der Punkt (${numbers(at, 1)}) mm liegt außerhalb des CT. In einen Wirbelkörper klicken.`,
  'click-disc': () =>
    'Hier scheint eine Bandscheibe zu sein. In den Körper darüber oder darunter klicken. Nichts wurde hinzugefügt.',
  'click-canal': () =>
    'Hier scheint der Spinalkanal zu sein. Weiter vorn klicken, in den Körper. Nichts wurde hinzugefügt.',
  'click-posterior': () =>
    'Hier scheint ein Bogen oder Fortsatz zu sein. Weiter vorn klicken, in den Körper. Nichts wurde hinzugefügt.',
  'click-air': () => 'Hier ist Luft oder Lunge. Mitten in einen Wirbelkörper klicken. Nichts wurde hinzugefügt.',
  'click-other': () =>
    'Hier scheint Weichteilgewebe zu liegen oder Knochen, der kein Wirbelkörper ist. Mitten in einen Körper klicken. Nichts wurde hinzugefügt.',
  'click-body': () =>
    'Um diesen Ort lässt sich kein Körper umreißen. Mitten in den Körper klicken. Nichts wurde hinzugefügt.',
  'nothing-new': () => 'Die Suche hat keinen Wirbel gefunden, der nicht schon segmentiert ist.',
  'too-many-bodies': () => 'In diese Sitzung passen keine weiteren Masken. Die Studie neu laden.',
  'already-there': ({ level }) => `${level} ist hier schon segmentiert. Zuerst die Maske löschen.`,
} satisfies Partial<ErrorWords>;
