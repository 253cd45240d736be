/** A bar from 0 to 1; without a value it only says that something is going on. */
export function ProgressBar({ value, label }: { value?: number; label: string }) {
  const known = value !== undefined && Number.isFinite(value);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(100 * value) : undefined}
      className="bg-muted relative h-2 w-full overflow-hidden rounded-full"
    >
      {known ? (
        <div
          className="bg-primary h-full rounded-full"
          style={{ width: `${100 * Math.min(1, Math.max(0, value))}%`, forcedColorAdjust: 'none' }}
        />
      ) : (
        <div className="infinite-loading-bar bg-primary" />
      )}
    </div>
  );
}
