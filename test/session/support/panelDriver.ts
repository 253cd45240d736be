/** Drives the panel's controller through its actions, and waits for states by the store's own signal. */
import { createController } from '../../../extensions/vertebra-metastasis/src/ohif/session';
import type { PanelState } from '../../../extensions/vertebra-metastasis/src/ui';
import { ctSet, memoryPorts, segSet, vertebraSeg } from './panelPorts';

export type World = ReturnType<typeof memoryPorts>;
export type Controller = ReturnType<typeof createController>;

export function until({ store }: Controller, reached: (state: PanelState) => boolean): Promise<PanelState> {
  return new Promise(resolve => {
    const check = () => reached(store.get()) && (stop(), resolve(store.get()));
    const stop = store.subscribe(check);
    check();
  });
}

/** Waits for what is not in the state. */
export async function eventually(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise(resolve => setTimeout(resolve, 5));
}

export const ready = (controller: Controller) =>
  until(controller, s => s.vertebrae.reading.status === 'ready' && s.model.loading.status === 'ready');

export const rowsOf = (state: PanelState) =>
  state.vertebrae.reading.status === 'ready' ? state.vertebrae.reading.value : [];

export const settled = (controller: Controller) => until(controller, s => !['running', 'idle'].includes(s.run.status));

/** T10 (cut by the border), T11 and T12 with masks 1 to 3; one slice each, every slice searched. */
export async function open(world: World = memoryPorts([ctSet(), segSet(vertebraSeg())])) {
  const controller = createController(world.ports);
  await ready(controller);
  controller.actions.setSettings({ slices: 'central', screenBelow: 0 });
  return { controller, ...world };
}

export async function analysed(world?: World) {
  const opened = await open(world);
  const labels = rowsOf(opened.controller.store.get()).map(({ label }) => label);
  opened.controller.actions.analyse(labels);
  await settled(opened.controller);
  return opened;
}
