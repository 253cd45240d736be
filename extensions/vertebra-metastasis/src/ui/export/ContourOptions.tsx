import { type ExportOptions, MAX_MARGIN_MM, MAX_TOLERANCE_MM } from '../state/exports';
import { useStrings } from '../strings';
import { MillimetreField } from './MillimetreField';

interface Props {
  options: ExportOptions;
  onChange(change: Partial<ExportOptions>): void;
}

/** What the structure set holds besides the lesions. */
export function ContourOptions({ options, onChange }: Props) {
  const strings = useStrings();
  return (
    <>
      <MillimetreField
        label={strings.exports.tolerance}
        help={strings.exports.toleranceHelp}
        value={options.toleranceMm}
        max={MAX_TOLERANCE_MM}
        step={0.1}
        dataCy="contour-tolerance"
        onChange={toleranceMm => onChange({ toleranceMm })}
      />
      <MillimetreField
        label={strings.exports.margin}
        help={strings.exports.marginHelp}
        value={options.marginMm}
        max={MAX_MARGIN_MM}
        step={0.5}
        dataCy="contour-margin"
        onChange={marginMm => onChange({ marginMm })}
      />
      <Checkbox
        label={strings.exports.clip}
        checked={options.clipMarginToBody}
        disabled={options.marginMm === 0}
        dataCy="contour-clip"
        onChange={clipMarginToBody => onChange({ clipMarginToBody })}
      />
      <Checkbox
        label={strings.exports.includeBodies}
        checked={options.includeBodies}
        dataCy="contour-bodies"
        onChange={includeBodies => onChange({ includeBodies })}
      />
    </>
  );
}

interface CheckboxProps {
  label: string;
  checked: boolean;
  disabled?: boolean;
  dataCy: string;
  onChange(checked: boolean): void;
}

function Checkbox({ label, checked, disabled, dataCy, onChange }: CheckboxProps) {
  return (
    <label className="text-foreground flex items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="h-4 w-4 flex-shrink-0"
        style={{ accentColor: 'hsl(var(--primary))' }}
        data-cy={dataCy}
        checked={checked}
        disabled={disabled}
        onChange={event => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}
