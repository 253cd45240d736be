import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@ohif/ui-next';
import type { Choice } from '../state/state';

interface PickerProps {
  label: string;
  choices: readonly Choice[];
  selected?: string;
  onSelect(id: string): void;
  disabled?: boolean;
  dataCy?: string;
}

/** A labelled drop-down. With one choice there is nothing to pick: the text alone is shown. */
export function Picker({ label, choices, selected, onSelect, disabled, dataCy }: PickerProps) {
  if (choices.length === 1 && choices[0].id === selected) {
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
      </SelectContent>
    </Select>
  );
}
