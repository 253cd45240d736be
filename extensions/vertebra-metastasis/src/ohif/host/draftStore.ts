/** Drafts of unsaved reviews in this browser's IndexedDB. They are patient data: see docs/review.md. */
import type { DraftPort } from '../session';
import type { Draft } from '../session/drafts/state';

const DATABASE = 'spine-oncology-drafts';
const STORE = 'drafts';
/** A draft is kept for a day. */
const KEEP_MS = 24 * 60 * 60 * 1000;

interface Kept {
  readonly draft: Draft;
  /** Who was signed in. */
  readonly user: string;
}

/** @param user who is signed in; drafts of somebody else are deleted, not shown */
export function createDraftStore(user: () => string | undefined): DraftPort {
  const name = () => user() ?? '';
  return {
    async read(key) {
      await removeWhere(({ draft, user: owner }) => Date.now() - draft.at > KEEP_MS || owner !== name());
      const kept = await run<Kept | undefined>('readonly', store => store.get(key));
      return kept?.draft;
    },
    async write(draft) {
      await run('readwrite', store => store.put({ draft, user: name() } satisfies Kept, draft.key));
    },
    async remove(key) {
      await run('readwrite', store => store.delete(key));
    },
  };
}

/** On sign-out. */
export async function clearDrafts(): Promise<void> {
  await run('readwrite', store => store.clear());
}

/** Of a site that keeps none. */
export const noDrafts: DraftPort = {
  read: async () => undefined,
  write: async () => undefined,
  remove: async () => undefined,
};

async function removeWhere(goes: (kept: Kept) => boolean): Promise<void> {
  const keys = await run('readonly', store => store.getAllKeys());
  for (const key of keys) {
    const kept = await run<Kept | undefined>('readonly', store => store.get(key));
    if (kept && goes(kept)) await run('readwrite', store => store.delete(key));
  }
}

async function run<T>(mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    const transaction = database.transaction(STORE, mode);
    const done = settled(transaction);
    const result = await answer(request(transaction.objectStore(STORE)));
    await done;
    return result;
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Written for good, not only accepted. */
function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
