// The field over the list: what is found takes the place of the list, and stands in the address, so that Back works.
import { getHtml } from './api.js';
import { when } from './bus.js';
import { drawAgo } from './clock.js';
import { elements } from './html.js';
import { current, text } from './page.js';

const WAIT = 200;
const NAMES = ['q', 'by', 'state', 'where', 'since', 'until'];
const form = document.getElementById('search-form');
const field = document.getElementById('search');
const narrow = document.getElementById('narrow');
const box = document.getElementById('found');
const pane = box.closest('.pane-list');
let asked = null; // the question on its way
let shown = ''; // what the list of results answers, as a query
let timer = 0;

export const isSearching = () => !box.hidden;
export const results = () => [...box.querySelectorAll('.row')];
export const focusSearch = () => { field.focus(); field.select(); };

export function startSearch() {
  shown = isSearching() ? query() : '';
  form.addEventListener('submit', event => { event.preventDefault(); clearTimeout(timer); ask().then(() => results()[0]?.focus()); });
  form.addEventListener('input', changed);
  field.addEventListener('compositionend', () => later());
  pane.addEventListener('keydown', walk);
  box.addEventListener('click', event => event.target.closest('[data-again]') && ask());
  document.body.addEventListener('htmx:afterSwap', ({ target }) => box.contains(target) && dress());
  // Another list was chosen from the menu of filters.
  when('list:wanted', () => isSearching() && leave());
  addEventListener('popstate', follow);
  for (const event of ['panes:shown', 'panes:placed']) when(event, markCurrent);
  dress();
}

/** What an address of the inbox carries along while something is searched. */
export const query = () => {
  const params = new URLSearchParams();
  for (const name of NAMES) {
    const value = form.elements[name].value.trim();
    if (value && field.value.trim()) params.set(name, value);
  }
  return params.toString();
};

/** The part of an address that is about the list underneath. */
export function withoutSearch(search) {
  const params = new URLSearchParams(search);
  for (const name of [...NAMES, 'at']) params.delete(name);
  return params.toString();
}

/** Leave the search; the list is as it was. */
export function leave() {
  form.reset();
  for (const name of NAMES) form.elements[name].value = '';
  show(false);
  address('');
}

function changed(event) {
  // A word that is still being composed is not a question yet.
  if (!event.isComposing) later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, field.value.trim() ? WAIT : 0);
}

async function ask() {
  const wanted = query();
  asked?.abort();
  if (!wanted) return leave();
  address(wanted);
  await answer(wanted);
}

async function answer(wanted) {
  const mine = asked = new AbortController();
  show(true);
  box.setAttribute('aria-busy', 'true');
  const reply = await getHtml(`${form.dataset.search}?${wanted}`, mine.signal);
  if (mine !== asked || reply.aborted) return;
  box.removeAttribute('aria-busy');
  shown = reply.ok ? wanted : '';
  if (reply.html && (reply.ok || reply.status === 422)) box.replaceChildren(...elements(reply.html));
  else if (reply.status !== 401) box.replaceChildren(failure(reply));
  if (globalThis.htmx) globalThis.htmx.process(box);
  dress();
  announce();
}

function failure({ status, data }) {
  const node = document.getElementById('search-failed').content.firstElementChild.cloneNode(true);
  node.querySelector('p').textContent = data?.detail || text(status === 0 ? 'noNetwork' : 'failedHere');
  return node;
}

function show(on) {
  box.hidden = !on;
  narrow.hidden = !on;
  pane.classList.toggle('is-searching', on);
  if (on) return;
  asked?.abort();
  shown = '';
  box.replaceChildren();
  box.removeAttribute('aria-busy');
}

function dress() {
  drawAgo(box);
  markCurrent();
}

function markCurrent() {
  const at = new URLSearchParams(location.search).get('at') ?? undefined;
  for (const row of results()) {
    if (row.dataset.found === current() && row.dataset.atPosition === at) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

function announce() {
  const number = results().length;
  document.getElementById('live').textContent = number === 1 ? text('foundOne') : text('foundMany', { n: number });
}

// The first letter is a step of its own in the history; the others only change it.
function address(wanted) {
  const url = new URL(location.href);
  const was = url.searchParams.has('q');
  for (const name of NAMES) url.searchParams.delete(name);
  for (const [name, value] of new URLSearchParams(wanted)) url.searchParams.set(name, value);
  if (url.href === location.href) return;
  if (wanted && !was) history.pushState(null, '', url);
  else history.replaceState(history.state, '', url);
}

// Back and forward: the field shows what the address asks.
function follow() {
  const params = new URLSearchParams(location.search);
  for (const name of NAMES) form.elements[name].value = params.get(name) ?? '';
  const wanted = query();
  if (!wanted) show(false);
  else if (wanted !== shown) answer(wanted);
  else show(true);
}

function walk(event) {
  if (!isSearching() || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = results();
  const at = all.indexOf(document.activeElement);
  const isOurs = document.activeElement === field || at !== -1;
  if (!by || !isOurs || !all.length) return;
  event.preventDefault();
  (all[at + by] ?? (by < 0 ? field : all.at(-1))).focus();
}
