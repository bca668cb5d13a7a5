// Single keys, outside fields only. Letters are known by what they type and, where that is not Latin
// (a Thai layout types "่" on the J key), by where they are.
import { write } from './composer.js';
import { rows, vacancy } from './list.js';
import { openMenu } from './menus.js';
import { current, head } from './page.js';
import { go } from './panes.js';

const SWITCH = 'minichat:single-keys';
const sheet = document.getElementById('sheet');
const singleKeys = document.getElementById('single-keys');
const filter = document.getElementById('filter');

export function startShortcuts() {
  singleKeys.checked = remembered() !== 'off';
  singleKeys.addEventListener('change', () => remember(singleKeys.checked ? 'on' : 'off'));
  document.addEventListener('keydown', pressed);
}

// Storage may be refused; the switch then holds until the page is left.
function remembered() {
  try {
    return localStorage.getItem(SWITCH);
  } catch {
    return null;
  }
}

function remember(state) {
  try {
    localStorage.setItem(SWITCH, state);
  } catch {
    // As above.
  }
}

const isField = node => Boolean(node.closest?.('input, textarea, select, dialog, [contenteditable]'));

function pressed(event) {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === 'Escape') return escape(event);
  if (isField(event.target) || event.ctrlKey || event.metaKey || event.altKey || !singleKeys.checked) return;
  const act = ACTIONS[nameOf(event)];
  if (act && act() !== false) event.preventDefault();
}

function nameOf({ key, code, shiftKey }) {
  if (/^[\x20-\x7e]$/.test(key) || key.length > 1) return key.toLowerCase();
  if (code === 'Slash') return shiftKey ? '?' : '/';
  return code.startsWith('Key') ? code.slice(3).toLowerCase() : '';
}

const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  arrowdown: () => inList() && step(1),
  arrowup: () => inList() && step(-1),
  e: () => head()?.querySelector('[data-close]')?.requestSubmit() ?? true,
  a: () => { const menu = document.getElementById('assign'); if (menu) openMenu(menu); },
  r: () => write(false),
  n: () => write(true),
  '/': () => filter.focus(),
  '?': () => sheet.showModal(),
};

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

function escape(event) {
  const { target } = event;
  if (target === filter && filter.value) {
    filter.value = '';
    filter.dispatchEvent(new Event('input'));
  } else if (isField(target) && !target.closest('dialog')) {
    target.blur();
  } else if (document.getElementById('inbox').dataset.view === 'details') {
    document.querySelector('#details [data-nav]').click();
  }
}
