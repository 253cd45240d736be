import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  readonly title: string;
  readonly dataCy: string;
  /** Escape, or a click beside it. */
  onClose(): void;
  readonly children: ReactNode;
}

/** A question over the whole viewer: the browser's own dialog keeps the focus inside and gives it back. */
export function Dialog({ title, dataCy, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      data-cy={dataCy}
      className="bg-background text-foreground border-input rounded border p-4 text-sm"
      style={{ maxWidth: '28rem', margin: 'auto' }}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      // Hotkeys of the viewer are for what lies below.
      onKeyDown={event => event.stopPropagation()}
    >
      <h3 className="pb-2 font-semibold">{title}</h3>
      {children}
    </dialog>
  );
}
