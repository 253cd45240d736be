import type { ArithmeticOutcome, CaptureOutcome, NoWebGpu } from '../../core/provider';
import type { modelEn } from './modelEn';

/** Sätze aus den Manifesten der mitgelieferten Modelle und des Umwandlers; andere bleiben englisch und sind so ausgezeichnet. */
const MODEL_TEXTS: Readonly<Record<string, string>> = {
  'Small diffusion autoencoder trained from vertebra-level labels on synthetic vertebrae and on lesions inserted into real healthy vertebrae, its decoder also on pairs of a phantom with and without its lesions; screening networks trained on labels of slices decide which slices are searched.':
    'Kleiner Diffusions-Autoencoder, aus Diagnosen je Wirbel trainiert: an synthetischen Wirbeln und an Läsionen, die in echte gesunde Wirbel eingesetzt sind, der Decoder auch an Paaren desselben Phantoms mit und ohne Läsionen; Sichtungsnetze, aus Diagnosen je Schicht trainiert, entscheiden, welche Schichten durchsucht werden.',
  "Small network trained briefly, with a classifier made for a synthetic slice. A test fixture, not for use on patients' images.":
    'Kleines, kurz trainiertes Netz mit einem Klassifikator für eine synthetische Schicht. Nur zum Testen der Software, nicht für Bilder von Patienten.',
  'Research use only: hypothesis about lytic and blastic lesions of vertebral bodies on CT. Not a medical device.':
    'Nur für Forschungszwecke: Hypothesen zu lytischen und blastischen Läsionen der Wirbelkörper im CT. Kein Medizinprodukt.',
  'Testing the software only. Research use only; not a medical device.':
    'Nur zum Testen der Software. Nur für Forschungszwecke; kein Medizinprodukt.',
  'Trained on synthetic and inserted lesions only, never on real metastases.':
    'Nur an synthetischen und eingesetzten Läsionen trainiert, nie an echten Metastasen.',
  'Vertebral bodies only: posterior elements are outside the method.':
    'Nur Wirbelkörper: dorsale Elemente liegen außerhalb der Methode.',
  'Trained for this project on its own phantoms (npm run phantoms)':
    'Für dieses Projekt an dessen eigenen Phantomen trainiert (npm run phantoms)',
  'Trained briefly for the tests of this repository': 'Kurz für die Tests dieses Repositorys trainiert',
  'CT of patients with vertebral metastases and without, with a label for each vertebra (Atad et al.)':
    'CT von Patienten mit und ohne Wirbelmetastasen, mit einer Diagnose je Wirbel (Atad et al.)',
  'Labels are those of readers who saw the marks of a model; nobody checked them against a biopsy or a follow-up.':
    'Die Diagnosen sind die von Befundern, die Markierungen eines Modells sahen; niemand hat sie an Biopsie oder Verlauf geprüft.',
  'Each sagittal slice is analysed on its own.': 'Jede sagittale Schicht wird für sich analysiert.',
  'Each sagittal slice is searched on its own; whether it is searched depends on its neighbours as well.':
    'Jede sagittale Schicht wird für sich durchsucht; ob sie durchsucht wird, hängt auch von ihren Nachbarn ab.',
  "Slices farther than 90 % of the body's half width from its middle are not searched.":
    'Schichten, die mehr als 90 % der halben Breite des Wirbelkörpers von seiner Mitte entfernt sind, werden nicht durchsucht.',
  'Lesions below 10 mm are often missed.': 'Läsionen unter 10 mm werden oft übersehen.',
  'False alarms in bone of CTs with a sharp kernel and severe degeneration: of one such CT two of five bodies without known metastases were suspicious.':
    'Falsch-positive Befunde in CTs mit scharfem Kernel und starker Degeneration: In einem solchen CT waren zwei von fünf Wirbelkörpern ohne bekannte Metastasen verdächtig.',
  'Research use only; not a medical device.': 'Nur für Forschungszwecke; kein Medizinprodukt.',
  'Not validated for clinical use.': 'Nicht für den klinischen Gebrauch validiert.',
  'Test fixture: its results mean nothing on real images.':
    'Nur zum Testen: auf echten Bildern bedeuten seine Ergebnisse nichts.',
};

export const modelDe: typeof modelEn = {
  modelText: text => (text in MODEL_TEXTS ? { text: MODEL_TEXTS[text] } : { text, lang: 'en' }),
  modelTrainedOn: 'Trainiert an',
  modelLicence: (licence, megabytes) => `Lizenz: ${licence}. ${Math.round(megabytes)} MB.`,
  modelTime: minutes =>
    `Auf diesem Rechner bis zu etwa ${inMinutes(minutes)} für einen Wirbel (Voreinstellung Standard), wenn alle seine Schichten verdächtig sind; ein gesunder Wirbel dauert Sekunden.`,
  modelAvailable: ({ name, megabytes, runsOn, command }) =>
    `Nicht installiert: ${name}, ${megabytes} MB, ${runsOn === 'gpu' ? 'für eine Grafikkarte (WebGPU)' : 'für jeden Rechner'}. ${command} holt es.`,
  providerReason: reason => {
    if (reason.provider === 'webgpu') {
      const error = reason.worstError.toExponential(0);
      return `WebGPU (${reason.adapter}): Der Selbsttest stimmt bis auf ${error} mit der Referenz überein; ${arithmetic(reason.arithmetic)}; ${capture(reason.capture)}.`;
    }
    const { threads, isolated, why } = reason;
    const counted = threads === 1 ? '1 Thread' : `${threads} Threads`;
    const threading = isolated ? counted : '1 Thread, da die Seite nicht „cross-origin isolated“ ist';
    return `WebAssembly (${threading}): ${noWebGpu(why)}.`;
  },
  unusedReason: {
    'not-recognised': 'nicht als Wirbel erkannt',
    'body-used': 'die Körpermaske derselben Höhe wird verwendet',
    empty: 'die Maske ist leer',
  },
};

function noWebGpu(why: NoWebGpu): string {
  switch (why.code) {
    case 'chosen':
      return 'so eingestellt';
    case 'unsupported':
      return 'dieser Browser bietet kein WebGPU';
    case 'no-adapter':
      return 'WebGPU hat keinen Grafikadapter gefunden';
    case 'software':
      return `der WebGPU-Adapter (${why.adapter}) ist Software und wäre langsamer`;
    case 'self-test':
      return `WebGPU (${why.adapter}) wurde versucht, aber der Selbsttest weicht um ${why.error.toExponential(1).replace('.', ',')} ab`;
    case 'failed':
      return `WebGPU (${why.adapter}) wurde versucht und brach ab („${why.message}“)`;
  }
}

function arithmetic(outcome: ArithmeticOutcome): string {
  switch (outcome.code) {
    case 'float16':
      return `gerechnet wird in float16, das bis auf ${decimal(outcome.error.toExponential(0))} mit float32 übereinstimmt (erlaubt ${decimal(String(outcome.bound))}) und ${decimal(outcome.float16Ms.toFixed(1))} statt ${decimal(outcome.float32Ms.toFixed(1))} ms je Lauf braucht`;
    case 'not-offered':
      return 'gerechnet wird in float32, da der Adapter kein float16 bietet';
    case 'off':
      return 'gerechnet wird in float32, so eingestellt';
    case 'slower':
      return `gerechnet wird in float32, float16 war nicht schneller: ${decimal(outcome.float16Ms.toFixed(1))} ms je Lauf, in float32 ${decimal(outcome.float32Ms.toFixed(1))} ms`;
    case 'disagrees':
      return `gerechnet wird in float32, float16 wich um ${decimal(outcome.error.toExponential(1))} ab (erlaubt ${decimal(String(outcome.bound))})`;
    case 'failed':
      return `gerechnet wird in float32, float16 brach ab („${outcome.message}“)`;
  }
}

function capture(outcome: CaptureOutcome): string {
  switch (outcome.code) {
    case 'used':
      return `aufgezeichnete Graphen werden verwendet: ${perRun(outcome)}`;
    case 'off':
      return 'Graphen werden nicht aufgezeichnet, so eingestellt';
    case 'software':
      return 'auf einem Software-Adapter werden Graphen nicht aufgezeichnet';
    case 'device-lost':
      return 'Graphen werden nicht wieder aufgezeichnet, dabei ging die Grafikkarte verloren';
    case 'slower':
      return `Graphen werden nicht aufgezeichnet, das war nicht schneller: ${perRun(outcome)}`;
    case 'disagrees':
      return `Graphen werden nicht aufgezeichnet, ein aufgezeichneter wich um ${decimal(outcome.error.toExponential(1))} ab (erlaubt ${decimal(String(outcome.tolerance))})`;
    case 'failed':
      return `Graphen werden nicht aufgezeichnet, das brach ab („${outcome.message}“)`;
  }
}

function perRun({ batch, capturedMs, plainMs }: Extract<CaptureOutcome, { batch: number }>): string {
  const images = batch === 1 ? '1 Bild' : `${batch} Bildern`;
  return `${decimal(capturedMs.toFixed(1))} ms je Lauf mit ${images}, sonst ${decimal(plainMs.toFixed(1))} ms`;
}

const decimal = (number: string) => number.replace('.', ',');

const inMinutes = (minutes: number): string => {
  if (minutes < 1) return `${Math.max(1, Math.round(60 * minutes))} s`;
  return minutes < 10 ? `${minutes.toFixed(1).replace('.', ',')} min` : `${Math.round(minutes)} min`;
};
