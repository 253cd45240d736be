import { useEffect, useMemo, useState } from 'react';
import type { VertebraFindings } from '../core/review';
import type { VertebraAnalysis } from '../core/study';
import type { Patch } from '../core/types';
import type { CandidateRow } from './candidates';
import { differenceColour, grey } from './differenceColours';
import { millimetres } from './format';
import { Hint } from './Hint';
import { Muted } from './Notes';
import { PatchCanvas } from './PatchCanvas';
import { useStrings } from './strings';
import { WhyCompare } from './WhyCompare';

interface Props {
  /** Absent for a stored result: its images are not kept. */
  analysis?: VertebraAnalysis;
  findings: VertebraFindings;
  /** The candidate looked at. */
  focus?: CandidateRow;
}

const MODES = ['sideBySide', 'compare', 'flicker'] as const;

/** Why a region was called a lesion: the images of the method for one slice, in one window. */
export function WhyView({ analysis, focus }: Props) {
  const { review: texts } = useStrings();
  const [chosen, setChosen] = useState(() => Math.floor((analysis?.slices.length ?? 1) / 2));
  const [mode, setMode] = useState<(typeof MODES)[number]>('sideBySide');
  useEffect(() => {
    if (focus) setChosen(focus.slice);
  }, [focus]);
  const slice = analysis?.slices[Math.min(chosen, (analysis?.slices.length ?? 1) - 1)];
  const largest = useMemo(() => largestDifference(slice?.attribution.differenceMap), [slice]);
  const inBody = useMemo(
    () => (value: number, pixel: number) => differenceColour(slice?.attribution.bodyMask[pixel] ? value / largest : 0),
    [slice, largest]
  );
  if (!analysis) return <Muted data-cy="why-none">{texts.whyNone}</Muted>;
  if (!slice) return null;
  const { patch, reconstruction, healthyEdit, differenceMap, candidates, composites, harmonised } = slice.attribution;
  if (patch.length === 0) return null;
  const at = analysis.slices.indexOf(slice);
  const focused = focus?.slice === at ? candidates.findIndex(({ id }) => id === focus.candidateId) : -1;
  const outlines = candidates.map(({ mask, kind }, n) => ({ mask, kind, strong: n === focused }));
  return (
    <section aria-label={texts.why} data-cy="why" className="space-y-1.5">
      <div className="flex items-center justify-between gap-2">
        <h4 className="text-muted-foreground text-xs uppercase tracking-wide">{texts.why}</h4>
        <div className="flex gap-1" role="group" aria-label={texts.why}>
          {MODES.map(one => (
            <button
              key={one}
              type="button"
              data-cy={`why-${one}`}
              aria-pressed={mode === one}
              className={`rounded px-1.5 py-0.5 text-xs ${mode === one ? 'bg-primary/25 text-foreground' : 'text-muted-foreground'}`}
              onClick={() => setMode(one)}
            >
              {texts[one]}
            </button>
          ))}
        </div>
      </div>
      <label className="text-foreground block text-xs">
        {texts.whySlice(at + 1, analysis.slices.length, millimetres(slice.offsetMm))}
        {analysis.slices.length > 1 && (
          <input
            type="range"
            className="w-full"
            style={{ accentColor: 'hsl(var(--primary))' }}
            {...{ min: 0, max: analysis.slices.length - 1, step: 1, value: at }}
            onChange={event => setChosen(Number(event.target.value))}
          />
        )}
      </label>
      {mode === 'sideBySide' ? (
        <div className="grid gap-1" style={{ gridTemplateColumns: '1fr 1fr' }}>
          <Figure name="original" patch={patch} outlines={outlines} />
          <Figure name="reconstruction" patch={reconstruction} outlines={outlines} />
          <Figure name="healthyEdit" patch={healthyEdit} outlines={outlines} />
          <Figure name="difference" patch={differenceMap} outlines={outlines} colour={inBody} />
          {focused >= 0 && composites[focused] && <Figure name="composite" patch={composites[focused]} />}
          {focused >= 0 && harmonised[focused] && <Figure name="harmonised" patch={harmonised[focused]} />}
        </div>
      ) : (
        <WhyCompare mode={mode} original={patch} others={{ reconstruction, healthyEdit }} outlines={outlines} />
      )}
      <Legend largest={largest} />
      <Muted>{texts.lines}</Muted>
    </section>
  );
}

type ImageName = 'original' | 'reconstruction' | 'healthyEdit' | 'difference' | 'composite' | 'harmonised';
type CanvasProps = Parameters<typeof PatchCanvas>[0];

function Figure({
  name,
  patch,
  outlines,
  colour = grey,
}: { name: ImageName } & Pick<CanvasProps, 'patch' | 'outlines'> & Partial<CanvasProps>) {
  const { review: texts } = useStrings();
  return (
    <figure data-cy={`why-image-${name}`}>
      <PatchCanvas patch={patch} colour={colour} outlines={outlines} label={`${texts[name]}. ${texts.whyHelp[name]}`} />
      <Hint text={texts.whyHelp[name]}>
        <figcaption tabIndex={0} className="text-muted-foreground text-xs">
          {texts[name]}
        </figcaption>
      </Hint>
    </figure>
  );
}

function Legend({ largest }: { largest: number }) {
  const { review: texts } = useStrings();
  const stops = [-1, -0.5, 0, 0.5, 1].map(value => `rgb(${differenceColour(value).join(' ')})`).join(', ');
  return (
    <div className="text-muted-foreground text-xs" data-cy="why-legend">
      <div className="flex items-center gap-2">
        <span>{`−${largest.toFixed(2)}`}</span>
        <span
          className="h-2 flex-1 rounded"
          style={{ background: `linear-gradient(to right, ${stops})` }}
          aria-hidden
        />
        <span>{`+${largest.toFixed(2)}`}</span>
      </div>
      <div className="flex justify-between gap-2">
        <span>{texts.denser}</span>
        <span className="text-right">{texts.lessDense}</span>
      </div>
    </div>
  );
}

function largestDifference(map: Patch | undefined): number {
  return Math.max(0.01, ...(map ?? []).map(Math.abs));
}
