import { Button } from '@ohif/ui-next';
import { useEffect, useRef, useState } from 'react';
import { LEVELS, levelFromName } from '../../core/vertebrae';
import { Hint } from '../controls/Hint';
import type { ProposedLevel } from '../state/findState';
import { Muted, ProblemNote } from '../controls/Notes';
import type { TabProps } from '../state/state';
import { useStrings } from '../strings';

/** Asks once which level a vertebra has; the others are counted from it. */
export function LevelQuestion({ state, actions }: TabProps) {
  const { find, vertebrae } = state;
  const entry =
    vertebrae.reading.status === 'ready'
      ? vertebrae.reading.value.find(({ label }) => label === find.asked)
      : undefined;
  if (!entry) return null;
  const proposed = find.proposed?.label === entry.label ? find.proposed : undefined;
  return <Question key={entry.label} label={entry.label} name={entry.level} proposed={proposed} actions={actions} />;
}

interface QuestionProps {
  label: number;
  name: string;
  proposed?: ProposedLevel;
  actions: TabProps['actions'];
}

function Question({ label, name, proposed, actions }: QuestionProps) {
  const { find: strings } = useStrings();
  const [text, setText] = useState<string>(proposed?.level ?? '');
  const [wrong, setWrong] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  // Who has just clicked types the level next; a proposal gives way to what is typed.
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const confirm = () => {
    const level = levelFromName(text);
    if (level) actions.find.confirmLevel(label, level);
    else setWrong(text);
  };
  return (
    <form
      className="space-y-1"
      data-cy="level-question"
      onSubmit={event => {
        event.preventDefault();
        confirm();
      }}
    >
      <div className="text-foreground flex items-center gap-2 text-sm">
        <span>{strings.levelOf}</span>
        <Hint text={strings.levelShow}>
          <button type="button" className="text-primary" onClick={() => actions.goToVertebra(label)}>
            {name}?
          </button>
        </Hint>
        <input
          ref={field}
          list="spine-levels"
          data-cy="level-field"
          aria-label={strings.levelHelp}
          autoComplete="off"
          className="border-input bg-background text-foreground h-7 w-16 rounded border px-2 text-sm"
          value={text}
          onChange={event => setText(event.target.value)}
        />
        <datalist id="spine-levels">
          {LEVELS.map(level => (
            <option key={level} value={level} />
          ))}
        </datalist>
        <Button size="sm" dataCY="level-confirm" disabled={text === ''} type="submit">
          {strings.levelConfirm}
        </Button>
      </div>
      {proposed && (
        <Muted data-cy="level-proposed">
          {strings.levelProposed(proposed.level, strings.basis[proposed.basis], proposed.confidence)}
        </Muted>
      )}
      <Muted>{strings.levelHelp}</Muted>
      {wrong !== undefined && (
        <ProblemNote problem={{ code: 'unknown-level', params: { level: wrong, known: LEVELS } }} />
      )}
    </form>
  );
}
