import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@ohif/ui-next';
import type { Choice } from '../state/state';

interface PickerProps {
  label: string;
  choices: readonly Choice[];
  selected?: string;
  onSelect(id: string): void;
  disabled?: boolean;
  dataCy?: string;
  /** Named in the list, and not to be chosen yet. */
  unavailable?: readonly string[];
}

/** A labelled drop-down. With one choice there is nothing to pick: the text alone is shown. */
export function Picker({ label, choices, selected, onSelect, disabled, dataCy, unavailable = [] }: PickerProps) {
  if (choices.length === 1 && choices[0].id === selected && unavailable.length === 0) {
    return (
      <p className="text-foreground truncate text-sm" data-cy={dataCy} title={choices[0].label}>
        {choices[0].label}
      </p>
    );
  }
  return (
    <Select value={selected} onValueChange={onSelect} disabled={disabled}>
      <SelectTrigger aria-label={label} data-cy={dataCy} className="h-7 w-full text-sm">
        <SelectValue placeholder={label} />
      </SelectTrigger>
      <SelectContent>
        {choices.map(({ id, label: text }) => (
          <SelectItem key={id} value={id}>
            {text}
          </SelectItem>
        ))}
        {unavailable.map(text => (
          <SelectItem key={text} value={text} disabled>
            {text}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
