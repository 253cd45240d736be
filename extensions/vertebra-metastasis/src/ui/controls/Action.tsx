import type { ReactElement } from 'react';
import { Hint } from './Hint';

interface ActionProps {
  text: string;
  /** Read aloud instead of a sign. */
  name?: string;
  help: string;
  dataCy: string;
  disabled?: boolean;
  onClick(): void;
}

/** A small button with its explanation. */
export function Action({ text, name, help, dataCy, disabled, onClick }: ActionProps): ReactElement {
  return (
    <Hint text={help}>
      <button
        type="button"
        data-cy={dataCy}
        aria-label={name}
        disabled={disabled}
        className="border-input text-foreground hover:bg-primary/25 h-7 whitespace-nowrap rounded border px-1.5 text-sm disabled:opacity-50"
        style={{ minWidth: '1.5rem' }}
        onClick={onClick}
      >
        {text}
      </button>
    </Hint>
  );
}
