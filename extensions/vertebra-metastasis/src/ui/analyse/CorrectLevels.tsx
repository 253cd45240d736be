import { Button } from '@ohif/ui-next';
import { useState } from 'react';
import { shiftLevels } from '../../core/vertebrae';
import { Dialog } from '../controls/Dialog';
import { Hint } from '../controls/Hint';
import { Muted } from '../controls/Notes';
import type { VertebraEntry } from '../state/state';
import { useStrings } from '../strings';

interface Props {
  readonly rows: readonly VertebraEntry[];
  /** The vertebra whose right level is asked for; by default the first. */
  readonly label?: number;
  readonly busy: boolean;
  /** @param steps towards the pelvis, below 0 towards the head */
  onShift(steps: number): void;
}

/** A count that is off: before and after are shown before anything moves. */
export function CorrectLevels({ rows, label, busy, onShift }: Props) {
  const { find: texts } = useStrings();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Hint text={texts.correctHelp}>
        <button
          type="button"
          data-cy="correct-levels"
          className="border-input text-foreground hover:bg-primary/25 h-6 whitespace-nowrap rounded border px-1.5 text-sm disabled:opacity-50"
          disabled={busy || rows.length === 0}
          onClick={() => setOpen(true)}
        >
          {texts.correct}
        </button>
      </Hint>
      {open && <Question rows={rows} label={label} onShift={onShift} onClose={() => setOpen(false)} />}
    </>
  );
}

/** A count is rarely wrong by more. */
const MOST_STEPS = 6;

function Question({ rows, label, onShift, onClose }: Omit<Props, 'busy'> & { onClose(): void }) {
  const { find: texts } = useStrings();
  const [steps, setSteps] = useState(0);
  const levels = rows.map(({ level }) => level);
  const own = rows.find(one => one.label === label) ?? rows[0];
  const choices = Array.from({ length: 2 * MOST_STEPS + 1 }, (_, n) => n - MOST_STEPS).flatMap(by => {
    const [level] = shiftLevels([own.level], by);
    return level ? [{ by, level }] : [];
  });
  const after = shiftLevels(levels, steps);
  const beyond = steps !== 0 && after.some(level => level === undefined);
  return (
    <Dialog title={texts.correct} dataCy="correct-levels-dialog" onClose={onClose}>
      <label className="flex items-center gap-2 pb-2">
        {texts.correctIs(own.level)}
        <select
          data-cy="correct-level"
          className="border-input bg-background text-foreground h-7 rounded border px-1"
          value={steps}
          onChange={event => setSteps(Number(event.target.value))}
        >
          {choices.map(({ by, level }) => (
            <option key={by} value={by}>
              {level}
            </option>
          ))}
        </select>
      </label>
      <div className="ohif-scrollbar overflow-y-auto" style={{ maxHeight: '40vh' }}>
        <table className="w-full text-sm" data-cy="correct-preview">
          <thead className="text-muted-foreground">
            <tr>
              <th scope="col" className="text-left font-normal">
                {texts.before}
              </th>
              <th scope="col" className="text-left font-normal">
                {texts.after}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, n) => (
              <tr key={row.label}>
                <td>{row.level}</td>
                <td className={steps === 0 ? 'text-muted-foreground' : 'font-semibold'}>
                  {steps === 0 ? row.level : (after[n] ?? '–')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="py-2">
        <Muted>{beyond ? texts.correctBeyond : texts.correctNote}</Muted>
      </div>
      <div className="flex gap-2">
        <Button
          size="sm"
          dataCY="correct-apply"
          disabled={steps === 0 || beyond}
          onClick={() => {
            onShift(steps);
            onClose();
          }}
        >
          {texts.correctApply}
        </Button>
        <Button size="sm" variant="ghost" dataCY="correct-cancel" onClick={onClose}>
          {texts.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
