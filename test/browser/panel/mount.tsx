/** Puts the panel into the host's own page, with the host's React, components and styles. Runs in the browser. */
import { createElement, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { findHostModules } from '../../../viewer/src/loader/hostModules';
import type { HostRequire } from '../../../viewer/src/loader/hostRuntime';
import {
  countsOf,
  createHover,
  type Hover,
  Panel,
  type PanelActions,
  type PanelState,
  stringsFor,
} from '../../../extensions/vertebra-metastasis/src/ui';

/** The states name findings; what the session counts of their slices follows. */
function withCounts(state: PanelState): PanelState {
  const { vertebrae, review } = state;
  return { ...state, vertebrae: { analysed: review.present.findings.map(countsOf), ...vertebrae } };
}

type Component = React.ComponentType<{ children?: ReactNode }>;

export interface Mounted {
  readonly hover: Hover;
  /** @param name of the state: another one starts afresh, scrolled to its top */
  draw(state: PanelState, language?: string, name?: string): void;
  remove(): void;
}

/** Height of the viewer's bars above the panel. */
const BARS_PX = 92;
const WIDTH = 'calc(84px + clamp(370px, 24vw, 560px))';

/** As wide as the mode makes it: see `room` there. */
export function mountPanel(): Mounted {
  const place = document.createElement('div');
  Object.assign(place.style, { position: 'fixed', inset: `${BARS_PX}px 0 0 auto`, width: WIDTH, zIndex: '99' });
  document.body.append(place);
  const root = createRoot(place);
  const hover = createHover();
  const actions = new Proxy({}, { get: () => () => undefined }) as PanelActions;
  const Provider = tooltipProvider();
  return {
    hover,
    draw: (state, language = 'en', name) => {
      const panel = createElement(Panel, {
        key: name,
        state: withCounts(state),
        actions,
        strings: stringsFor(language),
        hover,
      });
      root.render(createElement(Provider, null, panel));
    },
    remove: () => {
      root.unmount();
      place.remove();
    },
  };
}

/** The host wraps its whole page in it and does not hand it to plugins. */
function tooltipProvider(): Component {
  const host = globalThis as unknown as { rspackChunk: unknown[] };
  let load: HostRequire | undefined;
  host.rspackChunk.push([[Symbol()], {}, (given: HostRequire) => (load = given)]);
  const require = load!;
  const texts = new Map(Object.keys(require.m).map(id => [id, String(require.m[id])]));
  const exported = Object.values(require(findHostModules(texts, {})['@ohif/ui-next'].id)) as Component[];
  const found = exported.find(one => one?.displayName === 'TooltipProvider');
  if (!found) throw new Error('the host has no TooltipProvider any more');
  return found;
}
