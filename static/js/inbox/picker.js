// One dialog for what needs a choice: to whom, which labels, until when, how urgent. The field keeps the focus, the list
// is walked with aria-activedescendant; labels are toggled one by one, everything else is chosen and done.
import { getJson, postJson } from './api.js';
import { tell, when } from './bus.js';
import { current, head, text } from './page.js';
import { threadUrl } from './panes.js';
import { targetRows, targets } from './picking.js';
import { afterPress } from './press.js';
import { toast } from './toast.js';
import { perform } from './triage.js';
import { address, words } from './triage-texts.js';

const IME = 229;
const dialog = document.getElementById('picker');
const input = dialog.querySelector('[role=combobox]');
const list = dialog.querySelector('[role=listbox]');
const own = dialog.querySelector('[data-own]');
const moment = document.getElementById('picker-when');
const choices = JSON.parse(document.getElementById('choices').textContent);
let kind = '';
let here = false; // asked from the thread: about its conversation, whatever is chosen in the list
let all = []; // what could be chosen: { name, sub, face, icon, on, choose }
let shown = [];
let at = 0;

export function startPicker() {
  when('frame:labels', ({ labels }) => { choices.labels = labels; tell('labels:changed', labels); redraw(); });
  when('frame:head', () => setTimeout(redraw));
  when('row:changed', redraw);
  input.addEventListener('input', typed);
  input.addEventListener('keydown', pressed);
  list.addEventListener('click', ({ target }) => choose([...list.children].indexOf(target.closest('.opt'))));
  list.addEventListener('pointermove', ({ target }) => {
    const number = [...list.children].indexOf(target.closest('.opt'));
    if (number >= 0 && number !== at) { at = number; mark(); }
  });
  own.addEventListener('submit', chooseOwn);
  moment.addEventListener('input', tellMoment);
}

export const labelOf = id => choices.labels.find(label => label.id === id);

/** Ask for what `name` (assign, label, snooze, priority) needs, if there is something to do it to. */
export async function ask(name, { inThread = false } = {}) {
  if (!targets(inThread)) return false;
  kind = name;
  here = inThread;
  dialog.querySelector('h2').textContent = words(name);
  input.value = '';
  input.placeholder = words(`find${name[0].toUpperCase()}${name.slice(1)}`);
  input.setAttribute('aria-label', input.placeholder);
  if (kind === 'label') list.setAttribute('aria-multiselectable', 'true');
  else list.removeAttribute('aria-multiselectable');
  own.hidden = true;
  all = [];
  dialog.showModal();
  input.focus();
  await gather();
  draw(true);
}

async function gather() {
  all = await { assign: people, label: labels, snooze: times, priority: priorities }[kind]();
}

async function typed() {
  const words = input.value;
  if (kind === 'assign') await gather();
  if (words === input.value) draw(true);
}

async function redraw() {
  if (!dialog.open || kind !== 'label') return;
  await gather();
  afterPress(list, () => draw(false));
}

const done = (verb, value) => () => { dialog.close(); perform(verb, value, targets(here)); };

// Searched on the server, however large the team is.
async function people() {
  const now = one(row => row.dataset.assignee, head()?.dataset.assignee);
  const about = targetRows(here)[0]?.dataset.conversation ?? current();
  const reply = await getJson(`${threadUrl(about)}colleagues/?to=assign&q=${encodeURIComponent(input.value.trim())}`);
  const rows = (reply.ok ? reply.data.rows : []).map(person => ({ name: person.name, face: person, on: person.id === now, choose: done('assign', person.id) }));
  return input.value ? rows : [...rows, { name: words('nobody'), icon: 'user-round-x', on: now === '', choose: done('assign', null) }];
}

function priorities() {
  const now = one(row => row.dataset.priority, head()?.dataset.priority);
  return choices.priorities.map(({ id, name }) => ({ name, icon: 'alert-triangle', on: id === now, choose: done('priority', id) }));
}

async function times() {
  const reply = await getJson(address('times'));
  const rows = (reply.ok ? reply.data.rows : []).map(({ name, text: hour, until }) => ({ name, sub: hour, icon: 'alarm-clock', choose: done('snooze', until) }));
  rows.push({ name: words('own'), icon: 'pencil', choose: showOwn });
  if (one(row => row.dataset.status, head()?.dataset.status) === 'snoozed') rows.push({ name: words('openNow'), icon: 'rotate-ccw', choose: done('open', null) });
  return rows;
}

function labels() {
  const worn = targetRows(here).map(row => row.dataset.labels);
  if (!worn.length && head()) worn.push(head().dataset.labels);
  const on = id => worn.length > 0 && worn.every(ids => ids.split(' ').includes(id));
  return choices.labels.map(label => ({ name: label.name, label, on: on(label.id), choose: () => toggle(label, on(label.id)) }));
}

/** The value that all targets share, or nothing. */
function one(read, otherwise) {
  const values = new Set(targetRows(here).map(read));
  if (!values.size) return otherwise;
  return values.size === 1 ? [...values][0] : undefined;
}

async function toggle(label, off) {
  input.value = '';
  const ok = await perform('label', { add: off ? [] : [label.id], remove: off ? [label.id] : [] }, targets(here));
  if (ok) dialog.querySelector('[data-live]').textContent = words(off ? 'labelOff' : 'labelOn', { name: label.name });
  redraw();
}

async function create(name) {
  const reply = await postJson(address('labels'), { name });
  if (!reply.ok) return toast(reply.data?.detail || text('failedHere'), 'error');
  if (!labelOf(reply.data.id)) choices.labels = [...choices.labels, reply.data].sort((one_, other) => one_.name.localeCompare(other.name));
  tell('labels:changed', choices.labels);
  await toggle(reply.data, false);
}

// --- The list ---

const plain = name => name.normalize('NFKC').toLocaleLowerCase();

function draw(afresh) {
  const wanted = plain(input.value.trim());
  shown = kind === 'assign' ? all : all.filter(({ name }) => plain(name).includes(wanted));
  const isNew = kind === 'label' && wanted && !all.some(({ name }) => plain(name) === wanted);
  if (isNew) shown.push({ name: words('create', { name: input.value.trim() }), icon: 'plus', choose: () => create(input.value.trim()) });
  if (afresh) at = Math.max(0, kind === 'label' ? 0 : shown.findIndex(({ on }) => on));
  at = Math.min(at, Math.max(0, shown.length - 1));
  list.replaceChildren(...(shown.length ? shown.map(option) : [nothing()]));
  mark();
}

function nothing() {
  const waits = kind === 'snooze' && !all.length;
  return Object.assign(document.createElement('p'), { className: 'menu-none', textContent: waits ? '' : words(kind === 'label' && !input.value ? 'first' : 'none') });
}

function option({ name, sub = '', face, label, icon, on }, number) {
  const node = dialog.querySelector('template').content.firstElementChild.cloneNode(true);
  node.id = `picker-${number}`;
  node.querySelector('.opt-name').textContent = name;
  node.querySelector('.sub').textContent = sub;
  node.querySelector('[data-tick]').hidden = !on;
  const slot = node.querySelector('[data-face]');
  if (face) Object.assign(slot, { className: `av av-xs h${face.hue}`, textContent: face.initials });
  else if (label) Object.assign(slot, { className: `swatch av h${label.hue}` });
  else slot.replaceWith(drawing(icon));
  return node;
}

function drawing(icon) {
  const found = [...dialog.querySelector('[data-icons]').content.children].find(svg => svg.firstElementChild.getAttribute('href').endsWith(`#${icon}`));
  return found.cloneNode(true);
}

function mark() {
  const options = [...list.querySelectorAll('.opt')];
  options.forEach((node, number) => {
    node.classList.toggle('is-at', number === at);
    node.setAttribute('aria-selected', String(kind === 'label' ? Boolean(shown[number].on) : number === at));
  });
  options[at]?.scrollIntoView({ block: 'nearest' });
  if (options[at]) input.setAttribute('aria-activedescendant', options[at].id);
  else input.removeAttribute('aria-activedescendant');
}

function pressed(event) {
  if (event.isComposing || event.keyCode === IME) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by && shown.length) { at = (at + by + shown.length) % shown.length; mark(); }
  else if (event.key === 'Enter') choose(at);
  else return;
  event.preventDefault();
}

const choose = number => shown[number]?.choose();

// --- A time of one's own ---

function showOwn() {
  own.hidden = false;
  document.getElementById('picker-problem').textContent = '';
  tellMoment();
  moment.focus();
}

// The native field writes years as the browser likes; beside it stands the year of the house.
function tellMoment() {
  const buddhist = address('language') === 'th' && address('era') !== 'common';
  const format = new Intl.DateTimeFormat(`${address('language')}${buddhist ? '-u-ca-buddhist' : '-u-ca-gregory'}`, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });
  const value = Date.parse(`${moment.value}Z`);
  document.getElementById('picker-text').textContent = Number.isNaN(value) ? '' : format.format(value);
}

async function chooseOwn(event) {
  event.preventDefault();
  // Refused beside the field: nothing that was typed is lost.
  const reply = await getJson(`${address('times')}?at=${encodeURIComponent(moment.value)}`);
  if (reply.ok) done('snooze', reply.data.until)();
  else document.getElementById('picker-problem').textContent = reply.data?.detail || text(reply.status ? 'failedHere' : 'noNetwork');
}
