import { type Change, isCompared, type LesionChange } from '../../core/prior';
import { type Numbers, numbersIn } from '../burden/format';
import { Hint } from '../controls/Hint';
import { KindMark } from '../controls/KindMark';
import { useStrings } from '../strings';
import { sidesText } from './sides';

/** A sign for each change besides its word. */
const SIGNS: Readonly<Record<Change, string>> = {
  new: '+',
  resolved: '○',
  increased: '▲',
  decreased: '▼',
  stable: '=',
  'marked-now': '+?',
  'marked-before': '○?',
  'not-comparable': '?',
};

interface Props {
  changes: readonly LesionChange[];
  /** @param index of the change */
  onShow(index: number): void;
}

/** What became of each lesion: volume before and now, difference in ml and percent. */
export function ChangeList({ changes, onShow }: Props) {
  return (
    <ul data-cy="prior-changes" className="space-y-1">
      {changes.map((change, n) => (
        <li key={`${change.level} ${change.kind} ${change.currentLps?.join()} ${change.priorLps?.join()}`}>
          <Row change={change} onShow={() => onShow(n)} />
        </li>
      ))}
    </ul>
  );
}

function Row({ change, onShow }: { change: LesionChange; onShow(): void }) {
  const all = useStrings();
  const { prior: strings, kind: kinds } = all;
  const numbers = numbersIn(all);
  const { level, kind, priorKind, priorLevel, matchedBy, atLeast } = change;
  const beyond = [change.priorBeyondMillilitres ?? 0, change.currentBeyondMillilitres ?? 0];
  const compared = isCompared(change);
  const details = [
    ...(priorKind ? [strings.kindChanged(kinds[priorKind], kinds[kind])] : []),
    ...(priorLevel ? [strings.renamed(priorLevel)] : []),
    ...(change.change === 'marked-now' ? [strings.screenedThen] : []),
    ...(change.change === 'marked-before' ? [strings.screenedNow] : []),
    ...(atLeast ? [strings.atLeast] : []),
    ...(beyond.some(millilitres => millilitres > 0)
      ? [strings.beyond(numbers.ml(beyond[0]), numbers.ml(beyond[1]))]
      : []),
    ...(kind !== 'lytic' && ['increased', 'new', 'marked-now'].includes(change.change) ? [strings.blasticCaution] : []),
  ];
  return (
    <Hint
      text={[strings.changeHelp[change.change], matchedBy && strings.matchedBy[matchedBy]].filter(Boolean).join(' ')}
    >
      <button
        type="button"
        data-cy="prior-change"
        data-change={change.change}
        data-level={level}
        data-kind={kind}
        data-prior-ml={change.priorMillilitres}
        data-current-ml={change.currentMillilitres}
        data-percent={change.percent}
        onClick={onShow}
        className="text-foreground hover:bg-primary/25 w-full rounded px-1 py-0.5 text-left text-sm"
      >
        <span className="flex items-center gap-2">
          <span className="w-8 font-semibold">{level}</span>
          <KindMark kind={kind} />
          <span className="whitespace-nowrap">
            <span aria-hidden className="mr-1 inline-block w-4 text-center">
              {SIGNS[change.change]}
            </span>
            {strings.change[change.change]}
          </span>
          {compared && <span className="ml-auto whitespace-nowrap">{difference(change, numbers)}</span>}
        </span>
        <span className="text-muted-foreground block text-sm">{strings.fromTo(...sidesText(change, numbers))}</span>
        {details.map(text => (
          <span key={text} className="text-muted-foreground block text-sm">
            {text}
          </span>
        ))}
      </button>
    </Hint>
  );
}

/** "+1.20 ml (+85 %)" with a true minus sign. */
function difference({ differenceMillilitres, percent }: LesionChange, { signed }: Numbers): string {
  const share = percent === undefined ? '' : ` (${signed(percent, 0)} %)`;
  return `${signed(differenceMillilitres, 2)} ml${share}`;
}
