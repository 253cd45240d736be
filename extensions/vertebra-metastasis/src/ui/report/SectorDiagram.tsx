import type { Sector } from '../../core/planning';

/** Paths of the patient's left half and the middle, in a box of 200 x 180; the right half is their mirror image. */
const BODY = 'M58 74 C50 40 72 14 100 14 C128 14 150 40 142 74 C130 90 116 84 100 84 C84 84 70 90 58 74 Z';
const LEFT_PEDICLE = 'M124 86 L144 74 L152 98 L134 106 Z';
const LEFT_ARCH = 'M134 106 L152 98 L186 104 L188 116 L152 120 L110 146 L102 134 L128 114 Z';
const SPINOUS = 'M92 140 L100 134 L108 140 L106 174 L94 174 Z';

const SHAPES: readonly { sector: Sector; path: string; mirrored?: boolean; label: readonly [number, number] }[] = [
  { sector: 1, path: BODY, label: [100, 50] },
  { sector: 2, path: LEFT_PEDICLE, label: [138, 92] },
  { sector: 3, path: LEFT_ARCH, label: [148, 111] },
  { sector: 4, path: SPINOUS, label: [100, 158] },
  { sector: 5, path: LEFT_ARCH, mirrored: true, label: [52, 111] },
  { sector: 6, path: LEFT_PEDICLE, mirrored: true, label: [62, 92] },
];

interface Props {
  shown: readonly Sector[];
  confirmed: boolean;
  /** Absent once confirmed. */
  onToggle?(sector: Sector): void;
}

/** Where the sectors lie, seen from below as in axial CT. The buttons beside it do the same for keyboard and screen reader. */
export function SectorDiagram({ shown, confirmed, onToggle }: Props) {
  return (
    <svg viewBox="0 0 200 180" width="100%" aria-hidden data-cy="sector-diagram" fontSize="14">
      <text x="6" y="16" fill="hsl(var(--muted-foreground))">
        R
      </text>
      <text x="186" y="16" fill="hsl(var(--muted-foreground))">
        L
      </text>
      {SHAPES.map(({ sector, path, mirrored, label: [x, y] }) => {
        const inside = shown.includes(sector);
        return (
          <g
            key={sector}
            data-sector={sector}
            onClick={onToggle && (() => onToggle(sector))}
            style={{ cursor: onToggle ? 'pointer' : undefined }}
          >
            <path
              d={path}
              transform={mirrored ? 'translate(200 0) scale(-1 1)' : undefined}
              fill={inside ? 'hsl(var(--primary))' : 'hsl(var(--muted))'}
              stroke="hsl(var(--foreground))"
              strokeWidth="1.5"
              strokeDasharray={inside && !confirmed ? '4 3' : undefined}
            />
            <text x={x} y={y} textAnchor="middle" dominantBaseline="central" fill="hsl(var(--foreground))">
              {sector}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
