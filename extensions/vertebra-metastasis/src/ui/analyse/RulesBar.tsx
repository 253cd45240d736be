import { decidedCandidates, PUBLISHED_RULES, type ReviewState, rulesUntouched } from '../../core/review';
import { Hint } from '../controls/Hint';
import type { PanelActions } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  review: ReviewState;
  setRules: PanelActions['setRules'];
}

const LARGEST_SIZE_PIXELS = 100;

/** Threshold and smallest size: what counts follows at once, without an analysis. */
export function RulesBar({ review, setRules }: Props) {
  const { review: texts, number } = useStrings();
  const candidates = review.findings.flatMap(findings => decidedCandidates(findings, review));
  if (candidates.length === 0) return null;
  const scores = candidates.map(({ candidate }) => candidate.attributionScore);
  const { threshold, minPixels } = review.rules;
  const { anteriorPosterior, superiorInferior } = candidates[0].slice.frame.spacing;
  // Scores are not bounded by 1; at the right end no undecided region counts.
  const largest = Math.max(1, Math.ceil(100 * Math.max(...scores)) / 100);
  const kept = candidates.filter(candidate => candidate.kept).length;
  const skipped = candidates.filter(({ candidate }) => candidate.skipped).length;
  const estimated = candidates.filter(({ candidate }) => candidate.estimated && !candidate.leftOut).length;
  const excluded = candidates.filter(({ candidate }) => candidate.leftOut).length;
  const [{ modelRules }] = review.findings;
  const models = number(modelRules.threshold.toFixed(2));
  return (
    <div role="group" className="border-input border-b px-3 py-1.5" data-cy="rules" aria-label={texts.rules}>
      <div className="grid gap-3" style={{ gridTemplateColumns: '1fr 1fr' }}>
        <Slider
          label={texts.threshold}
          help={texts.thresholdHelp(models)}
          dataCy="threshold"
          range={[0, largest, 0.01]}
          value={threshold}
          text={number(threshold.toFixed(2))}
          onChange={value => setRules({ threshold: value })}
        />
        <Slider
          label={texts.minimumSize}
          help={texts.minimumSizeHelp}
          dataCy="minimum-size"
          range={[Math.min(PUBLISHED_RULES.minPixels, modelRules.minPixels), LARGEST_SIZE_PIXELS, 1]}
          value={minPixels}
          text={`${(minPixels * anteriorPosterior * superiorInferior).toFixed(0)} mm²`}
          onChange={value => setRules({ minPixels: value })}
        />
      </div>
      <div className="flex items-center justify-between gap-2 text-sm">
        <Hint text={texts.passingHelp}>
          <p className="text-foreground" role="status" data-cy="passing" data-kept={kept} data-all={candidates.length}>
            {texts.passing(kept, candidates.length)}
            {skipped > 0 ? `; ${texts.skipped(skipped)}` : ''}
            {estimated > 0 ? `; ${texts.estimated(estimated)}` : ''}
            {excluded > 0 ? `; ${texts.excluded(excluded)}` : ''}
          </p>
        </Hint>
        <Hint text={texts.modelRulesHelp}>
          <button
            type="button"
            data-cy="model-rules"
            className="text-primary h-6"
            style={{ visibility: rulesUntouched(review) ? 'hidden' : 'visible' }}
            onClick={() => setRules(modelRules)}
          >
            {texts.modelRules(models)}
          </button>
        </Hint>
      </div>
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
      <label className="text-foreground block text-sm">
        <span className="flex justify-between gap-1">
          <span>{label}</span>
          <span>{text}</span>
        </span>
        <input
          type="range"
          data-cy={dataCy}
          className="block w-full"
          style={{ accentColor: 'hsl(var(--primary))' }}
          {...{ min, max, step, value }}
          aria-label={label}
          aria-valuetext={text}
          onChange={event => onChange(Number(event.target.value))}
        />
      </label>
    </Hint>
  );
}
