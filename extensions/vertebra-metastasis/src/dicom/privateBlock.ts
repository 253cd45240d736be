import { z } from 'zod';
import { text } from './dataset';
import type { NaturalizedInstance } from './dataset';

/**
 * Private block of our objects (PS3.5 7.8): (0071,0010) LO creator, (0071,1001) UT state as JSON, (0071,1002) UT attribution
 * scores as JSON, [segment number, score] of each segment that has one. It carries what has no
 * standard place and is needed to continue a study: candidates, their scores and what a person decided about each.
 * Everything a reader of lesions needs is in standard attributes; an archive that drops private elements loses only this.
 */
export const PRIVATE_CREATOR = 'SPINE ONCOLOGY HSA';
const GROUP = '0071';

/** Elements to spread into a dataset. */
export function privateState(state: unknown): NaturalizedInstance {
  return { [`${GROUP}0010`]: PRIVATE_CREATOR, [`${GROUP}1001`]: JSON.stringify(state) };
}

/** Elements to spread into a dataset. @param scores attribution scores by segment number */
export function privateScores(scores: ReadonlyMap<number, number>): NaturalizedInstance {
  return { [`${GROUP}0010`]: PRIVATE_CREATOR, [`${GROUP}1002`]: JSON.stringify([...scores]) };
}

/**
 * The state a dataset carries, whatever block the private creator was moved to; undefined without one.
 * @throws SyntaxError when it is damaged
 */
export const readPrivateState = (dataset: NaturalizedInstance): unknown => readPrivate(dataset, '01');

const scoresSchema = z.array(z.tuple([z.int().positive(), z.number()]));

/** Attribution scores by segment number; undefined where there are none, or none that can be read. */
export function readPrivateScores(dataset: NaturalizedInstance): ReadonlyMap<number, number> | undefined {
  try {
    const parsed = scoresSchema.safeParse(readPrivate(dataset, '02'));
    return parsed.success ? new Map(parsed.data) : undefined;
  } catch {
    return undefined;
  }
}

/** The JSON of one element of our block. */
function readPrivate(dataset: NaturalizedInstance, element: '01' | '02'): unknown {
  for (let block = 0x10; block <= 0xff; block++) {
    const hex = block.toString(16).padStart(2, '0').toUpperCase();
    if (text(dataset, `${GROUP}00${hex}`) !== PRIVATE_CREATOR) continue;
    const json = privateText(dataset[`${GROUP}${hex}${element}`]);
    return json ? (JSON.parse(json) as unknown) : undefined;
  }
  return undefined;
}

/** Archives that read our file as Implicit VR hand the element back as unknown bytes. */
function privateText(value: unknown): string {
  const first = Array.isArray(value) ? value[0] : value;
  if (first instanceof ArrayBuffer) return new TextDecoder().decode(first).replace(/\0+$/, '').trim();
  return typeof first === 'string' ? first.trim() : '';
}

/** Splits off the elements dcmjs has no keyword for (keys of eight hex digits), in the form its writer takes. */
export function privateElements(dataset: NaturalizedInstance) {
  const known: Record<string, unknown> = {};
  const raw: Record<string, { vr: string; Value: unknown[] }> = {};
  for (const [key, value] of Object.entries(dataset)) {
    if (!/^[0-9A-F]{8}$/.test(key)) known[key] = value;
    else raw[key] = { vr: key.slice(4, 6) === '00' ? 'LO' : 'UT', Value: [value] };
  }
  return { known, raw };
}
