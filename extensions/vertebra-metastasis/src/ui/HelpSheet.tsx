import { useEffect, useRef } from 'react';
import { useStrings } from './strings';

/** All keys, laid over the panel; Escape or the button closes it and gives the focus back. */
export function HelpSheet({ onClose }: { onClose(): void }) {
  const { review: texts } = useStrings();
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    close.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <div
      role="dialog"
      aria-modal="true"
      aria-label={texts.helpTitle}
      data-cy="help-sheet"
      className="bg-background border-input ohif-scrollbar absolute inset-0 overflow-y-auto border px-3 py-2"
      style={{ zIndex: 10 }}
      onKeyDown={event => {
        if (event.key === 'Tab') event.preventDefault(); // the button is the only stop
        // Hotkeys would decide about what the sheet covers.
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="flex items-center justify-between">
        <h3 className="text-foreground text-sm">{texts.helpTitle}</h3>
        <button
          ref={close}
          type="button"
          data-cy="help-close"
          className="border-input text-foreground hover:bg-primary/25 h-7 rounded border px-2 text-sm"
          onClick={onClose}
        >
          {texts.helpClose}
        </button>
      </div>
      {texts.keys.map(({ title, keys }) => (
        <section key={title} aria-label={title} className="pt-2">
          <h4 className="text-muted-foreground text-sm uppercase tracking-wide">{title}</h4>
          <dl className="text-foreground space-y-1 py-1 text-sm">
            {keys.map(([key, what]) => (
              <div key={key} className="flex gap-2">
                <dt className="font-mono w-32 flex-shrink-0">{key}</dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
