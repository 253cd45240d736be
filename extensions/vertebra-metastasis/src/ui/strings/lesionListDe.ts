import type { lesionListEn } from './lesionListEn';

export const lesionListDe: typeof lesionListEn = {
  label: 'Läsionen aller analysierten Wirbel',
  columns: { name: 'Läsion', size: 'mm', volume: 'ml', hu: 'HU', score: 'Score', slices: 'Sch.' },
  columnHelp: {
    name: 'Höhe, Art und Nummer nach Größe; darunter die Lage im Wirbelkörper, in Dritteln. Ein Klick sortiert von kranial nach kaudal.',
    size: 'Größter Durchmesser in einer axialen Schicht und der dazu senkrechte, in mm.',
    volume:
      'Volumen auf den Voxeln des CT, in ml. „≥“: Die Läsion grenzt an einen nicht durchsuchten Teil, der Wert ist eine Untergrenze.',
    hu: 'Mittelwert des CT in der Läsion, in Hounsfield-Einheiten (HU).',
    score:
      'Attributionswert, 0 bis 1: welchen Anteil der Malignitätswahrscheinlichkeit die Region mit dem höchsten Score allein erklärt. Der Wert ist nicht die Wahrscheinlichkeit, dass die Läsion eine Metastase ist.',
    slices: 'Zahl der sagittalen Schichten, in denen die Läsion gefunden wurde.',
  },
  name: (level, kind, number) => `${level} ${kind}${number ? ` ${number}` : ''}`,
  show: name => `${name} in den Bildern zeigen`,
  select: name => `${name} auswählen; Umschalt-Klick wählt bis hierher aus`,
  place: (height, depth, side) => [height, depth, side].filter(Boolean).join(', '),
  height: { upper: 'oberes Drittel', middle: 'mittlere Höhe', lower: 'unteres Drittel' },
  depth: { anterior: 'ventral', middle: 'mittig', posterior: 'dorsal' },
  side: { left: 'links', central: 'zentral', right: 'rechts' },
  short: {
    ...{ upper: 'oben', middle: '', lower: 'unten', anterior: 'ventr.', posterior: 'dors.' },
    ...{ left: 'links', central: 'zentral', right: 'rechts' },
  },
  longest: mm => `größter 3D-Durchmesser ${mm} mm`,
  factsHelp: 'Größter Durchmesser der Läsion in beliebiger Richtung, in mm; und was gegen eine Läsion spricht.',
  axes: (long, short) => `Längsachse ${long} mm, Querachse ${short} mm (axial)`,
  atLeast: value => `mindestens ${value}`,
  atLeastHelp:
    'Grenzt an einen Teil des Wirbelkörpers, der nicht durchsucht wurde: Volumen und Durchmesser sind Untergrenzen.',
  rawScore: score => `Berechnet ${score}, gezeigt zwischen 0 und 1.`,
  flags: {
    'single-slice': 'nur in einer Schicht',
    'hu-unlike-kind': 'Dichte passt nicht zur Art',
    'hugs-cortex': 'liegt der Kortikalis an',
    'at-search-edge': 'am Rand des durchsuchten Bereichs',
  },
  undecided: 'nicht entschieden',
  accepted: 'angenommen',
  rejected: reason => `verworfen: ${reason}`,
  drawn: 'gezeichnet',
  doubted: count => `Wahrscheinlich keine Läsion (${count})`,
  doubtedHelp:
    'Nicht entschieden und nur in einer Schicht zu sehen, mit einer Dichte, die nicht zur Art passt, oder der Kortikalis anliegend. Sie zählen, bis sie verworfen sind.',
  rejectDoubted: count => (count === 1 ? 'Verwerfen' : `Alle ${count} verwerfen`),
  rejectDoubtedHelp: 'Verwirft sie in einem Schritt, als Artefakt; „Rückgängig“ holt sie zurück (Taste: Umschalt+D).',
  rejectedFold: count => `Verworfen (${count})`,
  open: count => (count === 1 ? '1 Läsion nicht entschieden' : `${count} Läsionen nicht entschieden`),
  openHelp: 'Zeigt die nächste Läsion, über die noch nicht entschieden ist (Taste: Umschalt+N).',
  allDecided: 'Über alle Läsionen entschieden',
  chosen: (count, ml) => `${count} Läsionen, zusammen ${ml} ml`,
  decideLabel: 'Entscheidung über die ausgewählten Läsionen',
  acceptHelp:
    'Eine Person bestätigt die Läsion als Metastase; die nächste nicht entschiedene wird gezeigt (Taste: Umschalt+K).',
  rejectHelp:
    'Die Läsion ist keine Metastase; der Grund wird mitgeführt, und die nächste nicht entschiedene wird gezeigt (Taste: Umschalt+R, dann der Anfangsbuchstabe des Grundes).',
  kindHelp: 'Führt die Läsion als andere Art (Taste: Umschalt+T).',
  mergeHelp:
    'Verbindet die ausgewählten Läsionen eines Wirbels zu einer: gleiche Art immer, beide Arten („gemischt“), wo sie sich berühren.',
  resetHelp: 'Setzt die Entscheidung zurück: Über die Läsion ist wieder nicht entschieden.',
  slicesLabel: 'Schichten der Läsion',
  slice: (at, of, offset, score) => `Schicht ${at} von ${of}, ${offset} mm, Score ${score}`,
  previousSlice: 'Vorige Schicht der Läsion (Taste: Umschalt+←)',
  nextSlice: 'Nächste Schicht der Läsion (Taste: Umschalt+→)',
  leaveOut: 'Schicht ausschließen',
  leaveOutHelp: 'Diese Schicht gehört nicht zur Läsion; „Rückgängig“ oder „Schicht einschließen“ holt sie zurück.',
  takeIn: 'Schicht einschließen',
  split: 'Hier trennen',
  splitHelp: 'Diese Schicht und die folgenden werden zu einer eigenen Läsion.',
  rejoin: 'Wie gefunden',
  rejoinHelp: 'Hebt Trennen und Verbinden dieser Läsion auf.',
  otherRegions: (count, level) => `Regionen in ${level}, die nicht zählen (${count})`,
  otherRegionsHelp:
    'Kandidaten unter der Schwelle oder der kleinsten Größe. Wer einen annimmt, macht ihn zur Läsion oder zum Teil der Läsion, die er berührt.',
  none: level => `Keine Läsion in ${level} über der Schwelle.`,
};
