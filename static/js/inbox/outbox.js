// Texts that the server has not acknowledged. They live in IndexedDB, so a reload, a crash or a day
// offline loses nothing; where that is refused (some private windows) they live in this tab.
import { owner } from './page.js';

const NAME = 'minichat';
const STORE = 'outbox';
const memory = new Map();
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'client_id' }).createIndex('owner', 'owner');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
  });
  return opened;
}

async function run(mode, work) {
  const transaction = (await database()).transaction(STORE, mode);
  const request = work(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

async function attempt(mode, work, fallback) {
  try {
    return await run(mode, work);
  } catch {
    return fallback();
  }
}

const inOrder = (a, b) => (a.client_id < b.client_id ? -1 : 1);

/** Everything of this member, oldest first: the ids are UUIDv7, so they sort by time. */
export async function all() {
  const stored = await attempt('readonly', store => store.index('owner').getAll(owner), () => []);
  const found = new Map([...stored, ...memory.values()].map(entry => [entry.client_id, entry]));
  return [...found.values()].sort(inOrder);
}

export async function put(entry) {
  const row = { ...entry, owner };
  memory.set(row.client_id, row);
  await attempt('readwrite', store => store.put(row), () => null).then(stored => stored && memory.delete(row.client_id));
  return row;
}

/** Remove and return an entry. Of two who ask (an ack and a push, two tabs) one gets it, the other gets null. */
export async function take(clientId) {
  const inMemory = memory.get(clientId) ?? null;
  memory.delete(clientId);
  const stored = await attempt('readwrite', store => {
    const found = store.get(clientId);
    found.onsuccess = () => store.delete(clientId);
    return found;
  }, () => null);
  return stored ?? inMemory;
}
