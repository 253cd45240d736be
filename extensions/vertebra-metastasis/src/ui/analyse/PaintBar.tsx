import { Action } from '../controls/Action';
import { Hint } from '../controls/Hint';
import { pressedBorder } from '../controls/tableRows';
import type { PaintTool, TabProps } from '../state/state';
import { useStrings } from '../strings';

const TOOLS: readonly PaintTool[] = ['lytic', 'blastic', 'erase'];

/** The viewer's brush for the selected vertebra, and its eraser. */
export function PaintBar({ state, actions }: TabProps) {
  const { review: texts } = useStrings();
  return (
    <div className="flex items-center gap-1" role="group" aria-label={texts.paint} data-cy="paint">
      <span className="text-muted-foreground text-sm">{texts.paint}</span>
      {TOOLS.map(tool => (
        <Hint key={tool} text={texts.paintHelp[tool]}>
          <button
            type="button"
            data-cy={`paint-${tool}`}
            aria-pressed={state.painting === tool}
            disabled={tool === 'erase' && !state.lesions?.rows.length}
            className={`border-input h-7 flex-1 whitespace-nowrap rounded border px-2 text-sm disabled:opacity-50 ${state.painting === tool ? 'bg-primary/25 text-foreground' : 'text-foreground hover:bg-primary/25'}`}
            style={pressedBorder(state.painting === tool)}
            onClick={() => actions.paint(tool)}
          >
            {texts.paintTool[tool]}
          </button>
        </Hint>
      ))}
      <Action text={texts.fill} help={texts.fillHelp} dataCy="fill-between" onClick={actions.fillBetween} />
    </div>
  );
}
