import type { ErrorWords } from '../../../core/errors';
import { list, rounded, scientific, size } from './words';

export const modelErrorsDe = {
  configuration: ({ problems }) =>
    `Die Konfiguration der Erweiterung ist falsch: „${problems.join('; ')}“. An die Administration wenden.`,
  'no-model': () => 'Es ist kein Modell geladen. Zuerst eines laden.',
  'model-index': ({ url, reason }) =>
    `Die Liste der Modelle ${url} konnte nicht gelesen werden („${reason}“). An die Administration wenden.`,
  'wrong-model-index': ({ problems }) =>
    `Die Liste der Modelle ist nicht gültig: „${problems.join('; ')}“. models/index.json berichtigen.`,
  'default-model': ({ id, known }) =>
    `Das Standardmodell „${id}“ ist nicht unter ${list(known)}. Die Konfiguration berichtigen.`,
  'model-manifest': ({ problems }) =>
    `Das Manifest des Modells ist nicht gültig: „${problems.join('; ')}“. Das Modell neu umwandeln oder seinen Ordner neu kopieren.`,
  'model-json': ({ url, reason }) => `${url} ist kein JSON („${reason}“). Die Adresse prüfen.`,
  'model-download': ({ url, reason }) =>
    `${url} konnte nicht geladen werden („${reason}“). Die Verbindung prüfen und noch einmal versuchen.`,
  'model-hash': ({ url, found, expected }) =>
    `${url} hat SHA-256 ${found}, laut Manifest des Modells ${expected}. Die Datei ist beschädigt oder gehört zu einem anderen Modell: den Modellordner neu kopieren.`,
  'model-missing': ({ path, reason }) => `${path} ist nicht lesbar („${reason}“). Den Ordner eines Modells angeben.`,
  'model-file': ({ path, reason }) =>
    `Das Netz ${path} öffnet sich nicht („${reason}“). Den Modellordner neu kopieren oder einen aktuellen Browser verwenden.`,
  'model-outputs': ({ name, found }) =>
    `Das Modell hat keine Ausgabe „${name}“ (vorhanden: ${list(found)}). Das Modell neu umwandeln.`,
  'model-shape': ({ name, found, expected }) =>
    `Die Ausgabe „${name}“ des Modells ist ${found}; erwartet wird float32 ${size(expected)}. Die Datei gehört nicht zu ihrem Manifest; das Modell neu umwandeln.`,
  'screening-network': ({ reason }) =>
    `Das Sichtungsnetz des Modells tut nicht, was sein Manifest verspricht („${reason}“). Den Modellordner neu kopieren oder das Netz neu hinzufügen (docs/screening.md).`,
  'self-test': ({ error, tolerance }) =>
    `Das Modell rechnet hier falsch: Sein Selbsttest weicht um ${scientific(error)} ab (erlaubt ${rounded(tolerance, 9)}). Einen anderen Browser oder Rechner versuchen oder den Modellordner neu kopieren.`,
  'model-fails': ({ reason }) =>
    `Das Modell läuft in diesem Browser nicht („${reason}“). Einen anderen Browser oder Rechner versuchen.`,
  'wasm-forbidden': ({ by }) =>
    by === 'policy'
      ? `Die Content-Security-Policy des Viewers verbietet WebAssembly, womit die Netze rechnen. Wer den Server betreut, ergänzt 'wasm-unsafe-eval' in script-src.`
      : `In den Sicherheitseinstellungen dieses Browsers ist WebAssembly abgeschaltet, womit die Netze rechnen. Für diese Seite erlauben oder einen anderen Browser verwenden.`,
  'self-test-file': ({ problems }) =>
    `Die Selbsttestdatei des Modells ist nicht gültig: „${problems.join('; ')}“. Das Modell neu umwandeln.`,
  'worker-lost': ({ reason }) =>
    `Der Rechenprozess ist stehen geblieben („${reason}“). Das Modell neu laden; geschieht es wieder, die Seite neu laden.`,
  'body-worker-lost': ({ reason }) =>
    `Der Segmentierungsprozess ist stehen geblieben („${reason}“). Noch einmal versuchen; geschieht es wieder, die Seite neu laden.`,
  'tensor-size': ({ what, found, expected }) =>
    `Die Eingabe „${what}“ hat ${found} Werte; das Netz braucht hier ${expected}.`,
  'patch-spec': ({ wanted, known }) =>
    `Das Modell will Bildausschnitte von ${wanted} Pixeln Kantenlänge; diese Software kennt ${known}.`,
  'patch-size': ({ found, expected }) =>
    `Der Bildausschnitt hat ${found} Pixel; das Netz erwartet ${expected} (64 x 64).`,
  'patch-not-finite': ({ pixel, value }) => `Pixel ${pixel} des Bildausschnitts hat den Wert ${value}.`,
  'flat-patch': () => 'Der Bildausschnitt hat keinen Kontrast; er liegt wohl außerhalb der Aufnahme.',
  'unknown-sampler': ({ id, known }) => `Das Abtastverfahren „${id}“ gibt es nicht; möglich sind ${list(known)}.`,
  'bad-slices': ({ every }) => `Jede ${every}-te Schicht lässt sich nicht analysieren; eine ganze Zahl ab 1 angeben.`,
} satisfies Partial<ErrorWords>;
