import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  /** Small text or control at the right end of the heading. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A block of the panel under a heading. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section aria-label={title} className="border-input space-y-1.5 border-b px-3 py-2">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-muted-foreground text-sm uppercase tracking-wide">{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
