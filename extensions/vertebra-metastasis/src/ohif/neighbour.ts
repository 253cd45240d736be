import type { Controller } from './controller';

/** The vertebra each controller went to last. */
const last = new WeakMap<Controller, number>();

/** Shows the next vertebra towards the pelvis (1) or the head (-1); wraps around. */
export function neighbour(controller: Controller, step: 1 | -1): void {
  const { reading } = controller.store.get().vertebrae;
  if (reading.status !== 'ready' || reading.value.length === 0) return;
  const vertebrae = reading.value;
  const at = vertebrae.findIndex(({ label }) => label === last.get(controller));
  const next = at < 0 ? (step > 0 ? 0 : vertebrae.length - 1) : (at + step + vertebrae.length) % vertebrae.length;
  last.set(controller, vertebrae[next].label);
  controller.actions.goToVertebra(vertebrae[next].label);
}
