/** Small line icons drawn here: the host's icon set is not a stable interface. All are decorative. */
const common = { width: 14, height: 14, viewBox: '0 0 14 14', 'aria-hidden': true } as const;

export function PlayIcon() {
  return (
    <svg {...common}>
      <path d="M3.5 2 L11.5 7 L3.5 12 Z" fill="currentColor" />
    </svg>
  );
}

export function ChevronIcon({ open }: { open: boolean }) {
  return (
    <svg {...common} style={{ transform: open ? 'rotate(90deg)' : undefined }}>
      <path d="M5 3 L9 7 L5 11" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}

export function EraseIcon() {
  return (
    <svg {...common}>
      <path d="M3 3 L11 11 M11 3 L3 11" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
