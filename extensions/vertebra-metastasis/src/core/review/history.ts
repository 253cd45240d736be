/** Undo and redo over immutable states. */
export interface History<S> {
  readonly past: readonly S[];
  readonly present: S;
  readonly future: readonly S[];
}

/** Steps that can be taken back; older ones are forgotten. */
export const HISTORY_LIMIT = 500;

export function startHistory<S>(present: S): History<S> {
  return { past: [], present, future: [] };
}

/** A new step, which clears what could be redone. The same state again is no step. */
export function advance<S>(history: History<S>, next: S): History<S> {
  if (next === history.present) return history;
  return { past: [...history.past, history.present].slice(-HISTORY_LIMIT), present: next, future: [] };
}

/** More of the step that was taken last: undo takes both back at once. */
export function amend<S>(history: History<S>, next: S): History<S> {
  return { ...history, present: next, future: [] };
}

export function undo<S>(history: History<S>): History<S> {
  const { past, present, future } = history;
  if (past.length === 0) return history;
  return { past: past.slice(0, -1), present: past[past.length - 1], future: [present, ...future] };
}

export function redo<S>(history: History<S>): History<S> {
  const { past, present, future } = history;
  if (future.length === 0) return history;
  return { past: [...past, present], present: future[0], future: future.slice(1) };
}

/** Applies what is not a step, such as a new analysis, to every state, so that undo cannot lose it. */
export function mapHistory<S>({ past, present, future }: History<S>, change: (state: S) => S): History<S> {
  return { past: past.map(change), present: change(present), future: future.map(change) };
}
