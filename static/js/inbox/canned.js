// "/" at the beginning of a line offers the canned responses, filled in for this conversation.
// The focus stays in the field: the list is told to screen readers by aria-activedescendant.
import { getJson } from './api.js';
import { when } from './bus.js';
import { text } from './page.js';

const FRESH = 60_000;
const MOST = 20;
const IME = 229;
const CALL = /(?:^|\n)\/([^\s/]*)$/;
const GAP = /\{(?:contact|operator|workspace)\}/;

const field = () => document.getElementById('composer-text');
const list = () => document.getElementById('slash');
const address = () => field().form.dataset.canned;
let known = { address: '', at: 0, rows: [] };
let shown = [];
let at = 0;
let filledIn = false; // a text was put in here: what it left open must be filled in before it is sent

export function startCanned() {
  document.addEventListener('input', event => event.target === field() && called());
  document.addEventListener('keydown', pressed, { capture: true });
  document.addEventListener('focusout', event => event.target === field() && !list().contains(event.relatedTarget) && close());
  document.addEventListener('mousedown', event => event.target.closest('#slash') && event.preventDefault());
  document.addEventListener('click', clicked);
  when('panes:shown', () => { filledIn = false; });
}

/** The first variable that has no value yet, or nothing. */
export const gap = () => (filledIn && GAP.exec(field().value)?.[0]) || '';

export function showGap() {
  const start = field().value.search(GAP);
  field().focus();
  field().setSelectionRange(start, start + gap().length);
}

const before = () => field().value.slice(0, field().selectionStart);
const query = () => CALL.exec(before())?.[1].toLowerCase();

async function called() {
  if (query() === undefined) return close();
  await load();
  const words = query();
  if (words === undefined || !field()) return close();
  draw(found(words));
}

async function load() {
  const wanted = address();
  if (known.address === wanted && Date.now() - known.at < FRESH) return;
  const reply = await getJson(wanted);
  if (reply.ok) known = { address: wanted, at: Date.now(), rows: reply.data.rows };
  else if (known.address !== wanted) known = { address: '', at: 0, rows: [] };
}

// What begins with it, then what contains it, then what says it.
function found(words) {
  const ranks = known.rows.map(row => [rank(row, words), row]).filter(([order]) => order < 3);
  return ranks.sort(([a], [b]) => a - b).slice(0, MOST).map(([, row]) => row);
}

function rank({ shortcut, text: body }, words) {
  if (shortcut.startsWith(words)) return 0;
  if (shortcut.includes(words)) return 1;
  return body.toLowerCase().includes(words) ? 2 : 3;
}

function draw(rows) {
  shown = rows;
  at = 0;
  list().hidden = false;
  list().replaceChildren(...(rows.length ? rows.map(option) : [nothing()]));
  document.getElementById('slash-count').textContent = rows.length ? text('cannedFound', { n: rows.length }) : text('cannedNone');
  mark();
}

function option({ shortcut, text: body }, number) {
  const node = document.createElement('div');
  const [name, words] = [document.createElement('code'), document.createElement('span')];
  Object.assign(node, { id: `slash-${number}`, className: 'opt', role: 'option' });
  Object.assign(name, { textContent: `/${shortcut}` });
  Object.assign(words, { textContent: body, className: 'sub', dir: 'auto' });
  node.append(name, words);
  return node;
}

function nothing() {
  const node = document.createElement('p');
  return Object.assign(node, { className: 'menu-head', textContent: text('cannedNone') });
}

function mark() {
  const options = [...list().querySelectorAll('.opt')];
  options.forEach((node, number) => node.setAttribute('aria-selected', String(number === at)));
  options[at]?.scrollIntoView({ block: 'nearest' });
  if (options[at]) field().setAttribute('aria-activedescendant', options[at].id);
  else field().removeAttribute('aria-activedescendant');
}

function close() {
  if (!list() || list().hidden) return;
  list().hidden = true;
  document.getElementById('slash-count').textContent = '';
  field().removeAttribute('aria-activedescendant');
}

// Before the composer's own keys: here Enter chooses, it does not send.
function pressed(event) {
  if (event.target !== field() || !list() || list().hidden || event.isComposing || event.keyCode === IME) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const chooses = (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && shown.length;
  if (event.key === 'Escape') close();
  else if (step && shown.length) { at = (at + step + shown.length) % shown.length; mark(); }
  else if (chooses) put(shown[at]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function clicked({ target }) {
  const node = target.closest('#slash .opt');
  if (node) put(shown[Number(node.id.replace('slash-', ''))]);
  if (target.closest('[data-canned-open]')) call();
}

/** The button does what the key does. */
function call() {
  const start = before();
  field().focus();
  type(field().selectionStart, field().selectionStart, start && !start.endsWith('\n') ? '\n/' : '/');
}

function put(row) {
  const end = field().selectionStart;
  close();
  type(end - query().length - 1, end, row.text);
  filledIn = true;
  if (gap()) showGap();
}

function type(from, to, words) {
  field().setRangeText(words, from, to, 'end');
  field().dispatchEvent(new InputEvent('input', { bubbles: true }));
}
