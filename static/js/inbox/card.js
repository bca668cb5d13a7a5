// A card for the next reply: a canned response brings it along, it can be taken away, and goes out with the text. It
// stays with its conversation and survives a reload, like the text above it.
import { when } from './bus.js';
import { clone } from './html.js';
import { owner, text } from './page.js';

const form = () => document.getElementById('composer');
const box = () => document.getElementById('card');
const key = () => `minichat:card:${owner}:${form().dataset.conversation}`;
let known = { key: '', card: null };

export function startCard() {
  when('panes:shown', () => form() && draw());
  document.addEventListener('click', ({ target }) => {
    if (!target.closest('#card button')) return;
    put(null);
    document.getElementById('composer-text').focus();
  });
}

/** What waits here, or null. */
export function waiting() {
  if (known.key !== key()) known = { key: key(), card: kept() };
  return known.card;
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(key()));
  } catch {
    return null; // refused: there is none
  }
}

export function put(card) {
  known = { key: key(), card };
  try {
    if (card) localStorage.setItem(key(), JSON.stringify(card));
    else localStorage.removeItem(key());
  } catch {
    // Storage is full or refused: it is still here.
  }
  draw();
}

/** For the message that takes it now. */
export function take() {
  const card = waiting();
  put(null);
  return card;
}

function draw() {
  const card = waiting();
  box().hidden = !card;
  box().querySelector('[data-card-title]').textContent = card?.title ?? '';
  box().querySelector('button').ariaLabel = text('quickRemove', { name: card?.title ?? '' });
}

/** As the thread shows it under a reply. */
export function drawn({ title, lines, price, label, url }) {
  const node = clone('card-template');
  const [name, link] = [node.querySelector('b'), node.querySelector('a')];
  name.textContent = title;
  name.after(...[...lines, price].filter(Boolean).map(words => Object.assign(document.createElement('p'), { textContent: words })));
  if (url) Object.assign(link, { textContent: label, href: url });
  else link.remove();
  return node;
}
