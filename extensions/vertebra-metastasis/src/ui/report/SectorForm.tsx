import { Button } from '@ohif/ui-next';
import { useState } from 'react';
import { type LevelPlan, type Sector, SECTORS, UNSEEN_SECTORS } from '../../core/planning';
import { Hint } from '../controls/Hint';
import { Muted } from '../controls/Notes';
import { useStrings } from '../strings';
import { SectorDiagram } from './SectorDiagram';

interface Props {
  suggestion: LevelPlan['sectors'];
  confirmed: readonly Sector[] | undefined;
  /** Undefined takes the confirmation back. */
  onConfirm(sectors: readonly Sector[] | undefined): void;
}

/** The six sectors of a vertebra. The suggestion is only a start; it goes nowhere before someone confirms it. */
export function SectorForm({ suggestion: proposal, confirmed, onConfirm }: Props) {
  const { sectors: strings } = useStrings();
  const silent = typeof proposal === 'string' ? proposal : undefined;
  const suggestion = typeof proposal === 'string' ? undefined : proposal;
  // Undefined until someone changes the suggestion, which follows the lesion.
  const [chosen, setChosen] = useState<readonly Sector[]>();
  const shown = confirmed ?? chosen ?? suggestion?.sectors ?? [];
  const toggle = (sector: Sector) =>
    setChosen(shown.includes(sector) ? shown.filter(one => one !== sector) : [...shown, sector]);
  const change = () => {
    setChosen(confirmed);
    onConfirm(undefined);
  };
  const onToggle = confirmed ? undefined : toggle;
  return (
    <div
      className="space-y-2"
      data-cy="sectors"
      data-silent={silent}
      data-confirmed={confirmed?.join(',')}
      data-shown={shown.join(',')}
    >
      <Muted data-cy="sectors-because">
        {suggestion
          ? strings.because(
              strings.patterns[suggestion.pattern],
              Math.round(suggestion.lesionPercent),
              Math.round(suggestion.leftPercent)
            )
          : silent
            ? strings.silent[silent]
            : strings.none}
      </Muted>
      <div className="flex items-center gap-2">
        <div className="flex-shrink-0" style={{ width: '42%' }}>
          <SectorDiagram shown={shown} confirmed={confirmed !== undefined} onToggle={onToggle} />
        </div>
        <div role="group" aria-label={strings.title} className="min-w-0 flex-1 space-y-1">
          {SECTORS.map(sector => (
            <SectorButton key={sector} sector={sector} pressed={shown.includes(sector)} onToggle={onToggle} />
          ))}
        </div>
      </div>
      <p className="text-foreground text-sm" role="status" data-cy="sectors-status">
        {confirmed ? strings.confirmed(confirmed.join(', ')) : suggestion ? strings.suggestion : strings.byHand}
      </p>
      <Button
        variant="secondary"
        size="sm"
        className="w-full"
        dataCY={confirmed ? 'sectors-change' : 'sectors-confirm'}
        disabled={shown.length === 0}
        onClick={confirmed ? change : () => onConfirm(shown)}
      >
        {confirmed ? strings.change : strings.confirm(shown.length > 0 ? [...shown].sort().join(', ') : '–')}
      </Button>
      <Muted>{strings.limits}</Muted>
      <Muted>{strings.source}</Muted>
    </div>
  );
}

interface ButtonProps {
  sector: Sector;
  pressed: boolean;
  onToggle?(sector: Sector): void;
}

function SectorButton({ sector, pressed, onToggle }: ButtonProps) {
  const { sectors: strings } = useStrings();
  const name = strings.names[sector];
  return (
    <Hint text={UNSEEN_SECTORS.includes(sector) ? strings.unseenHelp(name) : strings.seenHelp(name)}>
      <button
        type="button"
        data-cy={`sector-${sector}`}
        aria-pressed={pressed}
        disabled={!onToggle}
        onClick={() => onToggle?.(sector)}
        className="text-foreground hover:bg-primary/25 flex w-full items-center gap-1.5 rounded px-1 text-left text-sm"
        style={{ minHeight: '1.5rem' }}
      >
        <span
          aria-hidden
          className="inline-block h-3 w-3 flex-shrink-0 rounded border"
          style={pressed ? { background: 'hsl(var(--primary))', forcedColorAdjust: 'none' } : undefined}
        />
        <span className="min-w-0">{`${sector} ${name}`}</span>
      </button>
    </Hint>
  );
}
