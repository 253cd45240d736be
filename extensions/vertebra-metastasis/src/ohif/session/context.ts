/** What actions are given. */
import type { Ports } from './ports';
import type { Session, Store } from './store';

/** For actions on the session of one CT. */
export interface Context {
  readonly store: Store;
  readonly ports: Ports;
  readonly session: Session;
  /** Makes what a person has under way (strokes, a slider) part of the session. */
  commitPending(): void;
}

/** For actions that outlive a session. */
export interface App {
  readonly store: Store;
  readonly ports: Ports;
  /** Of the CT that is open now. */
  context(): Context;
  /** Puts the session of another CT in place of the one that is open. */
  replaceSession(next: Session['state']): Context;
  disposed: boolean;
}

/** Heading of notifications. */
export const TITLE = 'Spine Oncology';
