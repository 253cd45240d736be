import { useEffect, useState } from 'react';
import { Hint } from '../controls/Hint';
import { useStrings } from '../strings';

interface Props {
  label: string;
  help: string;
  value: number;
  /** The least is 0. */
  max: number;
  step: number;
  dataCy: string;
  onChange(value: number): void;
}

/** A length to type. What is no length in range is marked and not taken over. */
export function MillimetreField({ label, help, value, max, step, dataCy, onChange }: Props) {
  const { millimetres } = useStrings().exports;
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const parsed = lengthIn(typed, max);
  return (
    <div className="flex items-center gap-2">
      <Hint text={help}>
        <span className="text-foreground w-24 flex-shrink-0 text-sm" tabIndex={0}>
          {label}
        </span>
      </Hint>
      <input
        type="number"
        min={0}
        max={max}
        step={step}
        value={typed}
        aria-label={`${label}, ${millimetres}`}
        aria-invalid={parsed === undefined}
        data-cy={dataCy}
        className="bg-background text-foreground border-input h-7 w-24 rounded border px-2 text-sm"
        onChange={event => {
          setTyped(event.target.value);
          const length = lengthIn(event.target.value, max);
          if (length !== undefined) onChange(length);
        }}
        onBlur={() => parsed === undefined && setTyped(String(value))}
      />
      <span className="text-muted-foreground text-sm">{millimetres}</span>
    </div>
  );
}

function lengthIn(typed: string, max: number): number | undefined {
  const length = Number(typed);
  return typed.trim() !== '' && length >= 0 && length <= max ? length : undefined;
}
