/** What can be wrong with vertebrae: their masks, their names, the places where they are looked for. LPS mm. */
import { list, rounded } from './words';

/** A reason that is an error of its own; worded by {@link describeError}. */
interface Because {
  readonly reason: { readonly code: string; readonly params: object };
}

export const vertebraErrors = {
  'no-vertebrae': ({ object, segments }: { readonly object: string; readonly segments: readonly string[] }) =>
    `No segment of ${object} is recognised as a vertebra (found: ${list(segments) || 'no segments'}). Name them like vertebrae_T10 or code them with SNOMED CT.`,
  'vertebra-not-there': ({
    missing,
    found,
  }: {
    readonly missing: readonly string[];
    readonly found: readonly string[];
  }) => `There is no mask of ${list(missing)}; the masks are of ${list(found)}.`,
  'no-bodies-to-save': () => 'There is no vertebral body to save.',
  'no-bodies': () =>
    'There are no vertebral bodies for this result: the study has no vertebra masks open. Choose them under Analyse.',
  'no-body-to-clip': ({ level }: { readonly level: string }) =>
    `There is no body mask of ${level} to clip the margin to.`,
  'no-body': ({ level }: { readonly level: string }) => `${level} (atlas) has no vertebral body and is excluded.`,
  'empty-mask': ({ mask }: { readonly mask: string }) =>
    `The mask ${mask} is empty; segment the vertebra again, or choose another.`,
  'empty-slice-mask': () => 'The body mask of this slice is empty, so there is nothing to analyse.',
  'body-at-edge': ({ label }: { readonly label: number }) =>
    `The vertebral body with label ${label} touches the border of the CT, so part of it is missing; exclude it.`,
  'body-too-small': ({ reason }: Because, words: (reason: Because['reason']) => string) =>
    `No slice of the vertebral body can be analysed (${words(reason)}). Check its mask.`,
  'slice-beyond-reach': ({ reachMm }: { readonly reachMm: number }) =>
    `more than ${rounded(reachMm, 1)} mm from the middle of the body: the model was not trained there`,
  'slice-too-small': ({ pixels, needed }: { readonly pixels: number; readonly needed: number }) =>
    `only ${pixels} body pixels; at least ${needed} are needed`,
  'no-first-body': () => 'Click into a first vertebral body.',
  'bad-anchor': ({ place, count }: { readonly place: number; readonly count: number }) =>
    `There is no vertebra number ${place}; ${count} were found.`,
  'unknown-level': ({ level, known }: { readonly level: string; readonly known: readonly string[] }) =>
    `“${level}” is no vertebra level; use one of ${list(known)}.`,
  'unknown-label-scheme': ({ name, known }: { readonly name: string; readonly known: readonly string[] }) =>
    `“${name}” is no label scheme; choose ${list(known)}.`,
  'unknown-label': ({ label, scheme }: { readonly label: number; readonly scheme: string }) =>
    `Label ${label} means nothing in the ${scheme} scheme; name another scheme.`,
  'unexplained-labels': ({ labels }: { readonly labels: readonly number[] }) =>
    `No known scheme explains the labels ${list(labels)}; name the scheme yourself.`,
  'ambiguous-labels': ({
    labels,
    schemes,
  }: {
    readonly labels: readonly number[];
    readonly schemes: readonly string[];
  }) => `The labels ${list(labels)} fit ${schemes.join(' and ')}; name the scheme.`,
  'level-without-label': ({ level, scheme }: { readonly level: string; readonly scheme: string }) =>
    `${level} has no label in the ${scheme} scheme.`,
  'duplicate-level': ({ names, level }: { readonly names: readonly string[]; readonly level: string }) =>
    `${names.map(name => `“${name}”`).join(' and ')} are both called ${level}; correct one of them.`,
  'no-spine': () => 'No whole vertebral body was found in this CT; click into one to segment it.',
  'no-body-found': ({ at }: { readonly at: readonly number[] }) =>
    `No vertebral body was found around (${list(at.map(Math.round))}) mm. Click into the middle of one.`,
  'no-body-in-mask': () => 'The midline of the vertebra mask shows no body; check the mask.',
  'no-body-here': () => 'The image shows no vertebral body here; click into the middle of one. Nothing was added.',
  'beside-body': () => 'This place lies beside the body; click into the body itself. Nothing was added.',
  'seed-outside': ({ at }: { readonly at: readonly number[] }) =>
    `The point (${list(at.map(value => rounded(value, 1)))}) mm lies outside the CT; click into a vertebral body.`,
  'click-disc': () =>
    'This looks like an intervertebral disc. Click into the body above or below it. Nothing was added.',
  'click-canal': () => 'This looks like the spinal canal. Click further anteriorly, into the body. Nothing was added.',
  'click-posterior': () =>
    'This looks like an arch or a process. Click further anteriorly, into the body. Nothing was added.',
  'click-air': () => 'This is air or lung. Click into the middle of a vertebral body. Nothing was added.',
  'click-other': () =>
    'This looks like soft tissue, or bone other than a vertebral body. Click into the middle of a body. Nothing was added.',
  'click-body': () =>
    'No outline of a body can be drawn around this place. Click into the middle of the body. Nothing was added.',
  'nothing-new': () => 'The search found no vertebra that is not segmented already.',
  'too-many-bodies': () => 'No more masks fit into this session; reload the study.',
  'already-there': ({ level }: { readonly level: string }) =>
    `${level} is segmented here already. Erase its mask first to segment it anew.`,
} as const;
