/** Says why a tab shows nothing yet and what to do. */
export function EmptyTab({ text }: { text: string }) {
  return (
    <p role="status" data-cy="empty-tab" className="text-muted-foreground px-3 py-4 text-sm">
      {text}
    </p>
  );
}
