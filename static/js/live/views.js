// Saved views of the menu follow at once: the team's in every tab of the team, one's own in one's other tabs.
import { tell, when } from '../inbox/bus.js';

const template = document.getElementById('view-link');

export function startViews() {
  if (template) when('frame:views', draw);
}

function draw({ shared, views }) {
  const kind = shared ? 'team' : 'own';
  const old = new Map(links(kind).map(link => [slot(link).dataset.viewCount, link]));
  // A new one takes a copy; one that was there keeps its number until it is counted again.
  const now = views.map(view => dress(old.get(view.id) ?? template.content.firstElementChild.cloneNode(true), view, kind));
  old.forEach(link => link.remove());
  const end = (shared && links('own')[0]) || document.querySelector('[data-views-end]');
  end.before(...now);
  tell('views:changed');
}

const links = kind => [...document.querySelectorAll(`.nav [data-view-of="${kind}"]`)];
const slot = link => link.querySelector('[data-view-count]');

function dress(link, { id, name, query }, kind) {
  link.href = query ? `${template.dataset.list}?${query}` : template.dataset.list;
  link.dataset.view = query;
  link.dataset.viewOf = kind;
  link.querySelector('span').textContent = name;
  slot(link).dataset.viewCount = id;
  return link;
}
