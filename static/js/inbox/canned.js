// "/" at the beginning of a line offers the canned responses, filled in for this conversation.
import { getJson } from './api.js';
import { when } from './bus.js';
import { put as putCard } from './card.js';
import { createChoices, type } from './choices.js';
import { text } from './page.js';
import { add as addQuick } from './quick.js';

const FRESH = 60_000;
const MOST = 20;
const CALL = /(?:^|\n)\/([^\s/]*)$/;
const GAP = /\{(?:contact|operator|workspace)\}/;

const field = () => document.getElementById('composer-text');
const address = () => field().form.dataset.canned;
let known = { address: '', at: 0, rows: [] };
let asking = null; // whoever types on meanwhile waits for the same answer
let filledIn = false; // a text was put in here: what it left open must be filled in before it is sent
let choices = null;

export function startCanned() {
  choices = createChoices({ field, list: () => document.getElementById('slash'), option, none: () => text('cannedNone'), count, choose: put });
  document.addEventListener('input', event => event.target === field() && called());
  document.addEventListener('click', event => event.target.closest('[data-canned-open]') && call());
  // A draft that came back may still have a gap.
  when('panes:shown', () => { filledIn = Boolean(field()) && GAP.test(field().value); });
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
  if (query() === undefined) return choices.close();
  await load();
  const words = query();
  if (words === undefined || !field()) return choices.close();
  choices.draw(found(words));
}

async function load() {
  const wanted = address();
  if (known.address === wanted && Date.now() - known.at < FRESH) return;
  if (asking?.address !== wanted) asking = { address: wanted, done: fetchRows(wanted) };
  await asking.done;
}

async function fetchRows(wanted) {
  const reply = await getJson(wanted);
  asking = null;
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

function option({ shortcut, text: body }) {
  const node = document.createElement('div');
  const name = Object.assign(document.createElement('code'), { textContent: `/${shortcut}` });
  const words = Object.assign(document.createElement('span'), { textContent: body, className: 'sub', dir: 'auto' });
  node.append(name, words);
  return node;
}

function count(n) {
  document.getElementById('slash-count').textContent = n === null ? '' : n ? text('cannedFound', { n }) : text('cannedNone');
}

/** The button does what the key does. */
function call() {
  const start = before();
  field().focus();
  type(field(), field().selectionStart, field().selectionStart, start && !start.endsWith('\n') ? '\n/' : '/');
}

function put(row) {
  const end = field().selectionStart;
  const length = query().length + 1;
  choices.close();
  type(field(), end - length, end, row.text);
  if (!field().form.classList.contains('is-note')) {
    addQuick(row.quick_replies);
    if (row.card) putCard(row.card);
  }
  filledIn = true;
  if (gap()) showGap();
}
