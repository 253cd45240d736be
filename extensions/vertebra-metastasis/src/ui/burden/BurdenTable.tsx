import type { Burden, KindBurden, LevelBurden } from '../../core/burden';
import type { LesionKind } from '../../core/types';
import { Hint } from '../Hint';
import { KindMark } from '../KindMark';
import { useStrings } from '../strings';
import { cubicCentimetres, hounsfield, percentage } from './format';

const KINDS: readonly LesionKind[] = ['lytic', 'blastic'];

interface Props {
  burden: Burden;
  onShow(level: string): void;
}

/** The numbers behind the chart: volume, share of the analysed body, Hounsfield units. */
export function BurdenTable({ burden, onShow }: Props) {
  const { burden: strings } = useStrings();
  const affected = burden.levels.filter(({ lytic, blastic }) => lytic || blastic);
  return (
    <table className="w-full text-sm" data-cy="burden-table">
      <thead>
        <tr className="text-muted-foreground text-xs">
          <th scope="col" className="text-left font-normal">
            {strings.level}
          </th>
          <Column title={strings.volume} help={strings.volumeHelp} />
          <Column title={strings.hu} help={strings.huHelp} />
          <Column title={strings.share} help={strings.shareHelp} />
        </tr>
      </thead>
      {affected.map(level => (
        <LevelRows key={level.level} level={level} name={level.level} onShow={() => onShow(level.level)} />
      ))}
      <LevelRows level={burden.total} name={strings.total} total />
    </table>
  );
}

function Column({ title, help }: { title: string; help: string }) {
  return (
    <th scope="col" className="text-right font-normal">
      <Hint text={help}>
        <span tabIndex={0}>{title}</span>
      </Hint>
    </th>
  );
}

interface RowsProps {
  level: Omit<LevelBurden, 'level'>;
  name: string;
  total?: boolean;
  onShow?(): void;
}

function LevelRows({ level, name, total, onShow }: RowsProps) {
  const { burden: strings } = useStrings();
  const kinds = KINDS.flatMap(kind => (level[kind] ? [[kind, level[kind]] as const] : []));
  const rows = kinds.length > 0 ? kinds : [[undefined, undefined] as const];
  return (
    <tbody className="text-foreground border-input border-t" data-cy={total ? 'burden-total' : 'burden-level'}>
      {rows.map(([kind, burden], n) => (
        <tr key={kind ?? 'none'} data-cy="burden-row" data-level={name} data-kind={kind} {...exact(burden, level)}>
          <th scope="row" className="py-0.5 text-left font-normal">
            <span className="flex items-center gap-1.5">
              {n === 0 && onShow ? (
                <Hint text={strings.show(name)}>
                  <button
                    type="button"
                    className="hover:bg-primary/25 w-8 rounded text-left font-semibold"
                    onClick={onShow}
                  >
                    {name}
                  </button>
                </Hint>
              ) : (
                <span className="w-8 font-semibold">{n === 0 ? name : ''}</span>
              )}
              {kind && <KindMark kind={kind} />}
            </span>
          </th>
          <td className="text-right">{burden ? cubicCentimetres(burden.millilitres) : '0.00'}</td>
          <td className="text-right">{burden && <Hounsfield burden={burden} />}</td>
          <td className="text-right">
            {n === 0 && (level.percent === undefined ? strings.unknown : percentage(level.percent))}
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function Hounsfield({ burden: { hu, huPercentiles } }: { burden: KindBurden }) {
  const { burden: strings } = useStrings();
  const { p10, p90 } = huPercentiles;
  return (
    <Hint text={strings.huOf(hounsfield(hu.minimum), hounsfield(hu.maximum))}>
      <span tabIndex={0} className="block">
        <span className="block">
          {hounsfield(hu.mean)} ± {hounsfield(hu.standardDeviation)}
        </span>
        <span className="text-muted-foreground block text-xs">{[p10, hu.median, p90].map(hounsfield).join(' · ')}</span>
      </span>
    </Hint>
  );
}

/** The numbers before rounding, for tests and for other tools that read the page. */
function exact(burden: KindBurden | undefined, { percent }: Omit<LevelBurden, 'level'>) {
  return {
    'data-ml': burden?.millilitres,
    'data-hu-mean': burden?.hu.mean,
    'data-hu-sd': burden?.hu.standardDeviation,
    'data-percent': percent,
  };
}
