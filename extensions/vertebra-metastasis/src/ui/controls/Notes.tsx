import type { ReactNode } from 'react';
import type { Problem } from '../state/state';
import { useStrings } from '../strings';

/** Stands above everything, always. */
export function ResearchBanner() {
  return (
    <p
      role="note"
      data-cy="research-banner"
      className="border-input bg-muted text-foreground border-b px-3 py-2 text-sm"
    >
      {useStrings().researchUse}
    </p>
  );
}

/** Above every tab until a person has completed the review of what was computed with nobody at the viewer. */
export function UnattendedBanner({ levels }: { levels: readonly string[] | undefined }) {
  const { review } = useStrings();
  if (!levels?.length) return null;
  return (
    <p
      role="status"
      data-cy="unattended"
      title={review.unattendedHelp}
      className="text-foreground border-b px-3 py-2 text-sm font-semibold"
      style={{ borderColor: 'rgb(234 179 8 / 0.7)', background: 'rgb(234 179 8 / 0.16)' }}
    >
      {review.unattended(levels.join(', '))}
    </p>
  );
}

/** What is wrong and what to do; announced by screen readers when it appears. */
export function ProblemNote({ problem, children }: { problem: Problem; children?: ReactNode }) {
  const { text } = useStrings().problem(problem);
  return (
    <div
      role="alert"
      data-cy="problem"
      data-code={problem.code}
      className="text-foreground rounded border px-2 py-1.5 text-sm break-words"
      style={{ borderColor: 'rgb(234 179 8 / 0.7)', background: 'rgb(234 179 8 / 0.08)' }}
    >
      {text}
      {children && <div className="pt-1">{children}</div>}
    </div>
  );
}

interface MutedProps {
  children: ReactNode;
  title?: string;
  [data: `data-${string}`]: string | undefined;
}

export function Muted({ children, ...rest }: MutedProps) {
  return (
    <p className="text-muted-foreground text-sm" {...rest}>
      {children}
    </p>
  );
}
