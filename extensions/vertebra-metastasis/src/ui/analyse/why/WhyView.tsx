import { useMemo, useState } from 'react';
import type { CandidateKey } from '../../../core/review';
import type { SliceAnalysis, VertebraAnalysis } from '../../../core/study';
import type { CandidateRow } from '../../state/candidates';
import { side } from '../../controls/format';
import { Hint } from '../../controls/Hint';
import { useHovered } from '../../controls/hover';
import { Muted } from '../../controls/Notes';
import { pressedBorder } from '../../controls/tableRows';
import { useStrings } from '../../strings';
import { outlinePath } from './PatchCanvas';
import { WhyCompare } from './WhyCompare';
import { WhyImages } from './WhyImages';
import { DifferenceLegend } from './WhyLegend';

interface Props {
  /** Absent for a stored result: its images are not kept. */
  analysis?: VertebraAnalysis;
  /** How many slices were searched for lesions. */
  searched: number;
  /** Candidates of the vertebra. */
  rows: readonly CandidateRow[];
  /** The selected candidate; one under the pointer is shown in its place for as long. */
  focus?: CandidateRow;
  /** Whether all candidates of the slice are outlined on the CT. */
  outlined: boolean;
}

const MODES = ['sideBySide', 'compare', 'flicker'] as const;
type Mode = (typeof MODES)[number];

/** Why a region was called a lesion: the images of the method for one slice, in one window. */
export function WhyView({ analysis, searched, rows, focus, outlined }: Props) {
  const { review: texts } = useStrings();
  const [mode, setMode] = useState<Mode>('sideBySide');
  // A slice chosen by hand counts until another candidate is selected.
  const [byHand, setByHand] = useState<{ slice: number; over?: CandidateKey }>();
  const hovered = useHovered(key => (rows.some(row => row.key === key) ? key : undefined));
  if (searched === 0) return <Muted data-cy="why-none">{texts.whyScreened}</Muted>;
  if (!analysis) return <Muted data-cy="why-none">{texts.whyNone}</Muted>;
  const { slices } = analysis;
  const chosen = byHand && byHand.over === focus?.key ? byHand.slice : undefined;
  const row = rows.find(({ key }) => key === hovered) ?? (chosen === undefined ? focus : undefined);
  const at = Math.min(row?.slice ?? chosen ?? Math.floor(slices.length / 2), slices.length - 1);
  if (slices[at].attribution.patch.length === 0) return null;
  return (
    <section aria-label={texts.why} data-cy="why" data-slice={at} data-shown={row?.key} className="space-y-1.5">
      <div className="flex items-center gap-2">
        <Hint text={texts.whyTitleHelp}>
          <h4 className="text-muted-foreground text-sm uppercase tracking-wide" tabIndex={0}>
            {texts.why}
          </h4>
        </Hint>
        <SlicePicker slices={slices} at={at} onChoose={slice => setByHand({ slice, over: focus?.key })} />
        <Modes mode={mode} onMode={setMode} />
      </div>
      <Slice slice={slices[at]} candidateId={row?.candidateId} mode={mode} outlined={outlined} />
    </section>
  );
}

interface SliceProps {
  slice: SliceAnalysis;
  candidateId?: number;
  mode: Mode;
  outlined: boolean;
}

function Slice({ slice, candidateId, mode, outlined }: SliceProps) {
  const { attribution } = slice;
  const { candidates, differenceMap } = attribution;
  const largest = useMemo(() => Math.max(0.01, ...differenceMap.map(Math.abs)), [differenceMap]);
  const shown = candidates.findIndex(({ id }) => id === candidateId);
  const paths = useMemo(() => candidates.map(({ mask }) => outlinePath(mask)), [candidates]);
  const outlines = useMemo(
    () =>
      candidates
        .map(({ kind }, n) => ({ path: paths[n], kind, strong: n === shown }))
        .filter(one => one.strong || outlined),
    [candidates, paths, shown, outlined]
  );
  const images = { attribution, largest, shown, outlines };
  return (
    <>
      {mode === 'sideBySide' ? <WhyImages {...images} /> : <WhyCompare mode={mode} {...images} />}
      <DifferenceLegend largest={largest} />
    </>
  );
}

interface SlicePickerProps {
  readonly slices: readonly SliceAnalysis[];
  readonly at: number;
  onChoose(slice: number): void;
}

function SlicePicker({ slices, at, onChoose }: SlicePickerProps) {
  const strings = useStrings();
  const offset = strings.number(side(slices[at].offsetMm, strings.left, strings.right));
  const text = strings.review.whySlice(at + 1, slices.length, offset);
  return (
    <Hint text={strings.candidateSliceHelp}>
      <label className="text-foreground flex h-6 min-w-0 flex-1 items-center gap-1.5 text-sm">
        <span className="whitespace-nowrap">{text}</span>
        <input
          type="range"
          className="min-w-0 flex-1"
          data-cy="why-slice"
          style={{ accentColor: 'hsl(var(--primary))', visibility: slices.length > 1 ? 'visible' : 'hidden' }}
          {...{ min: 0, max: slices.length - 1, step: 1, value: at }}
          aria-valuetext={text}
          onChange={event => onChoose(Number(event.target.value))}
        />
      </label>
    </Hint>
  );
}

function Modes({ mode, onMode }: { mode: Mode; onMode(mode: Mode): void }) {
  const { review: texts } = useStrings();
  return (
    <div className="flex flex-shrink-0" role="group" aria-label={texts.whyMode}>
      {MODES.map(one => (
        <button
          key={one}
          type="button"
          data-cy={`why-${one}`}
          aria-pressed={mode === one}
          className={`h-6 rounded px-1.5 text-sm ${mode === one ? 'bg-primary/25 text-foreground' : 'text-primary'}`}
          style={pressedBorder(mode === one)}
          onClick={() => onMode(one)}
        >
          {texts[one]}
        </button>
      ))}
    </div>
  );
}
