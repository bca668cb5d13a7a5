// Choosing several rows: by their boxes, by x, by Shift and a click, or all that the list holds.
// A choice lasts while rows are drawn anew; it ends with the list that it was made in.
import { tell, when } from './bus.js';
import { rows } from './list.js';
import { current, settings } from './page.js';
import { words } from './triage-texts.js';
import { query, tab } from './wanted.js';

const list = document.getElementById('list');
const bar = document.getElementById('picked');
const picked = new Set();
let all = false; // everything in this list, also what is not loaded
let last = null; // where a range begins

export function startPicking() {
  if (!bar) return;
  list.addEventListener('click', clicked);
  list.addEventListener('change', ({ target }) => target.dataset.pick && pick(target.dataset.pick, target.checked));
  when('row:dressed', dress);
  when('tab:changed', clear);
  document.addEventListener('click', ({ target }) => {
    if (target.closest('[data-picked-none]')) clear();
    if (target.closest('[data-picked-all]')) pickAll();
    const mode = target.closest('[data-picking]');
    if (mode) setMode(mode.getAttribute('aria-pressed') !== 'true');
  });
  rows().forEach(dress);
}

export const hasPicked = () => all || picked.size > 0;

/** What an act is about: the chosen ones, else the conversation on screen, else nothing. `here`: that one in any case. */
export function targets(here = false) {
  if (all && !here) return { list: query() };
  if (picked.size && !here) return { ids: [...picked] };
  return current() ? { ids: [current()] } : null;
}

/** The rows among them that are on the page. */
export const targetRows = here => rows().filter(row => (hasPicked() && !here ? isPicked(row) : row.dataset.conversation === current()));

export function pickHere() {
  const row = document.activeElement?.closest('.line')?.querySelector('.row') ?? rows().find(one => one.dataset.conversation === current());
  if (row) pick(row.dataset.conversation, !isPicked(row));
  return Boolean(row);
}

export function pickAll() {
  if (!rows().length) return false;
  all = true;
  draw();
}

export function clear() {
  picked.clear();
  all = false;
  last = null;
  draw();
}

const isPicked = row => all || picked.has(row.dataset.conversation);

function pick(conversation, on) {
  if (all) {
    all = false;
    rows().forEach(row => picked.add(row.dataset.conversation));
  }
  if (on) picked.add(conversation);
  else picked.delete(conversation);
  last = conversation;
  draw();
}

/** Shift and a click: from the last one to this one. A plain click with Shift would open a window. */
function clicked(event) {
  const box = event.target.closest('.line')?.querySelector('[data-pick]');
  if (!box || !event.shiftKey || !settings.canReply) return;
  const loaded = rows().map(row => row.dataset.conversation);
  const [from, to] = [loaded.indexOf(last ?? current() ?? box.dataset.pick), loaded.indexOf(box.dataset.pick)];
  if (event.target.closest('a')) event.preventDefault();
  for (const conversation of loaded.slice(Math.max(0, Math.min(from, to)), Math.max(from, to) + 1)) picked.add(conversation);
  last = box.dataset.pick;
  // The box itself turns after this.
  setTimeout(draw);
}

function setMode(on) {
  document.querySelector('[data-picking]').setAttribute('aria-pressed', String(on));
  list.classList.toggle('is-picking', on || hasPicked());
  if (!on) clear();
}

function draw() {
  rows().forEach(dress);
  const mode = document.querySelector('[data-picking]')?.getAttribute('aria-pressed') === 'true';
  list.classList.toggle('is-picking', mode || hasPicked());
  const before = bar.hidden;
  bar.hidden = !hasPicked();
  const n = picked.size;
  bar.querySelector('[data-picked-count]').textContent = all ? words('pickedAll') : words(n === 1 ? 'pickedOne' : 'pickedMany', { n });
  bar.querySelector('[data-picked-all]').hidden = all;
  const closed = tab() === 'closed';
  bar.querySelector('[data-when-open]').hidden = closed;
  bar.querySelector('[data-when-closed]').hidden = !closed;
  if (!bar.hidden) document.getElementById('live').textContent = bar.querySelector('[data-picked-count]').textContent;
  if (before !== bar.hidden) tell('picked:shown');
}

function dress(row) {
  const on = isPicked(row);
  const box = row.closest('.line').querySelector('[data-pick]');
  box.checked = on;
  row.closest('.line').classList.toggle('is-picked', on);
}
