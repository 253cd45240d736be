import { LESION_3D_KINDS } from '../../core/kinds';
import { millilitres } from '../controls/format';
import { Hint } from '../controls/Hint';
import { Muted } from '../controls/Notes';
import { lesionMillilitresOf } from '../state/lesions';
import type { LesionResult, LesionRow } from '../state/state';
import { useStrings } from '../strings';

/** Where the lesions come from, and whether they are saved. */
export function LesionOrigin({ lesions: { origin, algorithmType, saving } }: { lesions: LesionResult }) {
  const strings = useStrings();
  const parts = [
    origin === 'stored' ? strings.fromStored : strings.fromAnalysis,
    ...(algorithmType === 'SEMIAUTOMATIC' ? [strings.edited] : []),
    ...(saving.status === 'unsaved' ? [strings.unsaved] : []),
  ];
  return (
    <Muted data-cy="lesion-origin" data-algorithm={algorithmType}>
      {parts.join(' · ')}
    </Muted>
  );
}

/** Volume by kind; a lower bound as soon as one lesion of the kind has one. */
export function LesionTotals({ rows }: { rows: readonly LesionRow[] }) {
  const strings = useStrings();
  const [lytic, blastic, mixed] = LESION_3D_KINDS.map(kind => {
    const own = rows.filter(row => row.kind === kind);
    const bound = own.some(({ atLeast }) => atLeast) ? '≥ ' : '';
    return own.length > 0 || kind !== 'mixed' ? `${bound}${strings.number(millilitres(lesionMillilitresOf(own)))}` : '';
  });
  return (
    <Hint text={strings.lesionTotalHelp}>
      <span className="text-foreground text-sm" data-cy="lesion-totals" tabIndex={0}>
        {strings.lesionTotal(lytic, blastic, mixed)}
      </span>
    </Hint>
  );
}

/** How many lesions nobody has decided about, and the way to the next. */
export function NextUndecided({ open, onNext }: { open: number; onNext(): void }) {
  const { lesionList: texts } = useStrings();
  return (
    <Hint text={texts.openHelp}>
      <button
        type="button"
        data-cy="next-undecided"
        data-count={open}
        disabled={open === 0}
        className="text-primary disabled:text-muted-foreground h-6 flex-shrink-0 whitespace-nowrap text-sm"
        onClick={onNext}
      >
        {open === 0 ? texts.allDecided : `${texts.open(open)} →`}
      </button>
    </Hint>
  );
}
