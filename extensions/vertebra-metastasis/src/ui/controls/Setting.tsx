import type { ReactNode } from 'react';
import { Hint } from './Hint';

interface Props {
  label: string;
  /** Explains the label on hover and keyboard focus. */
  help: ReactNode;
  children: ReactNode;
}

/** A line of the setup: what it is on the left, its control on the right. */
export function Setting({ label, help, children }: Props) {
  return (
    <div className="flex items-center gap-2">
      <Hint text={help}>
        <span className="text-foreground w-24 flex-shrink-0 text-sm" tabIndex={0}>
          {label}
        </span>
      </Hint>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
