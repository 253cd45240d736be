import { LESION_3D_KINDS } from '../../core/kinds';
import { type Burden, hasLesion, type KindBurden, type LevelBurden } from '../../core/burden';
import { Hint } from '../controls/Hint';
import { KindMark } from '../controls/KindMark';
import { Muted } from '../controls/Notes';
import { STICKY_HEAD } from '../controls/tableRows';
import { useStrings } from '../strings';
import { numbersIn } from './format';

/** Second lines of a cell must not move the first. Cells inherit it. */
const TOP = { verticalAlign: 'top' } as const;

interface Props {
  burden: Burden;
  onShow(level: string): void;
}

/** The numbers behind the chart: volume, share of the analysed body, Hounsfield units. */
export function BurdenTable({ burden, onShow }: Props) {
  const { burden: strings } = useStrings();
  const affected = burden.levels.filter(hasLesion);
  const names = burden.levels.filter(one => !affected.includes(one)).map(({ level }) => level);
  const screened = names.filter(level => burden.screenedLevels.includes(level));
  const free = names.filter(level => !screened.includes(level));
  return (
    <>
      <table className="w-full text-sm" data-cy="burden-table">
        <thead className="bg-background" style={{ ...TOP, ...STICKY_HEAD }}>
          <tr className="text-muted-foreground text-sm">
            <th scope="col" className="text-left font-normal">
              {strings.level}
            </th>
            <Column title={strings.volume} help={strings.volumeHelp} />
            <Column title={strings.hu} help={strings.huHelp} below={strings.percentiles} />
            <Column title={strings.share} help={strings.shareHelp} />
          </tr>
        </thead>
        {affected.map(level => (
          <LevelRows key={level.level} level={level} name={level.level} onShow={() => onShow(level.level)} />
        ))}
        <LevelRows level={burden.total} name={strings.total} total />
      </table>
      {free.length > 0 && <Muted data-cy="burden-free">{strings.noLesionIn(free.join(', '))}</Muted>}
      {screened.length > 0 && (
        <Muted data-cy="burden-screened">{`${strings.screenedVertebrae(screened.join(', '))}.`}</Muted>
      )}
    </>
  );
}

function Column({ title, help, below }: { title: string; help: string; below?: string }) {
  return (
    <th scope="col" className="pl-2 text-right font-normal">
      <Hint text={help}>
        <span tabIndex={0} className="block">
          {title}
          {below && <span className="block">{below}</span>}
        </span>
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
  const { kind: kindNames } = useStrings();
  const kinds = LESION_3D_KINDS.flatMap(kind => (level[kind] ? [[kind, level[kind]] as const] : []));
  const rows = kinds.length > 0 ? kinds : [[undefined, undefined] as const];
  return (
    <tbody
      style={TOP}
      className="text-foreground border-input border-t"
      data-cy={total ? 'burden-total' : 'burden-level'}
    >
      {rows.map(([kind, burden], n) => (
        <tr key={kind ?? 'none'} data-cy="burden-row" data-level={name} data-kind={kind} {...exact(burden, level)}>
          <th scope="row" className="py-0.5 text-left font-normal">
            <span className="flex items-center gap-1.5">
              <LevelName name={n === 0 ? name : ''} onShow={onShow} />
              {kind && <KindMark kind={kind} />}
            </span>
          </th>
          <td className="pl-2 text-right">
            <Volume burden={burden} name={kind ? `${name} ${kindNames[kind]}` : name} />
          </td>
          <td className="pl-2 text-right">{burden && <Hounsfield burden={burden} />}</td>
          <td className="pl-2 text-right">{n === 0 && <Share level={level} name={name} />}</td>
        </tr>
      ))}
    </tbody>
  );
}

function LevelName({ name, onShow }: { name: string; onShow?(): void }) {
  const { burden: strings } = useStrings();
  if (!name || !onShow) return <span className="w-8 font-semibold">{name}</span>;
  return (
    <Hint text={strings.show(name)}>
      <button
        type="button"
        aria-label={strings.show(name)}
        className="hover:bg-primary/25 h-6 w-8 rounded text-left font-semibold"
        onClick={onShow}
      >
        {name}
      </button>
    </Hint>
  );
}

function Volume({ burden, name }: { burden?: KindBurden; name: string }) {
  const strings = useStrings();
  const numbers = numbersIn(strings);
  if (!burden) return <span>{numbers.ml(0)}</span>;
  const { voxels, atLeast } = burden;
  const help = strings.burden.volumeOf(name, numbers.volume(burden), voxels);
  return (
    <Hint text={atLeast ? `${help} ${strings.lesionList.atLeastHelp}` : help}>
      <span className="whitespace-nowrap">{numbers.volume(burden)}</span>
    </Hint>
  );
}

function Share({ level: { percent, analysedMillilitres }, name }: { level: Omit<LevelBurden, 'level'>; name: string }) {
  const strings = useStrings();
  const numbers = numbersIn(strings);
  if (percent === undefined || analysedMillilitres === undefined) return <span>{strings.burden.unknown}</span>;
  return (
    <Hint text={strings.burden.shareOf(name, numbers.percent(percent), numbers.ml(analysedMillilitres))}>
      <span>{numbers.percent(percent)}</span>
    </Hint>
  );
}

function Hounsfield({ burden: { hu, huPercentiles } }: { burden: KindBurden }) {
  const strings = useStrings();
  const numbers = numbersIn(strings);
  const percentiles = [huPercentiles.p10, hu.median, huPercentiles.p90].map(numbers.hu);
  return (
    <Hint text={strings.burden.huOf(numbers.hu(hu.minimum), numbers.hu(hu.maximum))}>
      <span tabIndex={0} className="block">
        <span className="block">
          {numbers.hu(hu.mean)} ± {numbers.hu(hu.standardDeviation)}
        </span>
        <span className="text-muted-foreground block text-sm">{percentiles.join(' · ')}</span>
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
    'data-hu-p10': burden?.huPercentiles.p10,
    'data-hu-p90': burden?.huPercentiles.p90,
    'data-percent': percent,
  };
}
