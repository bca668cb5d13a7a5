// What the rows of the shortcut sheet do here (static/js/dashboard/shortcuts.js reads the keys), and Esc.
import { write } from './composer.js';
import { rows, vacancy } from './list.js';
import { current, head } from './page.js';
import { go } from './panes.js';

const filter = document.getElementById('filter');

export function startShortcuts() {
  document.addEventListener('minichat:shortcut', event => {
    const act = ACTIONS[event.detail.name];
    if (act && act() !== false) event.preventDefault();
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) escape(event);
  });
}

const ACTIONS = {
  'next-conversation': () => (inList() ? step(1) : false),
  'previous-conversation': () => (inList() ? step(-1) : false),
  'resolve': () => press(head()?.querySelector('[data-close]')),
  'assign': () => choose(document.getElementById('assign')),
  'reply': () => write(false),
  'note': () => write(true),
  'filter': () => filter.focus(),
};

const press = form => (form ? form.requestSubmit() : false);
const choose = menu => (menu ? document.dispatchEvent(new CustomEvent('minichat:menu', { detail: { menu } })) : false);

// Arrows scroll the thread when it has the focus; they are the list's everywhere else.
const inList = () => !document.activeElement?.closest('#log, #details, details.drop');

function step(by) {
  const all = rows();
  if (!all.length) return;
  const row = all[Math.min(all.length - 1, Math.max(0, target(all, by)))];
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
  if (row.dataset.conversation !== current()) go(row.href);
}

function target(all, by) {
  const at = all.findIndex(row => row.dataset.conversation === current());
  if (at !== -1) return at + by;
  // Resolved a moment ago: the row that moved up into its place is the next one.
  if (vacancy() !== null) return by > 0 ? vacancy() : vacancy() - 1;
  return by > 0 ? 0 : all.length - 1;
}

const isField = node => Boolean(node.closest?.('input, textarea, select'));

function escape({ target }) {
  if (target.closest?.('dialog')) return;
  if (target === filter && filter.value) {
    filter.value = '';
    filter.dispatchEvent(new Event('input'));
  } else if (isField(target)) {
    target.blur();
  } else if (document.getElementById('inbox').dataset.view === 'details') {
    document.querySelector('#details [data-nav]').click();
  }
}
