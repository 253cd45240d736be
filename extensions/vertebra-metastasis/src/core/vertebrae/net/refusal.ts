/** Why a click is refused: what the image shows there instead of a vertebral body, and what to do. */
import { InputError } from '../../types';
import { type Tissue, TISSUES } from './network';

/** Attenuation below which a place is air or lung, HU. */
const AIR_HU = -400;

const PLACES = {
  disc: 'This place looks like an intervertebral disc. Click into the body above or below it.',
  canal: 'This place looks like the spinal canal. Click further to anterior, into the body.',
  posterior: 'This place looks like an arch or a process. Click further to anterior, into the body.',
  air: 'This place is air or lung. Click into the middle of a vertebral body.',
  other: 'This place looks like soft tissue, or bone that is no vertebral body. Click into the middle of a body.',
  body: 'No outline of a vertebral body can be drawn around this place. Click into the middle of the body.',
} as const;

/** @returns InputError 'click-disc', 'click-canal', 'click-posterior', 'click-air', 'click-other' or 'click-body' */
export function refused(place: keyof typeof PLACES): InputError {
  return new InputError(`click-${place}`, `${PLACES[place]} Nothing was added.`);
}

/**
 * @param tissue probabilities at the click
 * @param hu mean attenuation there
 */
export function refusal(tissue: Readonly<Record<Tissue, number>>, hu: number): InputError {
  return refused(hu < AIR_HU ? 'air' : TISSUES.reduce((a, b) => (tissue[b] > tissue[a] ? b : a)));
}

/** Where an outline was drawn that is no vertebral body. */
export function refusalOfOutline(tissue: Readonly<Record<Tissue, number>>, hu: number): InputError {
  return refusal({ ...tissue, body: 0 }, hu);
}
