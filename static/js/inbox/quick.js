// Quick replies for the next reply: from a canned response or written here, taken away one by one. They stay with their
// conversation and survive a reload, like the text above them. In the thread: which one the visitor chose.
import { when } from './bus.js';
import { clone } from './html.js';
import { log, owner, text } from './page.js';

const MOST = 6;
const IME = 229;
let isWanted = false; // somebody asked for the field

const form = () => document.getElementById('composer');
const box = () => document.getElementById('quick');
const field = () => box().querySelector('input');
const key = () => `minichat:quick:${owner}:${form().dataset.conversation}`;
const tidy = words => words.normalize('NFC').trim().replace(/\s+/g, ' ');

export function startQuick() {
  when('panes:shown', () => { isWanted = false; if (form()) draw(); });
  for (const event of ['panes:shown', 'thread:changed']) when(event, () => log() && markChosen(log()));
  document.addEventListener('click', clicked);
  document.addEventListener('keydown', event => form() && event.target === field() && pressed(event));
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(key())) ?? [];
  } catch {
    return []; // refused: what is drawn has to do
  }
}

const replies = () => [...box().querySelectorAll('[data-reply]')].map(chip => chip.dataset.reply);

function set(rows) {
  try {
    if (rows.length) localStorage.setItem(key(), JSON.stringify(rows));
    else localStorage.removeItem(key());
  } catch {
    // Storage is full or refused: they are still on the page.
  }
  draw(rows);
}

export function add(rows) {
  set([...new Set([...replies(), ...rows])].slice(0, MOST));
}

export const isEmpty = () => !replies().length && !tidy(field().value);

/** For the message that takes them now; what stands in the field unfinished is meant as well. */
export function take() {
  accept();
  const rows = replies();
  isWanted = false;
  set([]);
  return rows;
}

/** Open the field. False: there is no reply to add them to. */
export function openQuick() {
  if (!form() || form().classList.contains('is-note')) return false;
  isWanted = true;
  draw();
  (field().hidden ? box().querySelector('[data-reply] button') : field()).focus();
}

function clicked({ target }) {
  if (!form()) return;
  if (target.closest('[data-quick-open]')) return box().hidden ? openQuick() : shut();
  const chip = target.closest('#quick [data-reply]');
  if (chip && target.closest('button')) remove(chip.dataset.reply);
}

// Thai and other input methods confirm a word with Enter: that Enter is not ours.
function pressed(event) {
  if (event.isComposing || event.keyCode === IME) return;
  if (event.key === 'Enter') {
    if (!accept()) document.getElementById('composer-text').focus();
  } else if (event.key === 'Escape') shut();
  else if (event.key === 'Backspace' && !field().value && replies().length) remove(replies().at(-1));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function accept() {
  const words = tidy(field().value);
  field().value = '';
  if (words) add([words]);
  return Boolean(words);
}

function remove(words) {
  isWanted = true;
  set(replies().filter(one => one !== words));
  field().focus();
}

function shut() {
  accept();
  isWanted = false;
  draw();
  document.getElementById('composer-text').focus();
}

function draw(rows = replies().length ? replies() : kept()) {
  box().hidden = !isWanted && !rows.length;
  form().querySelector('[data-quick-open]').setAttribute('aria-expanded', String(!box().hidden));
  box().querySelector('ul').replaceChildren(...rows.map(chip));
  field().hidden = rows.length >= MOST;
}

function chip(words) {
  const node = clone('quick-template');
  node.dataset.reply = words;
  node.querySelector('span').textContent = words;
  node.querySelector('button').ariaLabel = text('quickRemove', { name: words });
  return node;
}

/** As the thread shows them under a reply. */
export function list(rows) {
  const node = clone('quicks-template');
  node.replaceChildren(...rows.map(words => Object.assign(document.createElement('li'), { className: 'chip chip-line', dir: 'auto', textContent: words })));
  return node;
}

/** The visitor's next words tell which one it was. */
function markChosen(thread) {
  for (const answers of thread.querySelectorAll('.quicks')) {
    let next = answers.closest('article').nextElementSibling;
    while (next && next.dataset.kind !== 'visitor') next = next.nextElementSibling;
    const said = next?.querySelector('[data-text]')?.textContent;
    for (const answer of answers.children) {
      if (answer.firstChild.data !== said || answer.classList.contains('is-chosen')) continue;
      answer.classList.add('is-chosen');
      answer.append(Object.assign(document.createElement('span'), { className: 'vh', textContent: ` (${text('quickChosen')})` }));
    }
  }
}
