// The list: rows arrive whole from the server; here they find their place, or leave.
import { getHtml } from './api.js';
import { tell, when } from './bus.js';
import { drawAgo } from './clock.js';
import { element, elements } from './html.js';
import { current, page, settings } from './page.js';
import { draw, learn } from './unread.js';

const list = document.getElementById('list');
const empty = document.getElementById('list-empty');
const filter = document.getElementById('filter');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const MISSING_WAIT = 1_000;
let refreshing = 0;
let fetching = 0;
const arrived = new Map(); // rows pushed while the list is on its way: it may not know them yet
let vacant = null; // { conversation, at }: where the open conversation stood before it left this list

export const rows = () => [...list.querySelectorAll('.row')].filter(row => !row.hidden);
const allRows = () => [...list.querySelectorAll('.row')];
const tab = () => page.dataset.tab;
const more = () => list.querySelector('.more');
const urlOf = name => (name === 'open' ? settings.listUrl : `${settings.listUrl}?tab=${name}`);

export function startList() {
  adopt();
  when('unread:unknown', refreshSoon);
  when('panes:shown', markCurrent);
  filter.addEventListener('input', applyFilter);
  document.body.addEventListener('htmx:afterSwap', adopt);
}

export const vacancy = () => (vacant?.conversation === current() ? vacant.at : null);

/** A row as it is now: it moves to its place in this tab, or out of it. */
export function receiveRow(frame) {
  if (isLate(frame)) return;
  if (fetching) arrived.set(frame.conversation, frame);
  const fresh = element(frame.html);
  const old = document.getElementById(fresh.id);
  const top = old?.getBoundingClientRect().top;
  const hadFocus = old === document.activeElement;
  keepRead(old, fresh);
  if (belongs(fresh.dataset) && insert(fresh, old)) {
    dress(fresh);
    if (hadFocus) fresh.focus({ preventScroll: true });
    slide(fresh, top);
  } else {
    if (old) leave(old, hadFocus);
    learn(fresh);
  }
  settle();
  tell('row:changed', fresh.dataset.conversation);
}

function leave(row, hadFocus) {
  const at = rows().indexOf(row);
  if (row.dataset.conversation === current()) vacant = { conversation: current(), at };
  row.remove();
  if (hadFocus) (rows()[at] ?? rows().at(-1) ?? list).focus({ preventScroll: true });
}

function keepRead(old, fresh) {
  if (old?.dataset.read !== undefined && fresh.dataset.read === undefined) fresh.dataset.read = old.dataset.read;
}

function belongs({ status, waiting, assignee }) {
  const open = status !== 'resolved';
  const rule = {
    open, closed: !open, waiting: open && waiting === 'true', mine: open && assignee === settings.member.id, unassigned: open && !assignee,
  };
  return rule[tab()];
}

// The longest wait is on top of "Waiting"; everywhere else the newest message is.
const rank = row => (tab() === 'waiting' ? -Date.parse(row.dataset.since || row.dataset.at) : Date.parse(row.dataset.at));

function insert(fresh, old) {
  old?.remove();
  const below = allRows().find(row => rank(row) < rank(fresh));
  if (!below && more() && !old) return false;
  if (below) below.before(fresh);
  else if (more()) more().before(fresh);
  else list.append(fresh);
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
  drawAgo(row);
}

/** New rows of the server (next page, first page): no conversation twice, all of them dressed. */
function adopt() {
  const seen = new Set();
  for (const row of allRows()) {
    if (seen.has(row.id)) row.remove();
    else dress(row);
    seen.add(row.id);
  }
  settle();
}

export function settle() {
  markCurrent();
  applyFilter();
}

export function markCurrent() {
  for (const row of allRows()) {
    if (row.dataset.conversation === current()) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

/** The list has no cursor: after a reconnect its first page is fetched again. */
export async function refresh({ afresh = false } = {}) {
  const wanted = tab();
  fetching += 1;
  const reply = await getHtml(urlOf(wanted));
  fetching -= 1;
  const isWanted = wanted === tab(); // or another tab was chosen meanwhile
  if (isWanted && reply.ok) {
    if (afresh) list.replaceChildren();
    merge(elements(reply.html));
  }
  if (!fetching) catchUp();
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
  const page1 = fresh.filter(node => node.matches('.row'));
  const ids = new Set(page1.map(row => row.id));
  const floor = fresh.some(node => node.matches('.more')) ? rank(page1.at(-1)) : -Infinity;
  const deeper = allRows().filter(row => !ids.has(row.id) && rank(row) < floor);
  const focused = document.activeElement?.id;
  const next = deeper.length ? more() : fresh.find(node => node.matches('.more'));
  list.replaceChildren(...page1, ...deeper, ...(next ? [next] : []));
  if (globalThis.htmx) globalThis.htmx.process(list);
  adopt();
  if (ids.has(focused)) document.getElementById(focused).focus({ preventScroll: true });
}

// Only what is loaded can be searched here, so the words under an empty result say exactly that.
function applyFilter() {
  const wanted = filter.value.trim().toLocaleLowerCase();
  for (const row of allRows()) row.hidden = Boolean(wanted) && !row.textContent.toLocaleLowerCase().includes(wanted);
  showEmpty(wanted ? 'filter' : tab());
}

function showEmpty(name) {
  const busy = list.getAttribute('aria-busy') === 'true';
  empty.hidden = busy || rows().length > 0;
  for (const part of empty.children) part.hidden = part.dataset.empty !== name;
}
