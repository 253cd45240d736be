import { Button } from '@ohif/ui-next';
import { useState } from 'react';
import { type Sector, SECTORS, type SectorSuggestion } from '../../core/planning';
import { Hint } from '../Hint';
import { Muted } from '../Notes';
import { useStrings } from '../strings';

interface Props {
  suggestion: SectorSuggestion | undefined;
  confirmed: readonly Sector[] | undefined;
  /** Undefined takes the confirmation back. */
  onConfirm(sectors: readonly Sector[] | undefined): void;
}

/** The six sectors of a vertebra. The suggestion is only a start; it goes nowhere before someone confirms it. */
export function SectorForm({ suggestion, confirmed, onConfirm }: Props) {
  const { sectors: strings } = useStrings();
  const [chosen, setChosen] = useState<readonly Sector[]>(confirmed ?? suggestion?.sectors ?? []);
  const shown = confirmed ?? chosen;
  const toggle = (sector: Sector) =>
    setChosen(chosen.includes(sector) ? chosen.filter(one => one !== sector) : [...chosen, sector]);
  return (
    <div className="space-y-2" data-cy="sectors" data-confirmed={confirmed?.join(',')} data-shown={shown.join(',')}>
      <Muted>
        {suggestion
          ? strings.because(
              strings.patterns[suggestion.pattern],
              Math.round(suggestion.lesionPercent),
              Math.round(suggestion.leftPercent)
            )
          : strings.none}
      </Muted>
      <div role="group" aria-label={strings.title} className="flex flex-wrap gap-1">
        {SECTORS.map(sector => (
          <Hint key={sector} text={strings.names[sector]}>
            <button
              type="button"
              data-cy={`sector-${sector}`}
              aria-pressed={shown.includes(sector)}
              aria-label={`${sector}: ${strings.names[sector]}`}
              disabled={confirmed !== undefined}
              onClick={() => toggle(sector)}
              className="text-foreground h-8 w-8 rounded border text-sm"
              style={
                shown.includes(sector)
                  ? { background: 'hsl(var(--primary))', borderStyle: confirmed ? 'solid' : 'dashed' }
                  : undefined
              }
            >
              {sector}
            </button>
          </Hint>
        ))}
      </div>
      <p className="text-foreground text-sm" role="status" data-cy="sectors-status">
        {confirmed ? strings.confirmed(confirmed.join(', ')) : strings.suggestion}
      </p>
      {confirmed ? (
        <Button variant="ghost" size="sm" dataCY="sectors-change" onClick={() => onConfirm(undefined)}>
          {strings.change}
        </Button>
      ) : (
        <Button
          variant="secondary"
          size="sm"
          className="w-full"
          dataCY="sectors-confirm"
          disabled={shown.length === 0}
          onClick={() => onConfirm(shown)}
        >
          {strings.confirm(shown.length > 0 ? [...shown].sort((a, b) => a - b).join(', ') : '–')}
        </Button>
      )}
      <Muted>{strings.limits}</Muted>
    </div>
  );
}
