// Unread = what the visitor wrote minus what this member has read. The server renders a row once for
// the whole team, so the subtraction happens here.
import { tell } from './bus.js';

const counts = new Map();
let isBeingRead = () => false;

/** `asks(conversation)`: is somebody looking at it right now? Then it never counts as unread. */
export const readWhile = asks => { isBeingRead = asks; };

/** The row says more than was known: somebody wrote, and nobody is reading it here; or the assistant, who read along for
    us, has handed it over. Ask before `learn`. */
export function isNews({ dataset: { conversation, inbound, status, waiting, handler } }) {
  if (handler === 'ai') return false;
  const unknown = Number(inbound) - (waiting === 'true' ? 1 : 0);
  const before = counts.get(conversation);
  const isMore = Number(inbound) > (before?.inbound ?? unknown) || (before?.ai && waiting === 'true');
  return status === 'open' && isMore && !isBeingRead(conversation);
}

export function learn(row) {
  const { conversation, inbound, read, status, handler } = row.dataset;
  const before = counts.get(conversation);
  const seen = isBeingRead(conversation) ? Number(inbound) : read !== undefined ? Number(read) : before?.read;
  counts.set(conversation, {
    inbound: Number(inbound),
    read: Math.max(seen ?? Number(inbound) - 1, before?.read ?? 0),
    open: status === 'open',
    ai: handler === 'ai',
  });
  if (seen === undefined) tell('unread:unknown', conversation);
  draw(row);
}

export function markRead(conversation) {
  const count = counts.get(conversation);
  if (count) pointer({ conversation, inbound_read: count.inbound });
}

export function pointer({ conversation, inbound_read: read }) {
  const count = counts.get(conversation);
  if (!count || read <= count.read) return;
  count.read = read;
  const row = document.getElementById(`r-${conversation}`);
  if (row) draw(row);
  else tell('unread:changed');
}

export const total = () => [...counts.values()].reduce((sum, count) => sum + (count.open ? unreadOf(count) : 0), 0);

export const isUnread = conversation => counts.has(conversation) && unreadOf(counts.get(conversation)) > 0;

const unreadOf = count => (count.ai ? 0 : Math.max(0, count.inbound - count.read));

export function draw(row) {
  const unread = unreadOf(counts.get(row.dataset.conversation));
  const badge = row.querySelector('[data-unread]');
  badge.hidden = unread === 0;
  badge.querySelector('[data-n]').textContent = unread > 99 ? '99+' : String(unread);
  row.classList.toggle('unread', unread > 0);
  tell('unread:changed');
}
