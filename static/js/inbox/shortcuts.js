// What the rows of the shortcut sheet do here (static/js/dashboard/shortcuts.js reads the keys), and Esc.
import { choose as attach } from './attach.js';
import { askBlock } from './blocking.js';
import { write } from './composer.js';
import { openEmoji } from './emoji.js';
import { rows, vacancy } from './list.js';
import { current, head, settings, text } from './page.js';
import { go, isWaiting, show } from './panes.js';
import { ask } from './picker.js';
import { clear, hasPicked, pickAll, pickHere, targets } from './picking.js';
import { openQuick } from './quick.js';
import { focusSearch, isSearching, leave, results } from './search.js';
import { suggest } from './suggestion.js';
import { toast } from './toast.js';
import { perform, undoLast } from './triage.js';
import { tab } from './wanted.js';

const field = document.getElementById('search');

export function startShortcuts() {
  document.addEventListener('click', pressed);
  document.addEventListener('minichat:shortcut', event => {
    const { name } = event.detail;
    // What is meant is the thread that is on its way, and not the one that is still to be seen.
    const act = isWaiting() && name in ACTIONS && !ANY_TIME.has(name) ? () => true : ACTIONS[name];
    if (act && act() !== false) event.preventDefault();
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) escape(event);
  });
}

const ANY_TIME = new Set(['next-conversation', 'previous-conversation', 'search']);
const ACTIONS = {
  'next-conversation': () => (inList() ? step(1) : false),
  'previous-conversation': () => (inList() ? step(-1) : false),
  'resolve': () => (hasPicked() ? act(tab() === 'closed' ? 'open' : 'close') : press(head()?.querySelector('[data-close]'))),
  'assign': () => (hasPicked() || isFolded(document.getElementById('assign')) ? open('assign') : choose(document.getElementById('assign'))),
  'release': () => act('assign'),
  'hand-back': () => { if (press(head()?.querySelector('[data-hand-back]')) === false) toast(text('noAssistant')); },
  'label': () => open('label'),
  'snooze': () => open('snooze'),
  'priority': () => open('priority'),
  'block': () => (settings.canReply ? askBlock() : false),
  'undo': () => (isField(document.activeElement) ? false : undoLast()),
  'pick': () => (settings.canReply ? pickHere() : false),
  'pick-all': () => (settings.canReply ? pickAll() : false),
  'filters': openFilters,
  'reply': () => write(false),
  'note': () => write(true),
  'emoji': () => openEmoji(),
  'attach': () => attach(),
  'quick-replies': () => openQuick(),
  'suggest': () => suggest(),
  'search': () => { show('list'); focusSearch(); },
};

/** On phones the header has no room for this menu. */
const isFolded = menu => menu !== null && !menu.checkVisibility();

const can = () => settings.canReply && Boolean(targets());
const act = (verb, value = null) => (can() ? void perform(verb, value) : false);
const open = (name, where) => (can() ? void ask(name, where) : false);

/** Buttons of the thread are about its conversation, those of the list about what is chosen there. */
function pressed({ target }) {
  const { do: name } = target.closest('[data-do]')?.dataset ?? {};
  if (!name) return;
  const inThread = Boolean(target.closest('#panes'));
  target.closest('details.drop')?.removeAttribute('open');
  if (name === 'block') askBlock(inThread);
  else if (name === 'open' || name === 'close') perform(name, null, targets(inThread));
  else open(name, { inThread });
}

function openFilters() {
  const menu = document.getElementById('filters');
  menu.open = true;
  menu.querySelector('select').focus();
}

const press = form => (form ? form.requestSubmit() : false);
const choose = menu => (menu ? document.dispatchEvent(new CustomEvent('minichat:menu', { detail: { menu } })) : false);

// Arrows scroll the thread when it has the focus; they are the list's everywhere else.
const inList = () => !document.activeElement?.closest('#log, #details, details.drop');

function step(by) {
  const all = isSearching() ? results() : rows();
  if (!all.length) return;
  const row = all[Math.min(all.length - 1, Math.max(0, target(all, by)))];
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
  if (isSearching() || row.dataset.conversation !== current()) go(row.href);
}

function target(all, by) {
  const at = all.findIndex(row => (isSearching() ? row.hasAttribute('aria-current') : row.dataset.conversation === current()));
  if (at !== -1) return at + by;
  // Resolved a moment ago: the row that moved up into its place is the next one.
  if (!isSearching() && vacancy() !== null) return by > 0 ? vacancy() : vacancy() - 1;
  return by > 0 ? 0 : all.length - 1;
}

const isField = node => Boolean(node.closest?.('input, textarea, select'));

function escape({ target }) {
  if (target.closest?.('dialog')) return;
  if (isSearching() && (target === field || target.closest?.('#found, #search-form'))) {
    leave();
    field.focus();
  } else if (isField(target)) {
    target.blur();
  } else if (hasPicked()) {
    clear();
  } else if (document.getElementById('inbox').dataset.view === 'details') {
    document.querySelector('#details [data-nav]').click();
  }
}
