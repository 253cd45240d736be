import { FOCUS_CSS, IGNORED_CSS, IGNORED_DASH, KIND_DASH, outlineCss } from '../../controls/colours';
import { Hint } from '../../controls/Hint';
import { useStrings } from '../../strings';
import { differenceColour } from './differenceColours';

/** The colour scale of the difference. */
export function DifferenceLegend({ largest }: { largest: number }) {
  const { review: texts, number } = useStrings();
  const end = number(largest.toFixed(2));
  const stops = [-1, -0.5, 0, 0.5, 1].map(value => `rgb(${differenceColour(value).join(' ')})`).join(', ');
  return (
    <Hint text={texts.differenceScale}>
      <div className="text-muted-foreground flex items-center gap-2 text-sm" data-cy="why-legend" tabIndex={0}>
        <span>{`${texts.denser} −${end}`}</span>
        <span
          className="h-2 flex-1 rounded"
          style={{ background: `linear-gradient(to right, ${stops})` }}
          aria-hidden
        />
        <span>{`+${end} ${texts.lessDense}`}</span>
      </div>
    </Hint>
  );
}

/** What the lines in panel and viewports mean: kinds by colour and by line style. */
export function OutlineLegend({ shown, onShow }: { shown: boolean; onShow(shown: boolean): void }) {
  const { review: texts, kind: kinds } = useStrings();
  return (
    <div className="flex items-start justify-between gap-2">
      <ul className="text-muted-foreground flex flex-wrap gap-2 text-sm" data-cy="outline-legend">
        {(['lytic', 'blastic'] as const).map(kind => (
          <Sample key={kind} colour={outlineCss(kind)} dash={KIND_DASH[kind]} text={kinds[kind]} />
        ))}
        <Sample colour={FOCUS_CSS} text={texts.selected} />
        <Sample colour={IGNORED_CSS} dash={IGNORED_DASH} text={texts.notCounted} />
        <li className="flex items-center gap-1 whitespace-nowrap" data-cy="legend-unsearched">
          <svg width="16" height="8" aria-hidden>
            <path d="M0 8 L6 0 M5 8 L11 0 M10 8 L16 0" stroke={IGNORED_CSS} />
          </svg>
          {texts.notSearched}
        </li>
      </ul>
      <Hint text={texts.outlinesHelp}>
        <label className="text-foreground flex h-6 items-center gap-1 whitespace-nowrap text-sm">
          <input
            type="checkbox"
            data-cy="outlines"
            style={{ accentColor: 'hsl(var(--primary))' }}
            checked={shown}
            onChange={event => onShow(event.target.checked)}
          />
          {texts.outlines}
        </label>
      </Hint>
    </div>
  );
}

function Sample({ colour, dash, text }: { colour: string; dash?: string; text: string }) {
  return (
    <li className="flex items-center gap-1 whitespace-nowrap">
      <svg width="16" height="8" aria-hidden>
        <line x1="0" y1="4" x2="16" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
      </svg>
      {text}
    </li>
  );
}
