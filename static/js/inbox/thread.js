// The open thread: every message once, in the order of the server, with no hole.
// `tell` events: thread:changed {added, mine, authors}, thread:filled.
import { getJson } from './api.js';
import { pause } from './backoff.js';
import { tell } from './bus.js';
import { drawDays } from './days.js';
import { element } from './html.js';
import { drawStates, noteMarks } from './marks.js';
import { current, log, settings } from './page.js';
import { settle } from './sender.js';

const RETRY = 2_000;
let filling = null; // { conversation, done }

export const messages = () => [...(log()?.querySelectorAll('[data-position]:not([data-position=""])') ?? [])];
export const known = () => Number(log()?.dataset.seq ?? 0);
export const newestPosition = () => Number(messages().at(-1)?.dataset.position ?? 0);

const know = seq => { log().dataset.seq = String(Math.max(known(), seq)); };
// The newest number we were told of; what a fill on its way does not bring yet is asked for again.
const heard = () => Number(log()?.dataset.heard ?? 0);
const hear = seq => { log().dataset.heard = String(Math.max(heard(), seq)); };
const isOpen = conversation => current() === conversation;

/** A push: apply it, and fetch what came before it when we have not seen that. */
export function receive(frame) {
  if (!isOpen(frame.conversation)) return;
  hear(frame.seq);
  if (frame.prev > known()) return fill();
  apply([frame]);
  know(frame.seq);
}

/** Messages in any order, old versions included; the newest version of each stays. */
export function apply(rows) {
  const added = rows.map(upsert).filter(Boolean);
  drawDays(log());
  drawStates(log());
  tell('thread:changed', {
    added: added.filter(row => row.kind !== 'event').length,
    mine: added.some(row => row.author === settings.member.id),
    authors: added.map(row => row.author),
  });
}

/** Calls during a fill of the same thread join it. */
export function fill() {
  const conversation = current();
  if (filling?.conversation === conversation) return filling.done;
  const mine = { conversation };
  filling = mine;
  mine.done = fillNow(conversation).finally(() => { if (filling === mine) filling = null; });
  return mine.done;
}

async function fillNow(conversation) {
  let more = Boolean(conversation);
  while (more && isOpen(conversation)) {
    const reply = await getJson(`${log().dataset.changes}?after=${known()}&limit=200`);
    if (!isOpen(conversation)) return;
    if (!reply.ok) return retryLater(reply, conversation);
    const before = known();
    more = take(reply.data) || (heard() > known() && known() > before);
  }
  tell('thread:filled');
}

function take(answer) {
  if (answer.reset) {
    tell('thread:reset');
    return false;
  }
  if (answer.rows.length) apply(answer.rows);
  know(answer.seq);
  noteMarks(answer.marks);
  return answer.has_more;
}

// 4xx is final (the panes say so); anything else is the network, and the next round may succeed.
async function retryLater(reply, conversation) {
  if (reply.status >= 400 && reply.status < 500 && reply.status !== 429) return;
  await pause((reply.retryAfter ?? 0) * 1000 || RETRY);
  if (isOpen(conversation) && navigator.onLine) queueMicrotask(fill);
}

/** Put one row into the log. Says what was added, or null when it only replaced something. */
function upsert(row) {
  const fresh = element(row.html);
  const stored = document.getElementById(`m-${row.id}`);
  const pending = row.client_id ? document.getElementById(`c-${row.client_id}`) : null;
  if (pending || fresh.dataset.author === settings.member.id) settle({ ...row, conversation: current() });
  if (stored) return replace(stored, fresh);
  if (isBeforeWindow(row.position)) return null;
  if (isAfterWindow(row.position)) return isNews(row.position) ? { kind: fresh.dataset.kind, author: fresh.dataset.author } : null;
  pending?.remove();
  place(fresh, row.position);
  return { kind: fresh.dataset.kind, author: fresh.dataset.author };
}

function replace(stored, fresh) {
  if (Number(fresh.dataset.seq) >= Number(stored.dataset.seq)) stored.replaceWith(fresh);
  return null;
}

// A change to a message that is older than what is loaded would leave a hole above it.
function isBeforeWindow(position) {
  const first = messages()[0];
  const { older, loadingOlder } = log().dataset;
  return older === 'true' && !loadingOlder && first && position < Number(first.dataset.position);
}

// The thread was opened further up: what is new stands below messages that are not loaded yet.
function isAfterWindow(position) {
  const { newer, loadingNewer } = log().dataset;
  return newer === 'true' && !loadingNewer && position > newestPosition();
}

function isNews(position) {
  const { beyond } = log().dataset;
  log().dataset.beyond = String(Math.max(Number(beyond), position));
  return position > Number(beyond);
}

function place(node, position) {
  const after = messages().findLast(other => Number(other.dataset.position) < position);
  if (after) after.after(node);
  else document.getElementById('older').after(node);
}

/** The server has it: the waiting bubble becomes the stored one until its rendering arrives. */
export function promote(ack) {
  const pending = document.getElementById(`c-${ack.client_id}`);
  if (!pending || !isOpen(ack.conversation)) return;
  const stored = document.getElementById(`m-${ack.id}`);
  if (stored || isAfterWindow(ack.position)) return pending.remove();
  pending.id = `m-${ack.id}`;
  pending.dataset.position = String(ack.position);
  pending.dataset.seq = '0';
  pending.remove();
  place(pending, ack.position);
  drawStates(log());
  setTimeout(() => isOpen(ack.conversation) && known() < ack.seq && fill(), RETRY);
}
