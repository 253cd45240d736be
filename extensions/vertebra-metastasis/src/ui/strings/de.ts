import { answerDe } from './answerDe';
import { burdenDe } from './burdenDe';
import { findDe } from './findDe';
import { imagesDe } from './imagesDe';
import { lesionListDe } from './lesionListDe';
import { modelDe } from './modelDe';
import { timeDe } from './timeDe';
import { vertebraListDe } from './vertebraListDe';
import type { Strings } from './en';
import { exportDe } from './exportDe';
import { reportDe, sectorsDe, sinsDe } from './planningDe';
import { priorDe } from './priorDe';
import { wordedWith } from '../../core/errors';
import { errorsDe } from './errorsDe';
import { reviewDe } from './reviewDe';

const problemInGerman = wordedWith(errorsDe);

/** Alle Texte des Panels auf Deutsch. */
export const de: Strings = {
  title: 'Wirbelsäulen-Onkologie',
  number: text => text.replace(/(\d)\.(?=\d)/g, '$1,'),
  find: findDe,
  images: imagesDe,
  problem: problem => ({ text: problemInGerman(problem) }),
  researchUse:
    'Nur für Forschungszwecke. Nur Wirbelkörper; dorsale Elemente und nicht durchsuchte Schichten werden nicht beurteilt.',

  waitsInArchive: series =>
    series === 1
      ? 'Das CT dieser Untersuchung wartet auf seine unbeaufsichtigte Analyse. Es ist als Nächstes an der Reihe; für das Ergebnis die Untersuchung später neu laden.'
      : `${series} CT-Serien warten auf ihre unbeaufsichtigte Analyse. Sie sind als Nächstes an der Reihe; für die Ergebnisse die Untersuchung später neu laden.`,

  tabsLabel: 'Schritte der Befundung',
  tabs: { analyse: 'Analyse', burden: 'Tumorlast', prior: 'Vergleich', report: 'Bericht', export: 'Export' },
  tabEmpty: {
    burden: 'Volumina je Wirbel erscheinen hier nach einer Analyse oder wenn die Studie eine gespeicherte enthält.',
    prior: 'Der Vergleich mit einer Voruntersuchung erscheint hier, sobald diese Studie Läsionen enthält.',
    report:
      'Arbeitsblätter und der Text zum Kopieren erscheinen hier nach einer Analyse oder wenn die Studie eine gespeicherte enthält.',
    export:
      'Dateien zum Exportieren erscheinen hier nach einer Analyse oder wenn die Studie eine gespeicherte enthält.',
  },

  ct: 'CT-Serie',
  ctReading: (done, total) => `Schichten werden gelesen: ${done} von ${total}`,
  ctSummaryHelp: 'Anzahl der axialen Schichten, Pixelgröße und Schichtabstand in mm.',
  ctSummary: (slices, inPlane, between) => `${slices} Schichten alle ${between} mm, Pixel ${inPlane} mm`,

  ...modelDe,
  ...timeDe,
  model: 'Modell',
  modelHelp: 'Die Netze, die nach Läsionen suchen; vor der ersten Analyse geladen und geprüft.',
  modelLoading: percent => `Modell wird geladen und geprüft: ${percent} %`,
  modelStarting: 'Modell wird gestartet und geprüft …',
  setup: 'Einrichtung',
  setupToggle: 'Serie, Masken, Modell und Einstellungen zeigen oder verbergen',
  modelRetry: 'Erneut versuchen',
  provider: { webgpu: 'WebGPU', wasm: 'WebAssembly' },
  providerThreads: threads => (threads === 1 ? '1 Thread' : `${threads} Threads`),
  modelLimits: 'Bekannte Grenzen',
  intendedUse: 'Verwendungszweck',

  vertebraeSource: 'Wirbelmasken (DICOM SEG)',
  masks: 'Masken',
  masksHelp: 'Das DICOM SEG dieser Studie, das die Wirbelkörper abgrenzt.',
  vertebraeNone: 'Keine in dieser Studie.',
  vertebraeReading: 'Wirbelmasken werden gelesen',
  unusedSegments: count =>
    count === 1 ? '1 Segment wird nicht verwendet' : `${count} Segmente werden nicht verwendet`,
  vertebrae: 'Wirbel',
  includeAll: 'Alle Wirbel auswählen',
  includeNone: 'Auswahl aller Wirbel aufheben',
  includeVertebra: level => `${level} in die Analyse aufnehmen`,
  levelOf: name => `Höhe der Maske „${name}“; ändern, wenn das SEG falsch beschriftet ist`,
  goTo: level => `${level} in den Bildern zeigen`,
  analyseOne: level => `Nur ${level} analysieren`,
  slicesAnalysed: (searched, screened, skipped) =>
    `${searched === 1 ? '1 Schicht' : `${searched} Schichten`} durchsucht${screened ? `, ${screened} nur gesichtet` : ''}${skipped ? `, ${skipped} ausgeschlossen` : ''}`,

  candidates: (kept, all) => `${kept} von ${all} behalten`,
  candidatesLabel: 'Kandidatenregionen, höchster Score zuerst',
  allCandidates: count => `Alle ${count} zeigen`,
  onlyKept: 'Nur behaltene Regionen zeigen',
  noCandidates: 'Keine Kandidatenregion in diesem Wirbel.',
  candidateKind: 'Art',
  candidateSlice: 'Schicht',
  candidateSliceHelp: 'Abstand der sagittalen Schicht von der Körpermitte in mm (L: links, R: rechts im Patienten).',
  candidateVolume: 'Volumen',
  candidateVolumeHelp: 'Fläche mal Abstand der sagittalen Schichten, in ml.',
  candidateScore: 'Score',
  candidateScoreHelp:
    'Attributionswert: welchen Anteil der Malignitätswahrscheinlichkeit diese Region allein erklärt. Regionen über der Schwelle werden als Läsion behalten.',
  kept: 'behalten',
  notKept: 'nicht behalten',
  kind: { lytic: 'lytisch', blastic: 'blastisch', mixed: 'gemischt' },
  left: 'L',
  right: 'R',

  slices: 'Schichten',
  slicesHelp:
    'Die veröffentlichte Methode analysiert die mittlere Schicht. Mehr Schichten zur Volumenmessung sind eine Erweiterung.',
  slicesAll: 'Alle Schichten des Körpers',
  slicesCentral: 'Nur die mittlere Schicht',
  slicesEvery: n => `Jede ${n}. Schicht`,
  search: 'Suche',
  searchHelp:
    'Alle Schichten werden auf P(maligne) geprüft. Nach Läsionen durchsucht werden auffällige Schichten (ab 50 %) oder, wie in der Veröffentlichung, die bekannt maligne Wirbel voraussetzt, alle Schichten.',
  searchSuspicious: 'Auffällige Schichten',
  searchEverything: 'Jede Schicht (wie veröffentlicht)',
  sampler: 'Abtastung',
  samplerHelp:
    'Referenz wiederholt die 250 und 100 Schritte der Autoren. Schnell wertet das Netz bei wenigen davon aus und bewertet nur Regionen, deren erste Schätzung nicht weit unter der Schwelle liegt. Schnell, jede Region, bewertet alle und wertet es bei mehr Schritten aus.',
  samplerFast: 'Schnell',
  samplerThorough: 'Schnell, jede Region',
  samplerReference: 'Referenz (langsam)',

  analyse: count => (count === 1 ? '1 Wirbel analysieren' : `${count} Wirbel analysieren`),
  analyseHelp: 'Sucht in den ausgewählten Wirbelkörpern nach lytischen und blastischen Läsionen (Taste: Umschalt+A).',
  cancel: 'Abbrechen',
  pause: 'Anhalten',
  pauseHelp:
    'Gibt den Prozessor innerhalb einer Netzauswertung frei; nichts Gerechnetes geht verloren (Taste: Umschalt+P).',
  resume: 'Fortsetzen',
  resumeHelp: 'Rechnet dort weiter, wo angehalten wurde (Taste: Umschalt+P).',
  paused: 'angehalten',
  cancelHelp: 'Hält innerhalb einer Netzauswertung an; fertige Wirbel bleiben (Taste: Umschalt+X).',
  starting: 'Schichten werden vorbereitet …',
  runningAt: (level, at, slices, vertebra, vertebrae) =>
    `${level}: Schicht ${at} von ${slices} · Wirbel ${vertebra} von ${vertebrae}`,
  evaluations: (done, planned) => `${done} von etwa ${planned} Netzauswertungen`,
  screeningAt: (level, done, total) => `Sichtung aller Wirbel: ${level} · Schicht ${done} von ${total}`,
  timeLeft: duration => `noch etwa ${duration}`,
  seconds: n => `${n} s`,
  shortSeconds: n => `${n} s`,
  minutes: n => `${n} min`,
  hours: n => `${n} h`,
  done: (vertebrae, duration) => `${vertebrae} Wirbel in ${duration} analysiert.`,
  cancelled: 'Abgebrochen. Ergebnisse fertiger Wirbel bleiben erhalten.',

  lesions: 'Läsionen',
  lesionsNone: 'Keine Läsion über der Schwelle in den analysierten Schichten.',
  lesionsBefore: 'Läsionen erscheinen hier und als eine Segmentierung auf dem CT.',
  lesionVolume: millilitres => `${millilitres} ml`,
  lesionHelp: 'Volumen auf den CT-Voxeln im Wirbelkörper. Ein Klick zeigt die Läsion in den Bildern.',
  lesionTotalHelp: 'Volumen aller Läsionen einer Art in allen Wirbeln, in ml, wie es gespeichert würde.',
  lesionTotal: (lytic, blastic, mixed) =>
    `lytisch ${lytic} ml · blastisch ${blastic} ml${mixed ? ` · gemischt ${mixed} ml` : ''}`,
  fromStored: 'Aus dem gespeicherten SEG geladen',
  fromAnalysis: 'Aus dieser Analyse',
  edited: 'Entschieden oder von Hand bearbeitet (SEMIAUTOMATIC)',
  unsaved: 'Noch nicht gespeichert',
  save: 'Als DICOM SEG speichern',
  saveHelp: 'Speichert die Läsionen als DICOM-Segmentierungsserie in der Studie (Taste: Umschalt+S).',
  saveAgain: 'Erneut speichern',
  saving: 'Wird gespeichert …',
  saved: series => `Gespeichert als Serie „${series}“.`,
  working: 'Arbeitet',
  copied: 'Kopiert',
  copyByHand: 'Der Browser hat das Kopieren verhindert; bitte den Text markieren und von Hand kopieren',
  burden: burdenDe,
  exports: exportDe,
  prior: priorDe,
  sins: sinsDe,
  sectors: sectorsDe,
  report: reportDe,
  draft: {
    locale: 'de-DE',
    found: (when, vertebrae) =>
      `In diesem Browser liegt nicht gespeicherte Arbeit an diesem CT (${when}${vertebrae > 0 ? `, ${vertebrae} Wirbel analysiert` : ''}).`,
    unfinished: levels => `Die Analyse war noch nicht fertig: ${levels}.`,
    resume: 'Fortsetzen',
    discard: 'Verwerfen',
  },
  review: reviewDe,
  answer: answerDe,
  vertebraList: vertebraListDe,
  lesionList: lesionListDe,
};
