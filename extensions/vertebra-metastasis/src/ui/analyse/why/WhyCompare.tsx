import { useEffect, useState } from 'react';
import type { Patch } from '../../../core/types';
import { Picker } from '../../controls/Picker';
import { useStrings } from '../../strings';
import { grey } from './differenceColours';
import { PatchCanvas } from './PatchCanvas';
import { type ImageName, type SliceImages, useDifferenceColour, useOwnOutline } from './WhyImages';

const OTHERS = ['healthyEdit', 'reconstruction', 'difference', 'composite', 'harmonised'] as const;
type Other = (typeof OTHERS)[number];

/** Half a period: well below three flashes a second, which can harm people with epilepsy. */
const FLICKER_MS = 600;

/** Two images in one place and one window: divided by a line to move, or one after the other. */
export function WhyCompare({ mode, ...images }: SliceImages & { mode: 'compare' | 'flicker' }) {
  const { review: texts } = useStrings();
  const [wanted, setWanted] = useState<Other>('healthyEdit');
  const patches = othersOf(images);
  const other = patches[wanted] ? wanted : 'healthyEdit';
  return (
    <div className="space-y-1.5" data-cy="why-compare">
      <Picker
        label={texts.compareWith}
        choices={OTHERS.filter(id => patches[id]).map(id => ({ id, label: texts.against(texts[id]) }))}
        selected={other}
        onSelect={id => setWanted(OTHERS.find(one => one === id) ?? 'healthyEdit')}
        dataCy="why-other"
      />
      {mode === 'compare' ? (
        <Divided {...images} other={other} patch={patches[other]!} />
      ) : (
        <Flicker {...images} other={other} patch={patches[other]!} />
      )}
    </div>
  );
}

function othersOf({ attribution, shown }: SliceImages): Readonly<Record<Other, Patch | undefined>> {
  const { reconstruction, healthyEdit, differenceMap, composites, harmonised } = attribution;
  return {
    reconstruction,
    healthyEdit,
    difference: differenceMap,
    composite: composites[shown],
    harmonised: harmonised[shown],
  };
}

interface PairProps extends SliceImages {
  readonly other: ImageName;
  readonly patch: Patch;
}

/** The CT below, the other image over it from the line to the right. @param from 0 to 100, where the other begins */
function Pair({ attribution, largest, outlines, other, patch, from }: PairProps & { from: number }) {
  const { review: texts } = useStrings();
  const difference = useDifferenceColour(attribution, largest);
  const own = useOwnOutline(outlines);
  return (
    <div className="relative w-full" style={{ maxWidth: 'min(100%, 26vh)', margin: '0 auto' }}>
      <PatchCanvas patch={attribution.patch} colour={grey} outlines={own} label={texts.original} />
      <div className="absolute inset-0" style={{ clipPath: `inset(0 0 0 ${from}%)` }}>
        <PatchCanvas
          patch={patch}
          colour={other === 'difference' ? difference : grey}
          outlines={own}
          label={texts[other]}
        />
      </div>
    </div>
  );
}

function Divided(props: PairProps) {
  const { review: texts } = useStrings();
  const [position, setPosition] = useState(50);
  return (
    <>
      <Pair {...props} from={position} />
      <input
        type="range"
        data-cy="why-position"
        aria-label={texts.position}
        className="block w-full"
        style={{ accentColor: 'hsl(var(--primary))' }}
        {...{ min: 0, max: 100, value: position }}
        onChange={event => setPosition(Number(event.target.value))}
      />
    </>
  );
}

function Flicker(props: PairProps) {
  const { review: texts } = useStrings();
  const [other, setOther] = useState(false);
  const [running, setRunning] = useState(false);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setOther(shown => !shown), FLICKER_MS);
    return () => clearInterval(timer);
  }, [running]);
  const button = 'border-input text-foreground hover:bg-primary/25 h-7 flex-1 rounded border text-sm';
  return (
    <>
      <Pair {...props} from={other ? 0 : 100} />
      <div className="flex gap-1">
        <button type="button" data-cy="why-flicker-now" className={button} onClick={() => setOther(!other)}>
          {texts.flickerNow} ({other ? texts[props.other] : texts.original})
        </button>
        <button
          type="button"
          data-cy="why-flicker-run"
          aria-pressed={running}
          className={button}
          onClick={() => setRunning(!running)}
        >
          {running ? texts.flickerStop : texts.flickerRun}
        </button>
      </div>
    </>
  );
}
