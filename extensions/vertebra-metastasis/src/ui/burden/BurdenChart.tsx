import { LESION_3D_KINDS } from '../../core/kinds';
import { type Burden, isLowerBound, lesionMillilitres, type LevelBurden } from '../../core/burden';
import type { Lesion3dKind } from '../../core/types';
import { useStrings } from '../strings';
import { type Numbers, numbersIn } from './format';
import { kindFill, KindPatterns } from './KindPatterns';

const ROW = 20;
const BAR = 12;
/** Shares of the width, in percent: level names, bars, volumes. */
const BARS_FROM = 12;
const BARS_TO = 82;

/** Lesion volume by level: one bar each, lytic and blastic stacked, all on one scale. */
export function BurdenChart({ levels }: Pick<Burden, 'levels'>) {
  const strings = useStrings();
  const numbers = numbersIn(strings);
  const said = (level: LevelBurden) => describe(level, strings.kind, numbers);
  const largest = Math.max(...levels.map(lesionMillilitres), Number.MIN_VALUE);
  const height = levels.length * ROW;
  return (
    <figure>
      <svg
        role="img"
        aria-label={strings.burden.chart(levels.map(said).join('; '))}
        data-cy="burden-chart"
        width="100%"
        height={height}
        fontSize="12"
      >
        <KindPatterns />
        {levels.map((level, n) => (
          <Row
            key={level.level}
            {...{ level, numbers, y: n * ROW, perMl: (BARS_TO - BARS_FROM) / largest }}
            help={strings.burden.barHelp(said(level))}
          />
        ))}
      </svg>
      <figcaption className="text-muted-foreground flex items-center gap-3 text-sm">
        {LESION_3D_KINDS.filter(kind => kind !== 'mixed' || levels.some(({ mixed }) => mixed)).map(kind => (
          <span key={kind} className="inline-flex items-center gap-1">
            <svg width="14" height="10" aria-hidden>
              <KindPatterns />
              <rect width="14" height="10" fill={kindFill(kind)} />
            </svg>
            {strings.kind[kind]}
          </span>
        ))}
        <span className="ml-auto">{strings.burden.unit}</span>
      </figcaption>
    </figure>
  );
}

interface RowProps {
  level: LevelBurden;
  y: number;
  /** Percent of the width. */
  perMl: number;
  numbers: Numbers;
  help: string;
}

function Row({ level, y, perMl, numbers, help }: RowProps) {
  const middle = y + ROW / 2;
  const top = y + (ROW - BAR) / 2;
  let from = BARS_FROM;
  return (
    <g>
      <title>{help}</title>
      <rect x="0" y={y} width="100%" height={ROW} fill="transparent" />
      <text x="0" y={middle} dominantBaseline="central" fill="hsl(var(--foreground))" fontWeight="600">
        {level.level}
      </text>
      <line
        x1={`${BARS_FROM}%`}
        x2={`${BARS_FROM}%`}
        y1={y}
        y2={y + ROW}
        stroke="hsl(var(--muted-foreground))"
        strokeWidth="1"
      />
      {LESION_3D_KINDS.map(kind => {
        const width = (level[kind]?.millilitres ?? 0) * perMl;
        const x = from;
        from += width;
        return width > 0 ? (
          <rect key={kind} x={`${x}%`} y={top} width={`${width}%`} height={BAR} fill={kindFill(kind)} />
        ) : null;
      })}
      <text x="100%" y={middle} textAnchor="end" dominantBaseline="central" fill="hsl(var(--foreground))">
        {numbers.volume({ millilitres: lesionMillilitres(level), ...(isLowerBound(level) ? { atLeast: true } : {}) })}
      </text>
    </g>
  );
}

function describe(level: LevelBurden, names: Record<Lesion3dKind, string>, numbers: Numbers): string {
  const parts = LESION_3D_KINDS.flatMap(kind => {
    const found = level[kind];
    return found ? [`${names[kind]} ${numbers.volume(found)} ml`] : [];
  });
  return `${level.level} ${parts.join(', ') || '0 ml'}`;
}
