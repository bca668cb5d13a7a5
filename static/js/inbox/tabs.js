// Open, waiting, closed: another list in the same place. The old one stays until the new one is there.
import { tell } from './bus.js';
import { refresh, settle } from './list.js';
import { page, text } from './page.js';
import { toast } from './toast.js';

const SWITCHED_HERE = new Set(['open', 'waiting', 'closed']);
const list = document.getElementById('list');
let shown = page.dataset.tab; // the tab whose rows the list holds

const tab = () => page.dataset.tab;

export function startTabs() {
  document.getElementById('tabs').addEventListener('click', chooseTab);
}

async function chooseTab(event) {
  const link = event.target.closest('[data-tab]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain || !SWITCHED_HERE.has(tab())) return;
  event.preventDefault();
  mark(link.dataset.tab);
  list.setAttribute('aria-busy', 'true');
  const reply = await refresh({ afresh: true });
  if (!reply) return;
  list.removeAttribute('aria-busy');
  if (reply.ok) shown = tab();
  else refuse(reply.status);
  settle();
  remember();
  tell('tab:changed');
}

function mark(name) {
  page.dataset.tab = name;
  for (const link of document.querySelectorAll('#tabs [data-tab]')) {
    if (link.dataset.tab === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

// The list still holds what it held: say so, rather than "nobody is waiting".
function refuse(status) {
  mark(shown);
  if (status !== 401) toast(text(status === 0 ? 'noNetwork' : 'failedHere'), 'error');
}

// A reload comes back to this tab.
function remember() {
  const url = new URL(location.href);
  if (tab() === 'open') url.searchParams.delete('tab');
  else url.searchParams.set('tab', tab());
  history.replaceState(history.state, '', url);
}
