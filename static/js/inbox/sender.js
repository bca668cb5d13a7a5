// Brings texts to the server, one at a time per conversation so that their order is kept.
// `tell` events: sent {entry, ack}, failed {entry}, queued {entry}.
import { postJson } from './api.js';
import { backoff, pause } from './backoff.js';
import { next, tell, when } from './bus.js';
import { uuid7 } from './ids.js';
import * as outbox from './outbox.js';
import { text } from './page.js';
import * as socket from './socket.js';

const ACK_PATIENCE = 10_000;
const POST_AFTER = 5_000;
const LOOK_EVERY = 250; // for a text that has failed meanwhile
const STALE_AFTER = 24 * 60 * 60 * 1000;
const FOR_LATER = new Set(['rate_limited', 'unavailable']);

const running = new Set();
const answers = new Map();
let urlOf = null;
let synced = false;
let byPost = false;

export function startSender({ messagesUrl }) {
  urlOf = messagesUrl;
  when('frame:ack', frame => answer(frame.client_id, { ack: frame }));
  when('frame:slow_down', frame => answer(frame.client_id, { wait: frame.retry_after * 1000 }));
  when('frame:error', frame => answer(frame.client_id, refusal(frame.code, frame.message, frame.retry_after)));
  when('link:synced', () => { synced = true; byPost = false; tell('sender:wake'); resume(); });
  when('link:down', () => { synced = false; answerAll({ offline: true }); setTimeout(usePost, POST_AFTER); });
  when('link:ended', () => answerAll({ stop: true }));
  setTimeout(usePost, POST_AFTER);
}

/** The text is safe (stored) when this resolves; it is on its way in any case. */
export async function enqueue(entry) {
  tell('queued', { entry });
  await outbox.put(entry);
  socket.hasten();
  tell('sender:wake');
  drain(entry.conversation);
}

export async function resume() {
  const waiting = (await outbox.all()).filter(entry => !entry.failed);
  new Set(waiting.map(entry => entry.conversation)).forEach(drain);
}

/** What is done to a conversation comes after what was written in it: a reply that arrives later would open it again. */
export async function quiet(conversation) {
  const until = Date.now() + ACK_PATIENCE;
  while (navigator.onLine && Date.now() < until && (await oldest(conversation))) await next('sent', LOOK_EVERY);
}

/** Old texts ask before they go out: nobody expects yesterday's sentence to be sent now. */
export async function holdStale(now = Date.now()) {
  for (const entry of await outbox.all()) {
    if (!entry.failed && now - entry.at > STALE_AFTER) await fail(entry, 'stale', text('stale'));
  }
}

export async function retry(clientId) {
  const entry = (await outbox.all()).find(row => row.client_id === clientId);
  if (!entry) return;
  const { failed, ...fresh } = entry;
  await enqueue({ ...fresh, at: Date.now() });
}

export async function discard(clientId) {
  await outbox.take(clientId);
  tell('discarded', { clientId });
}

/** The message came back as a push or a row: it is stored, whether or not its ack arrives. */
export async function settle(ack) {
  const entry = await outbox.take(ack.client_id);
  answer(ack.client_id, { settled: true });
  if (entry) tell('sent', { entry, ack });
}

function usePost() {
  byPost = !synced;
  tell('sender:wake');
  if (byPost) resume();
}

async function drain(conversation) {
  if (running.has(conversation)) return;
  running.add(conversation);
  let failures = 0;
  let entry = null;
  while (!socket.hasEnded() && (entry = await oldest(conversation))) {
    const result = await deliver(entry);
    failures = result.offline ? failures + 1 : 0;
    await act(entry, result, failures);
  }
  running.delete(conversation);
  if (!socket.hasEnded() && (await oldest(conversation))) drain(conversation);
}

async function oldest(conversation) {
  return (await outbox.all()).find(entry => entry.conversation === conversation && !entry.failed) ?? null;
}

async function deliver(entry) {
  if (synced && socket.isReady()) return overSocket(entry);
  if (byPost) return overHttp(entry);
  return { offline: true };
}

// An entry of an older page names nobody and is no draft of the server's.
const words = ({ body, note, attachments = [], mentions = [], draft = null, quick_replies = [], card = null }) => ({ body, note, attachments: attachments.map(file => file.id), mentions, draft, quick_replies, card });

function overSocket(entry) {
  return new Promise(resolve => {
    const timer = setTimeout(() => answer(entry.client_id, { lost: true }), ACK_PATIENCE);
    answers.set(entry.client_id, result => { clearTimeout(timer); resolve(result); });
    const frame = { type: 'message', conversation: entry.conversation, client_id: entry.client_id, ...words(entry) };
    if (!socket.send(frame)) answer(entry.client_id, { offline: true });
  }).then(result => (result.lost ? overHttp(entry) : result));
}

async function overHttp(entry) {
  const reply = await postJson(urlOf(entry.conversation), { client_id: entry.client_id, ...words(entry) });
  if (reply.ok) return { ack: { ...reply.data, client_id: entry.client_id } };
  if (reply.status === 401) return { stop: true };
  if (reply.status === 0) return { offline: true };
  if (reply.status >= 500) return reply.retryAfter ? { wait: reply.retryAfter * 1000 } : { offline: true };
  return refusal(reply.data?.code, reply.data?.detail, reply.retryAfter ?? reply.data?.retry_after);
}

function refusal(code, message, retryAfter) {
  if (FOR_LATER.has(code)) return { wait: (retryAfter ?? 1) * 1000 };
  if (code === 'unauthenticated') return { stop: true };
  return { failed: { code: code ?? 'invalid', message: message ?? text('notSent') } };
}

async function act(entry, result, failures) {
  if (result.ack) {
    await settle(result.ack);
  } else if (result.offline) {
    await next('sender:wake', backoff(failures));
  } else if (result.wait !== undefined) {
    await pause(result.wait);
  } else if (result.failed?.code === 'conflict') {
    await rename(entry);
  } else if (result.failed) {
    await fail(entry, result.failed.code, result.failed.message);
  }
}

// The id was taken by another text, so this one goes out under a new name.
async function rename(entry) {
  await discard(entry.client_id);
  await enqueue({ ...entry, client_id: uuid7() });
}

async function fail(entry, code, message) {
  const row = { ...entry, failed: { code, message } };
  await outbox.put(row);
  tell('failed', { entry: row });
}

function answerAll(result) {
  [...answers.keys()].forEach(clientId => answer(clientId, result));
}

function answer(clientId, result) {
  const waiting = answers.get(clientId);
  answers.delete(clientId);
  waiting?.(result);
}
