import { memo, useEffect, useMemo, useRef } from 'react';
import { KIND_COLOURS, LESION_3D_KINDS } from '../../core/kinds';
import { FOCUS_CSS } from '../controls/colours';
import { millilitres, percent } from '../controls/format';
import { arrowKey } from '../controls/tableRows';
import type { SpineOverview } from '../state/overview';
import type { TabProps } from '../state/state';
import { type VertebraListRow, vertebraListRows } from '../state/vertebraList';
import { type Strings, useStrings } from '../strings';

/** CSS pixels; the smallest body still has a target of 24. */
const PX_PER_MM = 1.1;
const TARGET_PX = 24;
/** For the names on the left and P(malignant) on the right. */
const NAMES_PX = 28;
const BAR_PX = 6;
/** The map beside the rest of the panel, on a panel that is wide enough for both. */
export const MAP_PX = 84;

/** All bodies on one straightened strip, with lesions, P(malignant) and the vertebra selected: a click or a key goes to one. */
export function SpineMap({ state, actions }: TabProps) {
  const strings = useStrings();
  const { overview, focus, vertebrae, review, lesions, run } = state;
  const atWork = run.status === 'running' ? run.progress?.label : undefined;
  const rows = useMemo(
    () => vertebraListRows({ vertebrae, review, lesions, run, order: 'level' }),
    // Of the run only the vertebra at work matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [vertebrae, review, lesions, atWork]
  );
  const box = useRef<HTMLElement>(null);
  const { label } = focus;
  useEffect(() => {
    const current = box.current?.querySelector<HTMLElement>('[aria-current="true"]');
    if (!current || !box.current) return;
    const [above, below] = [current.offsetTop, current.offsetTop + current.offsetHeight];
    const { scrollTop, clientHeight } = box.current;
    if (above < scrollTop || below > scrollTop + clientHeight) {
      box.current.scrollTop = above - (clientHeight - current.offsetHeight) / 2;
    }
    // Arrows move the focus along.
    if (box.current.contains(document.activeElement)) current.focus({ preventScroll: true });
  }, [label]);
  if (!overview) return null;
  const shown = overview.bodies.flatMap(body => {
    const row = rows.find(one => one.label === body.label);
    return row ? [{ ...body, row }] : [];
  });
  const pitchMm = Math.min(...overview.bodies.map(({ top, bottom }) => bottom - top)) * overview.pixelMm;
  const scale = Math.max(PX_PER_MM, TARGET_PX / pitchMm) * overview.pixelMm;
  const stop = shown.some(one => one.label === label) ? label : shown[0]?.label;
  const move = (step: number) => {
    const at = shown.findIndex(one => one.label === stop);
    const next = shown[at + (label === undefined ? 0 : step)];
    if (next) actions.goToVertebra(next.label);
  };
  return (
    <nav
      ref={box}
      aria-label={strings.vertebraList.map}
      data-cy="spine-map"
      className="border-input ohif-scrollbar h-full flex-shrink-0 overflow-y-auto overflow-x-hidden border-r"
      style={{ width: `${MAP_PX}px` }}
      onKeyDown={event => arrowKey(event, move)}
    >
      <div className="relative" style={{ height: `${Math.ceil(overview.rows * scale)}px` }}>
        <Strip
          overview={overview}
          style={{
            position: 'absolute',
            left: `${NAMES_PX}px`,
            top: 0,
            width: `${MAP_PX - NAMES_PX - BAR_PX}px`,
            height: `${overview.rows * scale}px`,
            objectFit: 'cover',
          }}
        />
        {shown.map(({ label: own, top, bottom, row }) => (
          <Body
            key={own}
            row={row}
            top={top * scale}
            height={(bottom - top) * scale}
            current={own === label}
            tabStop={own === stop}
            text={words(row, state, strings)}
            onGo={() => actions.goToVertebra(own)}
          />
        ))}
      </div>
    </nav>
  );
}

/** "T11, P(malignant) 93 %, 2 lesions, 1.4 ml" */
function words(row: VertebraListRow, { lesions }: TabProps['state'], { vertebraList, number }: Strings): string {
  const count = (lesions?.rows ?? []).filter(({ vertebraLabel, level }) =>
    vertebraLabel === undefined ? level === row.level : vertebraLabel === row.label
  ).length;
  return [
    row.level,
    row.probability === undefined
      ? vertebraList.status[row.status]
      : vertebraList.mapProbability(percent(row.probability)),
    ...(count > 0 ? [vertebraList.mapLesions(count, number(millilitres(row.millilitres)))] : []),
  ].join(', ');
}

interface BodyProps {
  readonly row: VertebraListRow;
  readonly top: number;
  readonly height: number;
  readonly current: boolean;
  readonly tabStop: boolean;
  readonly text: string;
  onGo(): void;
}

function Body({ row: { level, probability, status }, top, height, current, tabStop, text, onGo }: BodyProps) {
  return (
    <button
      type="button"
      data-cy="map-body"
      data-level={level}
      aria-label={text}
      aria-current={current}
      title={text}
      tabIndex={tabStop ? 0 : -1}
      className="hover:bg-primary/25 text-foreground absolute left-0 w-full text-left text-sm"
      style={{
        top: `${top}px`,
        height: `${height}px`,
        borderStyle: current ? 'solid' : 'none',
        borderWidth: '2px',
        borderColor: FOCUS_CSS,
        borderRadius: '2px',
        overflow: 'hidden',
      }}
      onClick={onGo}
    >
      <span
        className={current ? 'font-semibold' : ''}
        style={{ position: 'absolute', left: '3px', top: '50%', transform: 'translateY(-50%)' }}
      >
        {level}
      </span>
      {probability !== undefined && (
        <span
          data-cy="map-probability"
          data-value={probability}
          data-status={status}
          style={{
            position: 'absolute',
            right: 0,
            bottom: '1px',
            width: `${BAR_PX - 1}px`,
            forcedColorAdjust: 'none',
            height: `${Math.max(2, 100 * probability)}%`,
            background: probability >= 0.5 ? 'rgb(245 158 11)' : 'rgb(148 163 184)',
          }}
        />
      )}
    </button>
  );
}

const TINT = 0.6;

/** Drawn again only when the strip or its lesions change. Lytic is hatched, mixed chequered: kinds are told apart without colour, too. */
const Strip = memo(function Strip({ overview, style }: { overview: SpineOverview; style: React.CSSProperties }) {
  const { rows, columns, grey, marks } = overview;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(columns, rows);
    for (let at = 0; at < rows * columns; at++) {
      const value = grey ? grey[at] : 0;
      const kind = marks?.[at] ? LESION_3D_KINDS[marks[at] - 1] : undefined;
      const [x, y] = [at % columns, Math.floor(at / columns)];
      const hidden = kind === 'lytic' ? (x + y) % 4 > 2 : kind === 'mixed' ? (x >> 1) % 2 !== (y >> 1) % 2 : false;
      const tint = kind && !hidden ? KIND_COLOURS[kind] : undefined;
      const shade = (channel: number) => (tint ? (1 - TINT) * value + TINT * tint[channel] : value);
      image.data.set([shade(0), shade(1), shade(2), 255], 4 * at);
    }
    context.putImageData(image, 0, 0);
  }, [rows, columns, grey, marks]);
  return (
    <canvas ref={canvas} width={columns} height={rows} aria-hidden data-drawn={grey !== undefined} style={style} />
  );
}, sameStrip);

/** The style follows from the strip. */
function sameStrip(
  { overview: a }: { overview: SpineOverview },
  { overview: b }: { overview: SpineOverview }
): boolean {
  return a.rows === b.rows && a.columns === b.columns && a.grey === b.grey && a.marks === b.marks;
}
