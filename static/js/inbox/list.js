// The list: rows arrive whole from the server; here they find their place, or leave.
import { getHtml } from './api.js';
import { tell, when } from './bus.js';
import { drawAgo } from './clock.js';
import { element, elements } from './html.js';
import { has as hasDraft, learn as learnDraft } from './drafts.js';
import { current, settings, text } from './page.js';
import { afterPress } from './press.js';
import { isNews, isUnread, learn } from './unread.js';
import { belongs, compare, isNarrow, listUrl, query, tab } from './wanted.js';

const list = document.getElementById('list');
const empty = document.getElementById('list-empty');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const MISSING_WAIT = 1_000;
let refreshing = 0;
let fetching = 0;
const arrived = new Map(); // rows pushed while the list is on its way: it may not know them yet
let vacant = null; // { conversation, at }: where the open conversation stood before it left this list

export const rows = () => [...list.querySelectorAll('.row')];
const more = () => list.querySelector('.more');
const line = row => row.closest('.line');
const rowIn = node => node.querySelector('.row');

export function startList() {
  adopt();
  when('unread:unknown', refreshSoon);
  when('panes:shown', markCurrent);
  when('draft:changed', ({ conversation }) => drawDraft(document.getElementById(`r-${conversation}`)));
  document.body.addEventListener('htmx:afterSwap', adopt);
}

export const vacancy = () => (vacant?.conversation === current() ? vacant.at : null);

/** A row as it is now: it moves to its place in this tab, or out of it. */
export function receiveRow(frame) {
  const { conversation, position } = frame;
  if (fetching && !(arrived.get(conversation)?.position > position)) arrived.set(conversation, frame);
  afterPress(list, () => place(frame));
}

function place(frame) {
  if (isLate(frame)) return;
  const fresh = rowIn(element(frame.html));
  const old = document.getElementById(fresh.id);
  const top = old?.getBoundingClientRect().top;
  const focused = old && line(old).contains(document.activeElement) ? document.activeElement.localName : '';
  const anchor = holdPlace(old);
  keepRead(old, fresh);
  announce(fresh);
  learn(fresh);
  // What is read in a list of the unread stays until the list is asked for again: nobody loses what they look at.
  if (belongs(fresh.dataset, Boolean(old) || isUnread(frame.conversation)) && insert(fresh, old)) {
    dress(fresh);
    if (focused) line(fresh).querySelector(focused).focus({ preventScroll: true });
    slide(fresh, top);
  } else if (old) {
    leave(old, focused);
  }
  anchor();
  settle();
  tell('row:changed', fresh.dataset.conversation);
}

/** Rows above the first one in sight may come and go: what somebody looks at stays where it is. */
function holdPlace(moving) {
  if (!list.scrollTop) return () => {};
  const edge = list.getBoundingClientRect().top;
  const seen = rows().find(row => row !== moving && row.getBoundingClientRect().bottom > edge);
  const before = seen?.getBoundingClientRect().top;
  return () => { if (seen?.isConnected) list.scrollTop += seen.getBoundingClientRect().top - before; };
}

// What colleagues are looking after rings at theirs.
function announce(row) {
  const { assignee } = row.dataset;
  const isMine = !assignee || assignee === settings.member.id;
  if (isMine && isNews(row)) tell('alert', { words: text('newFrom', { name: row.querySelector('.row-1 b').textContent }) });
}

function leave(row, focused) {
  const at = rows().indexOf(row);
  if (row.dataset.conversation === current()) vacant = { conversation: current(), at };
  line(row).remove();
  if (focused) (rows()[at] ?? rows().at(-1) ?? list).focus({ preventScroll: true });
}

function keepRead(old, fresh) {
  if (old?.dataset.read !== undefined && fresh.dataset.read === undefined) fresh.dataset.read = old.dataset.read;
}

function insert(fresh, old) {
  if (old) line(old).remove();
  const below = rows().find(row => compare(row, fresh) > 0);
  if (!below && more() && !old) return false;
  if (below) line(below).before(line(fresh));
  else if (more()) more().before(line(fresh));
  else list.append(line(fresh));
  return true;
}

function slide(row, from) {
  const distance = from === undefined ? 0 : from - row.getBoundingClientRect().top;
  if (calm.matches || !row.animate) return;
  const start = from === undefined ? { opacity: 0 } : { transform: `translateY(${distance}px)` };
  if (from === undefined || distance) row.animate([start, {}], { duration: 160, easing: 'cubic-bezier(.2,.8,.2,1)' });
}

function dress(row) {
  learn(row);
  learnDraft(row.dataset);
  drawDraft(row);
  drawAgo(row);
  tell('row:dressed', row);
}

function drawDraft(row) {
  const sign = row?.querySelector('[data-draft-sign]');
  if (sign) sign.hidden = !hasDraft(row.dataset.conversation);
}

/** New rows of the server (next page, first page): no conversation twice, all of them dressed. */
function adopt() {
  const seen = new Set();
  for (const row of rows()) {
    if (seen.has(row.id)) line(row).remove();
    else dress(row);
    seen.add(row.id);
  }
  settle();
}

export function settle() {
  markCurrent();
  showEmpty(isNarrow() ? 'narrow' : tab());
}

export function markCurrent() {
  for (const row of rows()) {
    if (row.dataset.conversation === current()) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

/** The list has no cursor: after a reconnect its first page is fetched again. */
export async function refresh({ afresh = false } = {}) {
  const wanted = query();
  fetching += 1;
  const reply = await getHtml(listUrl());
  fetching -= 1;
  const isWanted = wanted === query(); // or another list was chosen meanwhile
  if (isWanted && reply.ok) {
    afterPress(list, () => {
      if (wanted !== query()) return;
      if (afresh) list.replaceChildren();
      merge(elements(reply.html));
    });
  }
  afterPress(list, () => fetching || catchUp());
  return isWanted ? reply : null;
}

function catchUp() {
  const frames = [...arrived.values()];
  arrived.clear();
  frames.filter(isNewer).forEach(receiveRow);
}

function isNewer({ conversation, position }) {
  const row = document.getElementById(`r-${conversation}`);
  return !row || position > Number(row.dataset.position);
}

/** Of two processes the slower may tell last. */
function isLate({ conversation, position }) {
  const row = document.getElementById(`r-${conversation}`);
  return Boolean(row) && position < Number(row.dataset.position);
}

function refreshSoon() {
  clearTimeout(refreshing);
  refreshing = setTimeout(refresh, MISSING_WAIT);
}

function merge(fresh) {
  const chips = fresh.find(node => node.id === 'wanted');
  if (chips) document.getElementById('wanted').replaceWith(chips);
  const page1 = fresh.filter(node => node.matches('.line'));
  const ids = new Set(page1.map(node => rowIn(node).id));
  const last = page1.length && fresh.some(node => node.matches('.more')) ? rowIn(page1.at(-1)) : null;
  const deeper = last ? rows().filter(row => !ids.has(row.id) && compare(last, row) < 0).map(line) : [];
  const focused = document.activeElement?.closest('.line')?.id;
  const what = document.activeElement?.localName;
  const next = deeper.length ? more() : fresh.find(node => node.matches('.more'));
  list.replaceChildren(...page1, ...deeper, ...(next ? [next] : []));
  if (globalThis.htmx) globalThis.htmx.process(list);
  adopt();
  if (focused) document.getElementById(focused)?.querySelector(what)?.focus({ preventScroll: true });
}

function showEmpty(name) {
  const busy = list.getAttribute('aria-busy') === 'true';
  empty.hidden = busy || rows().length > 0 || Boolean(more());
  for (const part of empty.children) part.hidden = part.dataset.empty !== name;
}
