/**
 * Which CT series of a study is analysed, and why the others are not. Rules look at attributes alone (no pixels), so
 * that a whole archive can be sorted by queries.
 */
export interface SeriesFacts {
  readonly study: string;
  readonly series: string;
  readonly modality: string;
  readonly description: string;
  readonly bodyPart: string;
  /** ImageType of an image of the series, e.g. ORIGINAL, PRIMARY, AXIAL. */
  readonly imageType: readonly string[];
  readonly kernel: string;
  /** mm; undefined where the archive does not say. */
  readonly sliceThicknessMm?: number;
  /** Row and column direction cosines in LPS. */
  readonly orientation?: readonly number[];
  readonly manufacturerModel: string;
  /** Images; frames for multi-frame objects. */
  readonly images: number;
}

export interface Selection {
  readonly chosen?: SeriesFacts;
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly study: string;
  readonly series: string;
  readonly code: PassedOverCode;
  readonly reason: string;
}

export type PassedOverCode =
  | 'not-ct'
  | 'not-a-volume'
  | 'body-part'
  | 'not-axial'
  | 'too-thick'
  | 'too-few-images'
  | 'another-preferred'
  | 'not-asked';

export interface SelectionRules {
  readonly maxThicknessMm: number;
  /** A body and its neighbours' discs are about 60 mm high. */
  readonly minCoverageMm: number;
  readonly minImages: number;
}

export const DEFAULT_RULES: SelectionRules = { maxThicknessMm: 5, minCoverageMm: 60, minImages: 12 };

/** Body parts (PS3.16 Annex L terms) without vertebral bodies of the thoracic or lumbar spine. */
const WITHOUT_SPINE =
  /^(HEAD|BRAIN|SKULL|SINUS|ORBIT|JAW|TMJ|EAR|IAC|FACE|FACIAL|DENTAL|TEETH|HAND|WRIST|FINGER|THUMB|FOREARM|ELBOW|ARM|HUMERUS|SHOULDER|CLAVICLE|FOOT|TOE|ANKLE|HEEL|CALCANEUS|LEG|KNEE|FEMUR|THIGH|CALF|PATELLA|EXTREMITY|UP_EXM|LOW_EXM|BREAST)/;

/** Derived pictures that look like a stack but are no volume in Hounsfield units. */
const NO_VOLUME =
  /^(LOCALIZER|SCOUT|SCREEN SAVE|SECONDARY|MIP|MINIP|MPR_THICK|VRT|CSA|DOSE|REPORT|PROTOCOL|BIOPSY|FLUORO)$/;

/** Kernels made for lung and bone edges: noise and overshoot that the networks have hardly seen. */
const SHARP = /^(B[5-9]\d|BR?[6-9]\d|BL\d\d|FC5\d|FC8\d|LUNG|BONE|EDGE|YB|YC|YD|YE|E$|D$|L$|I[5-9]\d|H[6-9]\d|UR|QR)/i;

/** At most this angle between the slice normal and the patient's long axis. */
const AXIAL_WITHIN_DEGREES = 30;

/** @param all series of one study */
export function selectSeries(all: readonly SeriesFacts[], rules: SelectionRules = DEFAULT_RULES): Selection {
  const passedOver: PassedOver[] = [];
  const suitable: SeriesFacts[] = [];
  for (const facts of all) {
    const problem = unsuitable(facts, rules);
    if (problem) passedOver.push({ study: facts.study, series: facts.series, code: problem[0], reason: problem[1] });
    else suitable.push(facts);
  }
  const [chosen, ...others] = [...suitable].sort(byPreference);
  for (const { study, series } of others) {
    const reason = `Series "${chosen.description || chosen.series}" of the same study is preferred (${formatSeries(chosen)}).`;
    passedOver.push({ study, series, code: 'another-preferred', reason });
  }
  return { chosen, passedOver };
}

function unsuitable(facts: SeriesFacts, rules: SelectionRules): [PassedOverCode, string] | undefined {
  const { modality, imageType, bodyPart, orientation, sliceThicknessMm, images } = facts;
  if (modality !== 'CT') return ['not-ct', `Its modality is ${modality || 'not given'}, not CT.`];
  const derived = imageType.find(value => NO_VOLUME.test(value.toUpperCase()));
  if (derived) return ['not-a-volume', `Its image type is ${derived}: no stack of CT slices.`];
  if (WITHOUT_SPINE.test(bodyPart.toUpperCase())) return ['body-part', `Its body part is ${bodyPart}.`];
  const tilt = orientation && tiltDegrees(orientation);
  if (tilt !== undefined && tilt > AXIAL_WITHIN_DEGREES) {
    return ['not-axial', `Its slices are tilted by ${tilt.toFixed(0)} degrees from axial.`];
  }
  if (sliceThicknessMm !== undefined && sliceThicknessMm > rules.maxThicknessMm) {
    return ['too-thick', `Its slices are ${sliceThicknessMm} mm thick; at most ${rules.maxThicknessMm} mm are taken.`];
  }
  const coverage = images * (sliceThicknessMm ?? 0);
  if (images < rules.minImages) {
    return ['too-few-images', `It has ${images} images; at least ${rules.minImages} are needed.`];
  }
  if (sliceThicknessMm && coverage < rules.minCoverageMm) {
    return ['too-few-images', `It covers ${coverage.toFixed(0)} mm; at least ${rules.minCoverageMm} mm are needed.`];
  }
  return undefined;
}

/** Softer kernel, then original over derived, then thinner slices down to 1 mm, then more images, then the UID. */
function byPreference(a: SeriesFacts, b: SeriesFacts): number {
  return (
    Number(isSharp(a)) - Number(isSharp(b)) ||
    Number(isDerived(a)) - Number(isDerived(b)) ||
    thickness(a) - thickness(b) ||
    b.images - a.images ||
    (a.series < b.series ? -1 : 1)
  );
}

export function isSharp({ kernel }: SeriesFacts): boolean {
  return SHARP.test(kernel.trim());
}

function isDerived({ imageType }: SeriesFacts): boolean {
  return imageType[0]?.toUpperCase() === 'DERIVED';
}

/** Below 1 mm thinner slices only bring noise; unknown thickness comes last. */
function thickness({ sliceThicknessMm }: SeriesFacts): number {
  return sliceThicknessMm === undefined ? Infinity : Math.max(1, sliceThicknessMm);
}

function tiltDegrees(orientation: readonly number[]): number {
  const [a, b, c, d, e, f] = orientation;
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d];
  const length = Math.hypot(...normal);
  return length > 0 ? (Math.acos(Math.min(1, Math.abs(normal[2]) / length)) * 180) / Math.PI : 90;
}

function formatSeries(facts: SeriesFacts): string {
  const thick = facts.sliceThicknessMm === undefined ? 'slice thickness not given' : `${facts.sliceThicknessMm} mm`;
  return `${isSharp(facts) ? 'sharp' : 'soft'} kernel${facts.kernel ? ` ${facts.kernel}` : ''}, ${thick}, ${facts.images} images`;
}
