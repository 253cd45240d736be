import { useMemo } from 'react';
import type { Patch, SliceAttribution } from '../../../core/types';
import { Hint } from '../../controls/Hint';
import { useStrings } from '../../strings';
import { grey, differenceColour } from './differenceColours';
import { type Outline, PatchCanvas } from './PatchCanvas';

export interface SliceImages {
  readonly attribution: SliceAttribution;
  /** Largest absolute difference, the end of the colour scale. */
  readonly largest: number;
  /** Place of the selected candidate among the slice's candidates; -1 for none. */
  readonly shown: number;
  /** On the CT; the other images show only the one in focus, as lines hide what is to be compared. */
  readonly outlines: readonly Outline[];
}

export type ImageName = 'original' | 'reconstruction' | 'healthyEdit' | 'difference' | 'composite' | 'harmonised';

/** The four images of the slice and the two of the candidate; the places of the latter are kept while there is none. */
export function WhyImages({ attribution, largest, shown, outlines }: SliceImages) {
  const { patch, reconstruction, healthyEdit, differenceMap, composites, harmonised } = attribution;
  const { review: texts } = useStrings();
  const colour = useDifferenceColour(attribution, largest);
  const own = useOwnOutline(outlines);
  return (
    <div
      className="grid gap-1"
      style={{
        gridTemplateColumns: 'repeat(3, minmax(0, max(4.7rem, 16vh - 3.25rem)))',
        justifyContent: 'space-around',
      }}
    >
      <Figure name="original" patch={patch} outlines={outlines} />
      <Figure name="reconstruction" patch={reconstruction} outlines={own} />
      <Figure name="healthyEdit" patch={healthyEdit} outlines={own} />
      <Figure name="difference" patch={differenceMap} outlines={own} colour={colour} />
      <Figure name="composite" patch={composites[shown]} outlines={own} />
      <Figure
        name="harmonised"
        patch={harmonised[shown]}
        outlines={own}
        missing={composites[shown] && texts.notHarmonised}
      />
    </div>
  );
}

/** The outline of the selected candidate. */
export function useOwnOutline(outlines: readonly Outline[]): readonly Outline[] {
  return useMemo(() => outlines.filter(({ strong }) => strong), [outlines]);
}

/** Blue to orange inside the body, dark outside. */
export function useDifferenceColour({ bodyMask }: SliceAttribution, largest: number) {
  return useMemo(
    () => (value: number, pixel: number) => differenceColour(bodyMask[pixel] ? value / largest : 0),
    [bodyMask, largest]
  );
}

interface FigureProps {
  readonly name: ImageName;
  readonly patch: Patch | undefined;
  /** Why there is no image, where a candidate is selected. */
  readonly missing?: string;
  readonly outlines: readonly Outline[];
  readonly colour?: Parameters<typeof PatchCanvas>[0]['colour'];
}

function Figure({ name, patch, missing, outlines, colour = grey }: FigureProps) {
  const { review: texts } = useStrings();
  return (
    <figure data-cy={patch ? `why-image-${name}` : 'why-place'} className="relative">
      {patch ? (
        <PatchCanvas
          patch={patch}
          colour={colour}
          outlines={outlines}
          label={`${texts[name]}. ${texts.whyHelp[name]}`}
        />
      ) : (
        <p
          className="bg-muted text-muted-foreground flex w-full items-center justify-center p-2 text-center text-sm"
          style={{ aspectRatio: '1' }}
        >
          {missing ?? texts.pointAtOne}
        </p>
      )}
      <Hint text={texts.whyHelp[name]}>
        <figcaption
          tabIndex={0}
          className="text-foreground absolute left-0 top-0 truncate px-1 text-sm"
          style={{ maxWidth: 'calc(100% + 1.25rem)', background: 'rgb(0 0 0 / 0.6)' }}
        >
          {texts[name]}
        </figcaption>
      </Hint>
    </figure>
  );
}
