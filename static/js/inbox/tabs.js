// Another list in the same place: a tab, other filters, Back. The old one stays until the new one is there.
import { tell, when } from './bus.js';
import { refresh, settle } from './list.js';
import { text } from './page.js';
import { withoutSearch } from './search.js';
import { toast } from './toast.js';
import { inTab, listUrl, query, tab, want } from './wanted.js';

const list = document.getElementById('list');
let shown = query(); // the list whose rows are here

export function startTabs() {
  document.getElementById('tabs').addEventListener('click', chooseTab);
  when('list:wanted', words => show(words));
  addEventListener('popstate', () => {
    const words = withoutSearch(location.search);
    if (words !== query()) show(words, { push: false });
  });
  when('views:changed', mark);
  mark();
}

function chooseTab(event) {
  const link = event.target.closest('[data-tab]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain) return;
  event.preventDefault();
  show(inTab(link.dataset.tab));
}

async function show(words, { push = true } = {}) {
  want(words);
  mark();
  list.setAttribute('aria-busy', 'true');
  const reply = await refresh({ afresh: true });
  if (!reply) return;
  list.removeAttribute('aria-busy');
  if (reply.ok) arrived(push);
  else refuse(reply.status);
  settle();
  tell('tab:changed');
}

// A reload, Back and a bookmark come to this list.
function arrived(push) {
  const url = new URL(location.href);
  const isNew = push && shown !== query();
  shown = query();
  mark();
  list.scrollTop = 0;
  url.search = shown;
  if (isNew) history.pushState(history.state, '', url);
}

function mark() {
  for (const link of document.querySelectorAll('#tabs [data-tab]')) {
    link.href = listUrl(inTab(link.dataset.tab));
    if (link.dataset.tab === tab()) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const name = document.querySelector('[data-list-name]');
  name.textContent = document.getElementById('wanted').dataset.name || (name.dataset[tab()] ?? name.dataset.open);
  for (const link of document.querySelectorAll('.nav [data-view]')) {
    if (link.dataset.view === query()) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

// The list still holds what it held: say so, rather than "nobody is waiting".
function refuse(status) {
  want(shown);
  mark();
  if (status !== 401) toast(text(status === 0 ? 'noNetwork' : 'failedHere'), 'error');
}
