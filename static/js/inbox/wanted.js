// Which conversations the list shows and in which order: what the server reads from the address, this reads again,
// so that a row that is pushed finds its place or leaves.
import { tell, when } from './bus.js';
import { page, settings } from './page.js';

const MANY = ['label', 'priority', 'inbox'];
const WEIGHT = { low: 1, medium: 2, high: 3, urgent: 4 };
const USUAL = { waiting: 'waiting' };

const wanted = () => new URLSearchParams(page.dataset.query);
const form = () => document.querySelector('#filters form');

export const tab = () => page.dataset.tab;
export const query = () => page.dataset.query;
export const isNarrow = () => ['assignee', 'language', 'unread', ...MANY].some(name => wanted().has(name));
export const listUrl = (words = query()) => (words ? `${settings.listUrl}?${words}` : settings.listUrl);
const sort = () => wanted().get('sort') ?? USUAL[tab()] ?? 'newest';

/** From now on the list is this one. */
export function want(words) {
  page.dataset.query = words;
  page.dataset.tab = wanted().get('tab') ?? 'open';
  dressForm();
}

/** The same filters in another tab. */
export function inTab(name) {
  const words = wanted();
  words.delete('tab');
  words.delete('sort');
  return tidy([...(name === 'open' ? [] : [['tab', name]]), ...words]);
}

const tidy = pairs => new URLSearchParams(pairs).toString();

export function startWanted() {
  document.addEventListener('submit', event => {
    if (event.target !== form()) return;
    event.preventDefault();
    tell('list:wanted', chosen());
  });
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-wanted]');
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    tell('list:wanted', new URL(link.href).search.slice(1));
  });
  when('labels:changed', drawLabels);
}

function chosen() {
  const usual = USUAL[tab()] ?? 'newest';
  return tidy([...new FormData(form())].filter(([name, value]) => value && !(name === 'tab' && value === 'open') && !(name === 'sort' && value === usual)));
}

/** What the form shows is what the list shows, after Back too. */
function dressForm() {
  if (!form()) return;
  const words = wanted();
  for (const field of form().elements) {
    if (field.type === 'checkbox') field.checked = words.getAll(field.name).includes(field.value);
    else if (field.name === 'sort') field.value = sort();
    else if (field.name === 'tab') field.value = tab();
    else if (field.name) field.value = words.get(field.name) ?? '';
  }
}

/** Labels came or went: the filter offers those that there are. */
function drawLabels(labels) {
  const set = form()?.querySelector('[data-filter-labels]');
  if (!set) return;
  set.hidden = !labels.length;
  set.querySelector('.filters-boxes').replaceChildren(...labels.map(label => {
    const [row, box, chip] = [document.createElement('label'), document.createElement('input'), document.createElement('span')];
    Object.assign(box, { type: 'checkbox', name: 'label', value: label.id, checked: wanted().getAll('label').includes(label.id) });
    Object.assign(chip, { className: `chip chip-label h${label.hue}`, textContent: label.name });
    row.append(box, ' ', chip);
    return row;
  }));
}

/** Does a row (its data) stand in this list? `isUnread`: for this member, now. */
export function belongs(data, isUnread) {
  return inThisTab(data) && (!isNarrow() || passes(data, isUnread));
}

function inThisTab({ status, waiting, assignee, handler }) {
  const open = status === 'open';
  return {
    open, waiting: open && waiting === 'true', mine: open && assignee === settings.member.id, unassigned: open && !assignee && handler !== 'ai',
    ai: open && handler === 'ai',
    snoozed: status === 'snoozed', closed: status === 'resolved',
  }[tab()];
}

function passes({ labels, priority, inbox, assignee, language }, isUnread) {
  const words = wanted();
  const has = { label: labels.trim().split(' '), priority: [priority], inbox: [inbox] };
  if (MANY.some(name => words.has(name) && !words.getAll(name).some(value => has[name].includes(value)))) return false;
  const whose = { me: settings.member.id, none: '' };
  const who = words.get('assignee');
  if (who && assignee !== (whose[who] ?? who)) return false;
  if (words.has('language') && language !== words.get('language')) return false;
  return !words.has('unread') || isUnread;
}

/** Numbers, the greater first: where a row stands. */
function place({ at, since, until, waiting, priority }) {
  if (tab() === 'snoozed') return [-Date.parse(until)];
  if (tab() === 'closed' || sort() === 'newest') return [Date.parse(at)];
  if (sort() === 'priority') return [WEIGHT[priority], Date.parse(at)];
  return waiting === 'true' ? [1, -Date.parse(since || at)] : [0, Date.parse(at)];
}

/** Less than nothing: `one` stands above `other`. */
export function compare(one, other) {
  const [mine, theirs] = [place(one.dataset), place(other.dataset)];
  const at = mine.findIndex((value, index) => value !== theirs[index]);
  return at === -1 ? 0 : theirs[at] - mine[at];
}
