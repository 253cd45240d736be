import { decidedCandidates, PUBLISHED_RULES, type ReviewState } from '../core/review';
import { Hint } from './Hint';
import type { PanelActions } from './state';
import { useStrings } from './strings';

interface Props {
  review: ReviewState;
  setRules: PanelActions['setRules'];
}

const LARGEST_SIZE_PIXELS = 100;

/** Threshold and smallest size: what counts follows at once, without an analysis. */
export function RulesBar({ review, setRules }: Props) {
  const { review: texts } = useStrings();
  const candidates = review.findings.flatMap(findings => decidedCandidates(findings, review));
  if (candidates.length === 0) return null;
  const scores = candidates.map(({ candidate }) => candidate.attributionScore);
  const { threshold, minPixels } = review.rules;
  const { anteriorPosterior, superiorInferior } = candidates[0].slice.frame.spacing;
  // Scores are not bounded by 1; at the right end no undecided region counts.
  const largest = Math.max(1, Math.ceil(100 * Math.max(...scores)) / 100);
  const kept = candidates.filter(candidate => candidate.kept).length;
  return (
    <div role="group" className="space-y-1 px-3 pb-2" data-cy="rules" aria-label={texts.rules}>
      <Slider
        label={texts.threshold}
        help={texts.thresholdHelp}
        dataCy="threshold"
        range={[0, largest, 0.01]}
        value={threshold}
        text={threshold.toFixed(2)}
        onChange={value => setRules({ threshold: value })}
      />
      <Slider
        label={texts.minimumSize}
        help={texts.minimumSizeHelp}
        dataCy="minimum-size"
        range={[PUBLISHED_RULES.minPixels, LARGEST_SIZE_PIXELS, 1]}
        value={minPixels}
        text={`${(minPixels * anteriorPosterior * superiorInferior).toFixed(0)} mm²`}
        onChange={value => setRules({ minPixels: value })}
      />
      <p
        className="text-foreground text-xs"
        role="status"
        data-cy="passing"
        data-kept={kept}
        data-all={candidates.length}
      >
        {texts.passing(kept, candidates.length)}
      </p>
    </div>
  );
}

interface SliderProps {
  label: string;
  help: string;
  dataCy: string;
  range: readonly [min: number, max: number, step: number];
  value: number;
  text: string;
  onChange(value: number): void;
}

function Slider({ label, help, dataCy, range: [min, max, step], value, text, onChange }: SliderProps) {
  return (
    <Hint text={help}>
      <label className="text-foreground flex items-center gap-2 text-xs">
        <span className="w-24 flex-shrink-0">{label}</span>
        <input
          type="range"
          data-cy={dataCy}
          className="min-w-0 flex-1"
          style={{ accentColor: 'hsl(var(--primary))' }}
          {...{ min, max, step, value }}
          aria-valuetext={text}
          onChange={event => onChange(Number(event.target.value))}
        />
        <span className="w-12 flex-shrink-0 text-right">{text}</span>
      </label>
    </Hint>
  );
}
