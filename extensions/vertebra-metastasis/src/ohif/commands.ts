import { includedVertebrae } from '../ui';
import type { Controller } from './controller';
import { neighbour } from './neighbour';
import type { Visit } from './visit';

/** Commands for hotkeys, toolbars and other extensions; without an open panel they do nothing. */
export function commandsModule(visit: Visit) {
  const withController = (run: (controller: Controller) => void) => ({
    commandFn: () => {
      if (visit.current) run(visit.current);
    },
  });
  return {
    definitions: {
      spineAnalyse: withController(({ store, actions }) =>
        actions.analyse(includedVertebrae(store.get()).map(({ label }) => label))
      ),
      spineCancel: withController(({ actions }) => actions.cancel()),
      spineSave: withController(({ actions }) => actions.save()),
      spineNextVertebra: withController(controller => neighbour(controller, 1)),
      spinePreviousVertebra: withController(controller => neighbour(controller, -1)),
    },
    defaultContext: 'CORNERSTONE',
  };
}
