interface Props {
  /** Read aloud. */
  readonly name: string;
  readonly dataCy: string;
  readonly checked: boolean;
  readonly title?: string;
  readonly disabled?: boolean;
  readonly tabIndex?: number;
  onChange(checked: boolean): void;
  /** With the Shift key; default: as without. */
  onShiftClick?(): void;
}

/** A checkbox without a text beside it, in a target of 24 CSS pixels. */
export function Tick({ name, dataCy, checked, title, disabled, tabIndex, onChange, onShiftClick }: Props) {
  return (
    <label className="flex h-6 w-6 items-center justify-center" title={title}>
      <input
        type="checkbox"
        className="block h-4 w-4"
        style={{ accentColor: 'hsl(var(--primary))' }}
        data-cy={dataCy}
        aria-label={name}
        checked={checked}
        disabled={disabled}
        tabIndex={tabIndex}
        onClick={event => {
          if (!event.shiftKey || !onShiftClick) return;
          event.preventDefault();
          onShiftClick();
        }}
        onChange={event => onChange(event.target.checked)}
      />
    </label>
  );
}
