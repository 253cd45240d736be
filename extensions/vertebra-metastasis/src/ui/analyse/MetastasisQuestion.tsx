import { useEffect, useRef } from 'react';
import { type Answer, ANSWERS, suggestedAnswer } from '../../core/review';
import { Hint } from '../controls/Hint';
import { Muted } from '../controls/Notes';
import { pressedBorder } from '../controls/tableRows';
import type { TabProps } from '../state/state';
import { useStrings } from '../strings';

interface QuestionProps extends TabProps {
  readonly label: number;
  readonly level: string;
}

/**
 * One question once the review of a vertebra is completed. What was accepted says where the keyboard begins, but nothing counts as
 * an answer until a person gives it.
 */
export function MetastasisQuestion({ label, level, state, actions }: QuestionProps) {
  const { answer: strings } = useStrings();
  const { present } = state.review;
  const given = present.answers[label];
  const suggested = suggestedAnswer(present, label);
  const group = useRef<HTMLDivElement>(null);
  const chosen = given?.answer ?? suggested;
  const choices = () => [...(group.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
  // Whoever has just completed the review answers next; a vertebra that is only looked at keeps the focus where it was.
  const asked = useRef(given !== undefined);
  useEffect(() => {
    if (!asked.current) choices()[ANSWERS.indexOf(suggested)]?.focus();
    asked.current = true;
  }, [suggested]);
  const move = (step: number) => {
    const buttons = choices();
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  return (
    <div className="space-y-1" data-cy="metastasis-question" data-answer={given?.answer ?? ''}>
      <div className="text-foreground flex flex-wrap items-center gap-2 text-sm">
        <span id={`metastasis-${label}`} title={strings.questionHelp}>
          {strings.question(level)}
        </span>
        <div
          ref={group}
          role="radiogroup"
          aria-labelledby={`metastasis-${label}`}
          className="flex gap-1"
          onKeyDown={event => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            // The viewer would scroll the images.
            event.stopPropagation();
            move(step);
          }}
        >
          {ANSWERS.map(answer => (
            <Choice
              key={answer}
              answer={answer}
              checked={given?.answer === answer}
              first={answer === chosen}
              onChoose={() => actions.answer(label, given?.answer === answer ? undefined : answer)}
            />
          ))}
        </div>
      </div>
      {given ? (
        <Muted data-cy="metastasis-given">{strings.given(given.reader ?? strings.nobody, dateOf(given.on))}</Muted>
      ) : (
        <Muted>{strings.open(strings.answers[suggested])}</Muted>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly answer: Answer;
  readonly checked: boolean;
  /** The one that Tab leads to. */
  readonly first: boolean;
  onChoose(): void;
}

function Choice({ answer, checked, first, onChoose }: ChoiceProps) {
  const { answer: strings } = useStrings();
  return (
    <Hint text={strings.help[answer]}>
      <button
        type="button"
        role="radio"
        aria-checked={checked}
        tabIndex={first ? 0 : -1}
        data-cy={`answer-${answer.replace(' ', '-')}`}
        className={`border-input text-foreground hover:bg-primary/25 h-6 rounded border px-2 ${checked ? 'bg-primary/50' : ''}`}
        style={pressedBorder(checked)}
        onClick={onChoose}
      >
        {strings.answers[answer]}
      </button>
    </Hint>
  );
}

/** YYYY-MM-DD */
const dateOf = (on: string) => `${on.slice(0, 4)}-${on.slice(4, 6)}-${on.slice(6, 8)}`;
