import { Button } from '@ohif/ui-next';
import { useEffect, useState } from 'react';
import { Hint } from './Hint';
import { useStrings } from '../strings';

/** How long the button says that it copied, ms. */
const SAID_MS = 2500;

interface Props {
  label: string;
  help: string;
  /** Made when the button is pressed. */
  text(): string;
  dataCy: string;
  disabled?: boolean;
}

/** Puts a text on the clipboard. Where the browser forbids that, the text is shown, selected, to be copied by hand. */
export function CopyButton({ label, help, text, dataCy, disabled }: Props) {
  const strings = useStrings();
  const [outcome, setOutcome] = useState<'copied' | { byHand: string }>();
  useEffect(() => {
    if (outcome !== 'copied') return undefined;
    const timer = setTimeout(() => setOutcome(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    const copied = text();
    try {
      await navigator.clipboard.writeText(copied);
      setOutcome('copied');
    } catch {
      setOutcome({ byHand: copied });
    }
  };
  return (
    <>
      <Hint text={help}>
        <Button variant="secondary" size="sm" className="flex-1" dataCY={dataCy} disabled={disabled} onClick={copy}>
          <span aria-live="polite">{outcome === 'copied' ? strings.copied : label}</span>
        </Button>
      </Hint>
      {typeof outcome === 'object' && (
        <textarea
          readOnly
          autoFocus
          aria-label={strings.copyByHand}
          className="bg-background text-foreground border-input w-full rounded border p-1 text-sm"
          rows={4}
          value={outcome.byHand}
          onFocus={event => event.target.select()}
          onBlur={() => setOutcome(undefined)}
        />
      )}
    </>
  );
}
