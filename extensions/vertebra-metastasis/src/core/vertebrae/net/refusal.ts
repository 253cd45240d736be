/** Why a click is refused: what the image shows there instead of a vertebral body, and what to do. */
import { InputError } from '../../types';
import { type Tissue, TISSUES } from './network';

/** Attenuation below which a place is air or lung, HU. */
const AIR_HU = -400;

type Place = Tissue | 'air';

/** @returns InputError 'click-disc', 'click-canal', 'click-posterior', 'click-air', 'click-other' or 'click-body' */
export function refused(place: Place): InputError {
  return new InputError(`click-${place}`);
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
