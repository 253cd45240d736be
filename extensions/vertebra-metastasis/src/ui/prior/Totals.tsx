import { comparisonTotals, type KindTotal, type LesionChange } from '../../core/prior';
import { numbersIn } from '../burden/format';
import { Hint } from '../controls/Hint';
import { KindMark } from '../controls/KindMark';
import { useStrings } from '../strings';

/** Lesion volume of both studies by kind, over what both analysed. */
export function Totals({ changes }: { changes: readonly LesionChange[] }) {
  const totals = comparisonTotals(changes);
  if (totals.length === 0) return null;
  return (
    <ul data-cy="prior-totals" className="text-foreground space-y-1 px-1 text-sm">
      {totals.map(total => (
        <Row key={total.kind} total={total} />
      ))}
    </ul>
  );
}

function Row({ total }: { total: KindTotal }) {
  const strings = useStrings();
  const { ml, signed } = numbersIn(strings);
  const { kind, priorMillilitres, currentMillilitres, differenceMillilitres, percent } = total;
  const share = percent === undefined ? '' : ` (${signed(percent, 0)} %)`;
  return (
    <Hint text={strings.prior.totalHelp(strings.kind[kind])}>
      <li
        className="flex items-center gap-2"
        data-kind={kind}
        data-prior-ml={priorMillilitres}
        data-current-ml={currentMillilitres}
      >
        <KindMark kind={kind} withText />
        <span>{strings.prior.fromTo(ml(priorMillilitres), ml(currentMillilitres))}</span>
        <span className="ml-auto whitespace-nowrap">{`${signed(differenceMillilitres, 2)} ml${share}`}</span>
      </li>
    </Hint>
  );
}
