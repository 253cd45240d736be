import { createContext, useContext, useSyncExternalStore } from 'react';
import type { CandidateKey } from '../../core/review';

/**
 * The candidate under the pointer or with the keyboard focus. Kept apart from PanelState: it changes with every move of
 * the pointer, and only what shows it is drawn again.
 */
export interface Hover {
  get(): CandidateKey | undefined;
  set(key: CandidateKey | undefined): void;
  /** @returns a function that stops listening */
  subscribe(listener: () => void): () => void;
}

export function createHover(): Hover {
  let current: CandidateKey | undefined;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(key) {
      if (key === current) return;
      current = key;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const HoverContext = createContext<Hover>(createHover());

export function useHover(): Hover {
  return useContext(HoverContext);
}

/** What is hovered, as far as `pick` tells it apart: the component is drawn again only when that changes. */
export function useHovered<T extends string | boolean | undefined>(pick: (key: CandidateKey | undefined) => T): T {
  const hover = useHover();
  const get = () => pick(hover.get());
  return useSyncExternalStore(hover.subscribe, get, get);
}
