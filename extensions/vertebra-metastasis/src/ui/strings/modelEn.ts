/** What is said of the model, of where it runs, and of the masks it is given. */
import type { ArithmeticOutcome, CaptureOutcome, NoWebGpu, ProviderReason } from '../../core/provider';
import type { AvailableModel, UnusedMask } from '../state/state';

/** A sentence of a model's manifest. */
export interface ModelText {
  readonly text: string;
  /** Of a text that there is no translation of. */
  readonly lang?: 'en';
}

export const modelEn = {
  modelTrainedOn: 'Trained on',
  modelLicence: (licence: string, megabytes: number) => `Licence: ${licence}. ${Math.round(megabytes)} MB.`,
  modelTime: (minutes: number) =>
    `Up to about ${inMinutes(minutes)} on this machine for a vertebra (preset Standard), where all of its slices are suspicious; a healthy vertebra takes seconds.`,
  modelAvailable: ({ name, megabytes, runsOn, command }: AvailableModel) =>
    `Not installed: ${name}, ${megabytes} MB, ${runsOn === 'gpu' ? 'for a graphics card (WebGPU)' : 'for any computer'}. ${command} fetches it.`,
  modelText: (text: string): ModelText => ({ text }),
  providerReason: (reason: ProviderReason): string => {
    if (reason.provider === 'webgpu') {
      const error = reason.worstError.toExponential(0);
      return `WebGPU (${reason.adapter}): the self-test agrees with the reference to ${error}; ${arithmetic(reason.arithmetic)}; ${capture(reason.capture)}.`;
    }
    const { threads, isolated, why } = reason;
    const counted = threads === 1 ? '1 thread' : `${threads} threads`;
    const threading = isolated ? counted : '1 thread, as the page is not cross-origin isolated';
    return `WebAssembly (${threading}): ${noWebGpu(why)}.`;
  },
  unusedReason: {
    'not-recognised': 'not recognised as a vertebra',
    'body-used': 'the body mask of the same level is used',
    empty: 'the mask is empty',
  } satisfies Record<UnusedMask['reason'], string>,
};

function noWebGpu(why: NoWebGpu): string {
  switch (why.code) {
    case 'chosen':
      return 'chosen in the settings';
    case 'unsupported':
      return 'this browser offers no WebGPU';
    case 'no-adapter':
      return 'WebGPU found no graphics adapter';
    case 'software':
      return `the WebGPU adapter (${why.adapter}) is software and would be slower`;
    case 'self-test':
      return `WebGPU (${why.adapter}) was tried, but its self-test is off by ${why.error.toExponential(1)} (allowed ${why.tolerance})`;
    case 'failed':
      return `WebGPU (${why.adapter}) was tried, but it failed: ${why.message}`;
  }
}

function arithmetic(outcome: ArithmeticOutcome): string {
  switch (outcome.code) {
    case 'float16':
      return `it calculates in float16, which agrees with float32 to ${outcome.error.toExponential(0)} (allowed ${outcome.bound}) and takes ${outcome.float16Ms.toFixed(1)} instead of ${outcome.float32Ms.toFixed(1)} ms a run`;
    case 'not-offered':
      return 'it calculates in float32, as the adapter offers no float16';
    case 'off':
      return 'it calculates in float32, as configured';
    case 'slower':
      return `it calculates in float32, as float16 was not faster: ${outcome.float16Ms.toFixed(1)} ms a run, ${outcome.float32Ms.toFixed(1)} ms in float32`;
    case 'disagrees':
      return `it calculates in float32, as float16 was off by ${outcome.error.toExponential(1)} (allowed ${outcome.bound})`;
    case 'failed':
      return `it calculates in float32, as float16 failed: ${outcome.message}`;
  }
}

function capture(outcome: CaptureOutcome): string {
  switch (outcome.code) {
    case 'used':
      return `captured graphs are used: ${perRun(outcome)}`;
    case 'off':
      return 'graphs are not captured, as configured';
    case 'software':
      return 'graphs are not captured on a software adapter';
    case 'device-lost':
      return 'graphs are not captured again, as the graphics device was lost with them';
    case 'slower':
      return `graphs are not captured, as that was not faster: ${perRun(outcome)}`;
    case 'disagrees':
      return `graphs are not captured, as a captured one was off by ${outcome.error.toExponential(1)} (allowed ${outcome.tolerance})`;
    case 'failed':
      return `graphs are not captured, as that failed: ${outcome.message}`;
  }
}

function perRun({ batch, capturedMs, plainMs }: Extract<CaptureOutcome, { batch: number }>): string {
  const images = batch === 1 ? '1 image' : `${batch} images`;
  return `${capturedMs.toFixed(1)} ms a run of ${images}, ${plainMs.toFixed(1)} ms without`;
}

const inMinutes = (minutes: number): string => {
  if (minutes < 1) return `${Math.max(1, Math.round(60 * minutes))} s`;
  return minutes < 10 ? `${minutes.toFixed(1)} min` : `${Math.round(minutes)} min`;
};
