// Opening a row swaps the thread and the details; every view has its own address, so Back works.
import { getHtml } from './api.js';
import { tell } from './bus.js';
import { isLateHead } from './head.js';
import { clone, morph, part } from './html.js';
import { current, page, panes, settings, text } from './page.js';
import { query } from './search.js';
import { toast } from './toast.js';

const inbox = document.getElementById('inbox');
const live = () => document.getElementById('live');
let running = null;

export const threadUrl = conversation => `${settings.listUrl}${conversation}/`;

export function startPanes() {
  document.addEventListener('click', follow);
  addEventListener('popstate', () => go(location.href, { push: false }));
}

const isPlain = event => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

function follow(event) {
  const link = event.target.closest('a.row, a[data-nav]');
  if (!link || !isPlain(event) || event.defaultPrevented) return;
  event.preventDefault();
  go(link.href);
}

/** Show what an address of the inbox stands for: the list, a thread, or its details. */
export async function go(href, { push = true } = {}) {
  const url = new URL(href, location.href);
  const { view, conversation } = placeOf(url.pathname);
  running?.abort();
  wait(false);
  if (!conversation) close();
  else if ((conversation !== current() || url.searchParams.has('at')) && !(await load(conversation, placeIn(url)))) return;
  show(view);
  const shown = withTab(url);
  if (push && shown.pathname + shown.search !== location.pathname + location.search) history.pushState(null, '', shown);
  if (push) tell('panes:placed');
}

// Which message of a thread, and the words to mark in it.
const placeIn = ({ searchParams }) => {
  const kept = [...searchParams].filter(([name]) => name === 'at' || name === 'q');
  return kept.length ? `?${new URLSearchParams(kept)}` : '';
};

function placeOf(path) {
  const [conversation = '', tail = ''] = path.slice(settings.listUrl.length).split('/');
  return { conversation, view: tail === 'details' ? 'details' : conversation ? 'thread' : 'list' };
}

// A reload must come back to the list that is shown, to the message, and to what was searched.
function withTab(url) {
  const at = url.searchParams.get('at');
  url.search = page.dataset.query;
  for (const [name, value] of new URLSearchParams(query())) url.searchParams.set(name, value);
  if (at) url.searchParams.set('at', at);
  return url;
}

async function load(conversation, place = '') {
  running = new AbortController();
  wait(true, conversation);
  const reply = await getHtml(threadUrl(conversation) + place, running.signal);
  if (reply.aborted) return false;
  wait(false);
  const fresh = reply.ok ? part(reply.html, 'panes') : null;
  if (fresh) exchange(fresh);
  else complain(reply.status);
  return Boolean(fresh);
}

/** Until another thread is here nothing is written into this one: it would reach the wrong person. */
function wait(isBusy, conversation = current()) {
  panes().toggleAttribute('inert', isBusy && conversation !== current());
  if (isBusy) panes().setAttribute('aria-busy', 'true');
  else panes().removeAttribute('aria-busy');
}

export const isWaiting = () => panes().inert;

function complain(status) {
  if (status !== 401) toast(text(status === 0 ? 'noNetwork' : status === 404 ? 'notFound' : 'failedHere'), 'error');
}

function exchange(fresh) {
  panes().replaceWith(fresh);
  live().textContent = text('loaded', { name: fresh.dataset.name });
  tell('panes:shown');
}

function close() {
  if (!current()) return;
  const none = panes().cloneNode(false);
  Object.assign(none.dataset, { conversation: '', name: '' });
  none.append(clone('none-template'));
  panes().replaceWith(none);
  tell('panes:shown');
}

export function show(view) {
  const before = inbox.dataset.view;
  inbox.dataset.view = view;
  if (before === view) return;
  tell('view:changed', view);
  const lost = document.activeElement;
  if (lost && lost !== document.body && !lost.offsetParent) landing(view)?.focus({ preventScroll: true });
}

// On a phone the pane that had the focus is gone; the next one starts at its way back.
function landing(view) {
  if (view === 'list') return document.querySelector('#found .row[aria-current], #found .row, #list .row');
  return document.querySelector(view === 'details' ? '#details [data-nav]' : '#thread-head [data-nav]');
}

/** Status, assignee and details as the server has them now; the messages are filled by number. */
export async function refreshAround() {
  const conversation = current();
  if (!conversation) return;
  const reply = await getHtml(threadUrl(conversation));
  if (!reply.ok || current() !== conversation) return;
  for (const id of ['thread-head', 'details']) {
    const fresh = part(reply.html, id);
    if (fresh && !isLateHead(fresh)) morph(document.getElementById(id), fresh);
  }
  tell('head:changed');
}

/** Load the open thread from scratch: what it showed is no longer true. */
export const reload = () => load(current());
