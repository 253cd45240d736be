import { useState } from 'react';
import type { Patch } from '../core/types';
import { grey } from './differenceColours';
import { PatchCanvas } from './PatchCanvas';
import { Picker } from './Picker';
import { useStrings } from './strings';

type Other = 'reconstruction' | 'healthyEdit';

interface Props {
  mode: 'compare' | 'flicker';
  original: Patch;
  others: Readonly<Record<Other, Patch>>;
  outlines: Parameters<typeof PatchCanvas>[0]['outlines'];
}

/** Two images in one place: divided by a line to move, or one after the other by a key or click. */
export function WhyCompare({ mode, original, others, outlines }: Props) {
  const { review: texts } = useStrings();
  const [other, setOther] = useState<Other>('healthyEdit');
  const [position, setPosition] = useState(50);
  const [shown, setShown] = useState<'original' | 'other'>('original');
  const hidden = mode === 'compare' ? 100 - position : shown === 'other' ? 0 : 100;
  const choices = (['healthyEdit', 'reconstruction'] as const).map(id => ({ id, label: texts[id] }));
  return (
    <div className="space-y-1.5" data-cy="why-compare">
      <div className="relative w-full">
        <PatchCanvas patch={original} colour={grey} outlines={outlines} label={texts.original} />
        <div className="absolute inset-0" style={{ clipPath: `inset(0 0 0 ${hidden}%)` }}>
          <PatchCanvas patch={others[other]} colour={grey} outlines={outlines} label={texts[other]} />
        </div>
      </div>
      <Picker
        label={texts.compareWith}
        choices={choices}
        selected={other}
        onSelect={id => setOther(id === 'reconstruction' ? id : 'healthyEdit')}
        dataCy="why-other"
      />
      {mode === 'compare' ? (
        <input
          type="range"
          aria-label={texts.position}
          className="w-full"
          style={{ accentColor: 'hsl(var(--primary))' }}
          {...{ min: 0, max: 100, value: position }}
          onChange={event => setPosition(Number(event.target.value))}
        />
      ) : (
        <button
          type="button"
          data-cy="why-flicker-now"
          className="border-input text-foreground hover:bg-primary/25 h-7 w-full rounded border text-xs"
          onClick={() => setShown(shown === 'original' ? 'other' : 'original')}
        >
          {texts.flickerNow} ({shown === 'original' ? texts.original : texts[other]})
        </button>
      )}
    </div>
  );
}
